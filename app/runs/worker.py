"""The process that trains one run: ``python -m app.runs.worker``.

It drives the generator ``nn_core.training.train``: commands come in on stdin, what it yields goes
out on stdout. It ends when its run does, and whenever stdin closes, so that it never outlives the
server. It knows no HTTP and imports no web framework: it starts in the time that NumPy takes.
"""

import contextlib
import os
import sys
import threading
from pathlib import Path
from queue import Empty, SimpleQueue
from time import perf_counter, time
from typing import Any, BinaryIO

import numpy as np

from app.runs.messages import Message, read
from nn_core import checkpoints, events, training
from nn_core.datasets import DatasetError, Library
from nn_core.network import Network

PROGRESS_PER_SECOND = 20
NICENESS = 10  # below the server, which answers people
FRAME_SHARE = 0.05  # of the time, at most, goes into frames: a large network sends fewer

ENDED = ("finished", "stopped", "diverged")
STEERING: dict[str, events.Command] = {
    "pause": events.Pause(),
    "resume": events.Resume(),
    "stop": events.Stop(),
}


class Worker:
    """One training, the commands that steer it and the events that tell of it."""

    def __init__(self, commands: "SimpleQueue[Message]", out: BinaryIO, start: Message) -> None:
        self.commands = commands
        self.out = out
        self.keep = start.content["kept_checkpoints"]
        spec = start.content["spec"]
        self.steps_per_second: float | None = spec["steps_per_second"]
        self.frames_per_second = 0.0
        self.next_frame = 0.0
        self.frame_seconds = 0.0  # what one takes
        self.next_progress = 0.0
        self.next_step = 0.0

        data_dir, cache_dir = (
            Path(start.content[name]) if start.content[name] else None
            for name in ("data_dir", "cache_dir")
        )
        dataset = Library(data_dir, cache_dir).load_to_train(
            spec["dataset"], spec["train_examples"], spec["extra_dataset"]
        )
        self.rng = np.random.default_rng(spec["seed"])
        rows, columns = dataset.input_shape
        self.network = Network(
            [rows * columns, *spec["hidden"], dataset.classes],
            spec["activation"],
            spec["output"],
            spec["cost"],
        )
        memory = None
        if start.payload:
            memory = checkpoints.load_training(start.payload, self.network)
        else:
            self.network.initialize(spec["initializer"], self.rng)
        self.training = training.train(
            self.network,
            dataset.training,
            dataset.test,
            events.Hyperparameters(**start.content["hyperparameters"]),
            self.rng,
            memory,
        )
        self.status = "training"

    def run(self) -> None:
        """Train until the run ends."""
        self.tell(next(self.training))
        while self.status not in ENDED:
            command = self.next_command()
            if command is not None:
                self.obey(command)
            else:
                self.tell(next(self.training))
                if self.frames_per_second and perf_counter() >= self.next_frame:
                    self.send_frame()

    def next_command(self) -> Message | None:
        """Return the next command; None when it is time for the next step."""
        if self.status == "paused":
            return self.commands.get()
        if self.steps_per_second is None:
            return None if self.commands.empty() else self.commands.get()
        now = perf_counter()
        wait = self.next_step - now
        if wait > 0:
            try:
                return self.commands.get(timeout=wait)
            except Empty:
                pass
        # Steps that took too long are not made up for: the pace is a speed, not a timetable.
        self.next_step = max(self.next_step, perf_counter()) + 1 / self.steps_per_second
        return None

    def obey(self, command: Message) -> None:
        """Carry out one command of the server, and say when it holds."""
        content = command.content
        answer: dict[str, Any] = {"type": "done", "id": content.get("id")}
        payload = b""
        match content["type"]:
            case "pause" | "resume" | "stop" as name:
                self.tell(self.training.send(STEERING[name]))
            case "step":
                self.step()
            case "change":
                self.change(content["values"])
            case "nudge":
                payload = self.checkpoint()  # before it
                self.training.send(events.Nudge(content["index"], content["amount"]))
                self.send_frame()
            case "frames":
                self.frames_per_second = content["frames_per_second"]
                if self.frames_per_second:
                    self.send_frame()
            case "checkpoint":
                payload = self.checkpoint()
        self.send(answer, payload)

    def step(self) -> None:
        """Make one step, from a pause."""
        if self.status == "training":
            self.tell(self.training.send(events.Pause()))
        self.next_progress = 0
        self.tell(self.training.send(events.Step()))
        if self.status == "paused":
            self.send_frame()

    def change(self, values: dict[str, Any]) -> None:
        """Change hyperparameters, and the pace, which is ours."""
        if "steps_per_second" in values:
            self.steps_per_second = values.pop("steps_per_second")
            self.next_step = 0
        self.training.send(events.Change(values))

    def tell(self, event: events.Event) -> None:
        """Send the server what the training yielded."""
        match event:
            case events.Progress():
                now = perf_counter()
                if now >= self.next_progress:
                    self.next_progress = now + 1 / PROGRESS_PER_SECOND
                    self.send({"type": "progress", **event._asdict()})
            case events.Epoch():
                self.send(
                    {"type": "epoch", **event._asdict()},
                    self.checkpoint() if is_kept(event.epoch, self.keep) else b"",
                )
            case events.Status():
                self.tell_status(event)

    def tell_status(self, event: events.Status) -> None:
        """Send a change of state: the last frame first, and with it what it takes to go on."""
        self.status = event.status
        # The first step of a paced run waits for its turn, too: time to see the network before it.
        pace = self.steps_per_second
        self.next_step = perf_counter() + 1 / pace if pace else 0
        payload = b""
        if event.status != "training" or event.step == 0:
            self.send_frame()
        if event.status == "training" and event.step == 0:
            payload = self.checkpoint()  # of epoch 0, the untrained network
        if event.status in ENDED:
            saved = self.training.send(events.Save())
            assert isinstance(saved, events.Saved)
            payload = checkpoints.save_training(self.network, saved.memory)
        self.send({"type": "status", **event._asdict()}, payload)

    def send_frame(self) -> None:
        """Send the parameters and the gradient as they are now."""
        begun = perf_counter()
        snapshot = self.training.send(events.TakeSnapshot())
        assert isinstance(snapshot, events.Snapshot)
        frame = checkpoints.save_frame(
            self.network, snapshot.gradient, snapshot.epoch, snapshot.step, time()
        )
        self.send({"type": "frame", "epoch": snapshot.epoch, "step": snapshot.step}, frame)
        # A mean: one frame in whose middle other processes had their turn was not that dear.
        took = perf_counter() - begun
        self.frame_seconds += (took - self.frame_seconds) / (8 if self.frame_seconds else 1)
        pause = 1 / self.frames_per_second if self.frames_per_second else 0
        self.next_frame = begun + max(pause, self.frame_seconds / FRAME_SHARE)

    def checkpoint(self) -> bytes:
        """Return the network as it is now."""
        snapshot = self.training.send(events.TakeSnapshot())
        assert isinstance(snapshot, events.Snapshot)
        return checkpoints.save(
            self.network, {"epoch": str(snapshot.epoch), "step": str(snapshot.step)}
        )

    def send(self, content: dict[str, Any], payload: bytes = b"") -> None:
        """Send the server a message."""
        self.out.write(Message(content, payload).encode())
        self.out.flush()


