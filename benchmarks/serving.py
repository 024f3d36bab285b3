"""A server of its own for a benchmark, on a free port, with as many runs as are asked for."""

import json
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple


class Server(NamedTuple):
    """A running server: its process and its address."""

    process: subprocess.Popen[str]
    url: str

    def request(self, method: str, path: str, content: object = None) -> Any:
        """Return the JSON answer to a request."""
        request = urllib.request.Request(  # noqa: S310 - its address is our own
            f"{self.url}{path}",
            json.dumps(content).encode() if content is not None else None,
            {"Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            return json.loads(answer.read() or b"null")

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
                yield Server(process, match[1].rstrip("/"))
                return
        raise SystemExit("the server did not start")
    finally:
        process.terminate()
        process.wait()
        process.stderr.close()
