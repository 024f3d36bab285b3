"""The server's log as the tests read it."""

import json
import time
from typing import Any

from tests.server_process import ServerProcess
from tests.servers import PATIENCE


def lines(server: ServerProcess) -> list[dict[str, Any]]:
    """Return what the server has logged so far; every line must be JSON."""
    return [json.loads(line) for line in list(server.log)]


def wait_for_line(server: ServerProcess, **fields: Any) -> dict[str, Any]:
    """Return the first line with these fields, once it is there."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for line in lines(server):
            if fields.items() <= line.items():
                return line
        time.sleep(0.02)
    raise AssertionError(f"no line with {fields} in:\n" + "".join(server.log))