def is_kept(epoch: int, keep: int) -> bool:
    """Return whether the checkpoint of this epoch is one of the ``keep`` that are kept.

    Those are evenly spread over the run so far: all, then every second, every fourth, and so on.
    """
    return epoch % spacing(epoch, keep) == 0


def spacing(epoch: int, keep: int) -> int:
    """Return how far apart the kept checkpoints are once this epoch is complete: a power of 2."""
    spacing = 1
    while epoch // spacing > keep:
        spacing *= 2
    return spacing


def read_commands(file: BinaryIO, commands: "SimpleQueue[Message]") -> None:
    """Pass on the commands that come in; end the process when there can be no more."""
    while (command := read(file)) is not None:
        commands.put(command)
    os._exit(0)  # at once, whatever the training is doing: nobody is left to tell


def step_back() -> None:
    """Leave the processor to whoever answers people: this process takes what is left of it."""
    os.nice(NICENESS)
    # Linux weighs sessions first, then the processes in each; a worker is a session of its own.
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(NICENESS))


def main() -> None:
    """Wait for the run to train, train it, and end."""
    step_back()
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a stray print can't garble the messages
    commands: SimpleQueue[Message] = SimpleQueue()
    threading.Thread(target=read_commands, args=(sys.stdin.buffer, commands), daemon=True).start()
    start = commands.get()
    try:
        Worker(commands, out, start).run()
    except (DatasetError, checkpoints.CheckpointError) as error:
        out.write(Message({"type": "failed", "reason": str(error)}).encode())
    out.flush()
    os._exit(0)  # without waiting for the thread that reads


if __name__ == "__main__":
    main()
