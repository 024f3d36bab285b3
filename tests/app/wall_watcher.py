"""A teacher, and what their page hears of the wall."""

import json
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from websockets.sync.client import connect

from tests.servers import PATIENCE, Server

TOKEN = "the teacher's own words"
TEACHER = {"Authorization": f"Bearer {TOKEN}"}


class WallWatcher:
    """What a teacher's page hears: the runs put together from the news, and their pictures."""

    def __init__(self, server: Server, stack: ExitStack) -> None:
        address = f"ws://127.0.0.1:{server.port}/api/classroom/live"
        self.socket = stack.enter_context(connect(address, additional_headers=TEACHER))
        self.heard = ""
        self.runs: dict[str, dict[str, Any]] = {}
        self.rest: dict[str, Any] = {}
        self.pictures: dict[str, list[bytes]] = {}

    def listen(self) -> None:
        """Take in one message."""
        message = self.socket.recv(timeout=PATIENCE)
        if isinstance(message, bytes):
            neurons, rows, columns = message[:3]
            end = 3 + neurons * rows * columns
            self.pictures.setdefault(message[end:].decode(), []).append(message[:end])
            return
        self.heard += message
        event = json.loads(message)
        assert event.pop("type") == "wall"
        for run in event.pop("runs"):
            self.runs.setdefault(run["id"], {}).update(run)
        for run_id in event.pop("gone"):
            del self.runs[run_id]
        self.rest = event

    def until(self, holds: Callable[[], object]) -> None:
        """Listen until something holds."""
        while not holds():
            self.listen()
