"""A server of its own for a benchmark, on a free port, with as many runs as are asked for."""

import json
import os
import re
import subprocess
import sys
import threading
import time
import urllib.request
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from typing import Any


class Visitor:
    """Somebody who uses a server: what they start is theirs by the cookie that they were given."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.cookies = CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self.cookies), urllib.request.ProxyHandler({})
        )

    def request(self, method: str, path: str, content: object = None) -> Any:
        """Return the JSON answer to a request."""
        request = urllib.request.Request(  # noqa: S310 - its address is our own
            f"{self.url}{path}",
            json.dumps(content).encode() if content is not None else None,
            {"Content-Type": "application/json"},
            method=method,
        )
        with self._opener.open(request) as answer:
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

    @property
    def cookie(self) -> str:
        """What a browser would send back of what it was given."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.cookies)


class Server(Visitor):
    """A running server: its process and its address."""

    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        super().__init__(url)
        self.process = process


@contextmanager
def serving(**settings: object) -> Iterator[Server]:
    """Start a server, and end it afterwards. ``max_runs=5`` is the setting NUDGE_MAX_RUNS."""
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "serve", "--port", "0"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {f"NUDGE_{name.upper()}": str(value) for name, value in settings.items()},
    )
    assert process.stderr is not None
    try:
        for line in process.stderr:
            if match := re.search(r"running on (http://\S+)", line):
                # What it logs later must be read, or it waits for a reader once the pipe is full.
                threading.Thread(target=deque, args=(process.stderr, 0), daemon=True).start()
                yield Server(process, match[1].rstrip("/"))
                return
        raise SystemExit("the server did not start")
    finally:
        process.terminate()
        process.wait()
