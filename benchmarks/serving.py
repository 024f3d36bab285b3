"""A server of its own for a benchmark, on a free port, with as many runs as are asked for."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import httpx


class Server(NamedTuple):
    """A running server: its process and its address, and a client whose runs are its own."""

    process: subprocess.Popen[str]
    url: str
    client: httpx.Client

    def request(self, method: str, path: str, content: object = None) -> Any:
        """Return the JSON answer to a request."""
        answer = self.client.request(method, path, json=content)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def train(self, **spec: object) -> str:
        """Start a run, and return its id once it has trained an epoch."""
        run: str = self.request("POST", "/api/runs", spec)["id"]
        while not self.epochs(run):
            time.sleep(0.1)
        return run

    def epochs(self, run: str, after: int = 0) -> list[dict[str, Any]]:
        """Return the figures of a run's epochs."""
        epochs: list[dict[str, Any]] = self.request("GET", f"/api/runs/{run}/epochs?after={after}")
        return epochs


@contextmanager
def serving() -> Iterator[Server]:
    """Start a server, and end it afterwards."""
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "serve", "--port", "0"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    try:
        for line in process.stderr:
            if match := re.search(r"running on (http://\S+)", line):
                url = match[1].rstrip("/")
                with httpx.Client(base_url=url, timeout=60) as client:
                    yield Server(process, url, client)
                return
        raise SystemExit("the server did not start")
    finally:
        process.terminate()
        process.wait()
        process.stderr.close()
