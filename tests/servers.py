"""What the tests know of a running server: in a thread of this process, or in one of its own."""

import contextlib
import functools
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import httpx

ROOT = Path(__file__).resolve().parents[1]
ENGINE_SETTINGS: dict[str, Any] = {}  # of all servers of the tests: make test-ray fills it
PATIENCE = 60.0  # seconds until a test gives up on something that should have happened

# One request of its own, without a client's cookies; a slow machine is no failure.
get = functools.partial(httpx.get, timeout=PATIENCE)
post = functools.partial(httpx.post, timeout=PATIENCE)


class Server(Protocol):
    """A server on a port of this machine."""

    url: str
    port: int
    task: Path  # its folder in /proc: of its process, or of its thread


def templates_of(server: Server) -> list[int]:
    """Return the process from which this server's workers are forked, if it has started."""
    children = (server.task / "children").read_text().split()
    return [int(child) for child in children if b"worker_template" in command_line(int(child))]


def workers_of(server: Server) -> list[int]:
    """Return the worker processes of this server."""
    workers: list[str] = []
    for template in templates_of(server):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            workers += Path(f"/proc/{template}/task/{template}/children").read_text().split()
    return [int(worker) for worker in workers]


def command_line(pid: int) -> bytes:
    """Return the command line of a process; nothing if it has ended."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Wait until a condition holds, which nothing tells of.

    It is looked at less and less often: the server and the other tests want the processor, too.
    """
    deadline = time.monotonic() + PATIENCE
    pause = 0.02
    while not condition():
        assert time.monotonic() < deadline, f"not within {PATIENCE:g} seconds: {what}"
        time.sleep(pause)
        pause = min(1.3 * pause, 0.2)
