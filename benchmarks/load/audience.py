"""Many viewers in one process: ``python -m benchmarks.load.audience URL < WHAT``.

The first line of stdin says whom to watch with (JSON: ``frames_per_second``, ``tensors``, and a
``path`` and a ``cookie`` for each viewer). A line on stdout says when all have been greeted. They
leave when stdin closes or everybody has been sent away, and say what they saw, again in JSON.
"""

import json
import re
import selectors
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from benchmarks.load.sockets import BINARY, CLOSE, PING, PONG, TEXT, Messages, masked, open_socket

EPOCH = re.compile(rb'^\{"type":"epoch","epoch":(\d+)')
MADE = re.compile(rb'"made":"([\d.]+)"')


class Viewer:
    """One viewer: the epochs that it was told of, and how old the frames were when they came."""

    def __init__(self, url: str, path: str, cookie: str, watch: dict[str, Any]) -> None:
        self.socket = open_socket(url, path, cookie)
        self.messages = Messages(self.take)
        self.greeted = self.gone = False
        self.epochs: list[int] = []
        self.ages: list[float] = []
        self.errors: list[str] = []
        self.watch = json.dumps({"type": "watch", **watch}).encode()

    def read(self, buffer: bytearray, view: memoryview) -> None:
        """Take in what has come."""
        try:
            size = self.socket.recv_into(buffer)
            if not size:
                raise ConnectionError("the server hung up")
            self.messages.feed(view[:size])
        except OSError as error:
            if not self.gone:
                self.errors.append(str(error))
            self.gone = True

    def take(self, opcode: int, head: bytes) -> None:
        """Note one message."""
        if opcode == BINARY:
            if made := MADE.search(head):
                self.ages.append(time.time() - float(made[1]))
        elif opcode == TEXT:
            if epoch := EPOCH.match(head):
                self.epochs.append(int(epoch[1]))
            elif head.startswith(b'{"type":"hello"'):
                self.epochs += [epoch["epoch"] for epoch in json.loads(head)["epochs"]]
                self.greeted = True
                self.socket.sendall(masked(TEXT, self.watch))
            elif head.startswith(b'{"type":"error"') and b"deleted" not in head:
                self.errors.append(head.decode())
        elif opcode == PING:
            self.socket.sendall(masked(PONG, head))
        elif opcode == CLOSE:
            self.gone = True


class Report(NamedTuple):
    """What all of them saw."""

    first_epoch: int  # the latest that one of them began with
    last_epoch: int  # the earliest that one of them ended with
    missed: int  # epochs that one was not told of between its first and its last, all together
    repeated: int
    frames: int
    ages: list[int]  # of the frames, in ms
    processor_seconds: float
    errors: list[str]


def report(viewers: list[Viewer], processor_seconds: float) -> Report:
    """Return what they saw."""
    first = [min(viewer.epochs, default=0) for viewer in viewers]
    last = [max(viewer.epochs, default=0) for viewer in viewers]
    told = [len(set(viewer.epochs)) for viewer in viewers]
    return Report(
        max(first),
        min(last),
        sum(z - a + 1 - n for a, z, n in zip(first, last, told, strict=True) if z),
        sum(len(viewer.epochs) - n for viewer, n in zip(viewers, told, strict=True)),
        sum(len(viewer.ages) for viewer in viewers),
        [round(1000 * age) for viewer in viewers for age in viewer.ages],
        processor_seconds,
        [error for viewer in viewers for error in viewer.errors],
    )


def watch(url: str, what: dict[str, Any]) -> Report:
    """Watch until stdin closes or nobody is left."""
    asked = {name: what[name] for name in ("frames_per_second", "tensors")}
    selector = selectors.EpollSelector()
    viewers = []
    buffer = bytearray(2**18)
    view = memoryview(buffer)
    selector.register(sys.stdin, selectors.EVENT_READ)
    for wanted in what["viewers"]:
        viewers.append(Viewer(url, wanted["path"], wanted["cookie"], asked))
        selector.register(viewers[-1].socket, selectors.EVENT_READ, viewers[-1])
    waiting = True
    begun = 0.0
    while selector.get_map().keys() != {sys.stdin.fileno()}:
        for key, _ in selector.select():
            viewer: Viewer | None = key.data
            if viewer is None:
                return report(viewers, time.process_time() - begun)
            viewer.read(buffer, view)
            if viewer.gone:
                selector.unregister(viewer.socket)
        if waiting and all(viewer.greeted or viewer.gone for viewer in viewers):
            waiting = False
            print("here", flush=True)
            begun = time.process_time()
            for viewer in viewers:  # their coming is no part of what is measured
                viewer.ages.clear()
    return report(viewers, time.process_time() - begun)


class Audience:
    """Such a process, seen from the benchmark."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def leave(self) -> Report:
        """Let all of them leave; return what they saw."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.saw()

    def saw(self) -> Report:
        """Return what they saw, once all have been sent away."""
        assert self.process.stdout is not None
        return Report(*json.loads(self.process.stdout.readline()))


@contextmanager
def audience(
    url: str, frames_per_second: float, tensors: str, viewers: list[dict[str, str]]
) -> Iterator[Audience]:
    """Start viewers; by the time that the block is entered all have been greeted."""
    process = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", "benchmarks.load.audience", url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    what = {"frames_per_second": frames_per_second, "tensors": tensors, "viewers": viewers}
    try:
        process.stdin.write(json.dumps(what) + "\n")
        process.stdin.flush()
        if process.stdout.readline() != "here\n":
            raise SystemExit("the viewers did not come")
        yield Audience(process)
    finally:
        with process:  # closes its pipes, and waits
            process.terminate()


if __name__ == "__main__":
    print(json.dumps(watch(sys.argv[1], json.loads(sys.stdin.readline()))), flush=True)
