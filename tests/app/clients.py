"""Clients for the tests of the server: real HTTP, real WebSockets."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any, ClassVar

import httpx
from websockets.sync.client import connect

from tests.servers import PATIENCE, Server

Event = dict[str, Any]

# A run until it is stopped: twenty epochs a second, which take little of the processor.
ENDLESS: Event = {"epochs": None, "train_examples": 320, "steps_per_second": 200}

PARAMETER_SHAPES = {
    "weights.0": (16, 784),
    "biases.0": (16,),
    "weights.1": (16, 16),
    "biases.1": (16,),
    "weights.2": (10, 16),
    "biases.2": (10,),
}


class Client(httpx.Client):
    """HTTP to one server, with patience."""

    def __init__(self, **options: Any) -> None:
        # The server closes an idle connection after five seconds: leave it long before that.
        ours: dict[str, Any] = {"timeout": PATIENCE, "limits": httpx.Limits(keepalive_expiry=0.5)}
        super().__init__(**(ours | options))

    def run(self, **spec: Any) -> str:
        """Start a run; return its id."""
        response = self.post("/api/runs", json=spec)
        assert response.status_code == 201, response.text
        return str(response.json()["id"])

    def command(self, run: str, name: str) -> Event:
        """Give a run a command that it obeys; return the run."""
        response = self.post(f"/api/runs/{run}/{name}")
        assert response.status_code == 200, response.text
        described: Event = response.json()
        return described


class Watcher:
    """A viewer of a run, or of a sweep, over a real WebSocket."""

    watching: ClassVar[set["Watcher"]] = set()  # those that have not left

    def __init__(self, server: Server, run: str, query: str = "", of: str = "runs") -> None:
        address = f"ws://127.0.0.1:{server.port}/api/{of}/{run}/live{query}"
        self._stack = ExitStack()
        self.socket = self._stack.enter_context(
            connect(address, max_size=None, close_timeout=0.1, ping_interval=None)
        )
        self.watching.add(self)

    def receive(self) -> Event | bytes:
        """Return the next event, or the next frame."""
        message = self.socket.recv(timeout=PATIENCE)
        return message if isinstance(message, bytes) else json.loads(message)

    def events(self) -> Iterator[Event]:
        """Yield the events, without the frames, for as long as anybody would wait for one."""
        deadline = time.monotonic() + 3 * PATIENCE
        while True:
            assert time.monotonic() < deadline, "it never came, whatever else did"
            message = self.receive()
            if isinstance(message, dict):
                yield message

    def until(self, kind: str, **figures: Any) -> list[Event]:
        """Return the events up to the first of this type with these figures."""
        seen = []
        for event in self.events():
            seen.append(event)
            if event["type"] == kind and figures.items() <= event.items():
                break
        return seen

    def until_status(self, status: str) -> Event:
        """Return the run's description or the change of state that first told of this status."""
        for event in self.events():
            told: Event = event["run"] if event["type"] == "hello" else event
            if told.get("status") == status:
                return told
        raise AssertionError

    def frame(self) -> bytes:
        """Return the next frame."""
        while not isinstance(message := self.receive(), bytes):
            pass
        return message

    def say(self, message: str) -> None:
        """Send a message."""
        self.socket.send(message)

    def close(self) -> None:
        """Leave."""
        self._stack.close()
        self.watching.discard(self)


Watch = Callable[..., Watcher]
