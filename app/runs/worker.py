"""The process that trains one run: ``python -m app.runs.worker``.

It drives the generator ``nn_core.training.train``: commands come in on stdin, what it yields goes
out on stdout. It ends when its run does, and whenever stdin closes, so that it never outlives the
server. It knows no HTTP and imports no web framework: it starts in the time that NumPy takes.
"""

import os
import resource
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
SAVE_SHARE = 0.02  # of the time, at most, goes into checkpoints to go on from
IDLE = 20  # as a niceness, beyond the nicest: to run only while nobody else wants to
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
        self.start = start.content
        self.keep: int = self.start["kept_checkpoints"]
        self.frames_per_second = 0.0
        self.next_frame = 0.0
        self.frame_seconds = 0.0  # what one takes
        self.next_progress = 0.0
        self.next_step = 0.0
        self.next_save = perf_counter() + self.start["checkpoint_seconds"]
        # The best epoch so far: how well it reads the test set, and its checkpoint if it is new.
        self.best_score: list[float] = self.start["best"] or []
        self.best = b""

        spec = self.start["spec"]
        data_dir, cache_dir = (
            Path(self.start[name]) if self.start[name] else None
            for name in ("data_dir", "cache_dir")
        )
        dataset = Library(data_dir, cache_dir).load_to_train(
            spec["dataset"], spec["train_examples"], spec["extra_dataset"]
        )
        rng = np.random.default_rng(spec["seed"])
        rows, columns = dataset.input_shape
        self.network = Network(
            [rows * columns, *spec["hidden"], dataset.classes],
            spec["activation"],
            spec["output"],
            spec["cost"],
        )
        memory = None
        self.taken = 0  # how many of the run's commands the training has behind it
        if start.payload:
            memory = checkpoints.load_training(start.payload, self.network)
            self.taken = int(checkpoints.read_metadata(start.payload)["commands"])
        else:
            self.network.initialize(spec["initializer"], rng)
        self.steps_per_second: float | None = spec["steps_per_second"]
        hyperparameters = self.start["hyperparameters"]
        for _step, command in self.start["commands"][: self.taken]:
            if command["type"] == "change":
                hyperparameters |= self.chosen(command["values"])
        self.training = training.train(
            self.network,
            dataset.training,
            dataset.test,
            events.Hyperparameters(**hyperparameters | self.chosen(hyperparameters)),
            rng,
            memory,
        )
        self.status = "training"
        begun = next(self.training)
        assert isinstance(begun, events.Status)
        self.made_steps = begun.step

    def run(self) -> None:
        """Train until the run ends."""
        self.catch_up()
        paused = self.start["paused"]
        self.tell(self.training.send(events.Pause() if paused else events.Resume()))
        while self.status not in ENDED:
            command = self.next_command()
            if command is not None:
                self.obey(command)
                continue
            self.tell(next(self.training))
            now = perf_counter()
            if self.frames_per_second and now >= self.next_frame:
                self.send_frame()
            if now >= self.next_save and self.status == "training":
                self.save()

    def catch_up(self) -> None:
        """Do again what was done after the checkpoint that this worker began with.

        Each command takes effect after the step that it did, so what comes of it is the same, bit
        for bit. The epochs have been told; only their checkpoints are sent, which may be missing.
        """
        missed = self.start["commands"][self.taken :]
        while True:
            while missed and missed[0][0] <= self.made_steps:
                self.steer(missed.pop(0)[1])
            if self.made_steps >= self.start["until_step"]:
                return
            event = next(self.training)
            self.note(event)
            if isinstance(event, events.Status):
                return
            if isinstance(event, events.Epoch) and is_kept(event.epoch, self.keep):
                self.send({"type": "kept", "epoch": event.epoch}, self.checkpoint())

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
        number = content.pop("id", None)
        payload = b""
        match content["type"]:
            case "pause" | "resume" | "stop" as name:
                self.tell(self.training.send(STEERING[name]))
            case "step":
                self.step()
            case "change":
                self.take(content)
            case "nudge":
                payload = self.checkpoint()  # before it
                self.take(content)
                self.send_frame()
            case "frames":
                self.frames_per_second = content["frames_per_second"]
                if self.frames_per_second:
                    self.send_frame()
            case "checkpoint":
                payload = self.checkpoint()
            case "save":
                self.save()
            case "nice":
                step_back(content["niceness"])
        self.send({"type": "done", "id": number, "step": self.made_steps}, payload)

    def take(self, command: dict[str, Any]) -> None:
        """Let a command take effect that changes what is learned, and have it noted."""
        self.steer(command)
        self.send({"type": "taken", "step": self.made_steps, "command": command})

    def steer(self, command: dict[str, Any]) -> None:
        """Let a command take effect: a change of hyperparameters, or a nudge."""
        self.taken += 1
        if command["type"] == "nudge":
            self.training.send(events.Nudge(command["index"], command["amount"]))
        else:
            self.training.send(events.Change(self.chosen(command["values"])))

    def step(self) -> None:
        """Make one step, from a pause."""
        if self.status == "training":
            self.tell(self.training.send(events.Pause()))
        self.next_progress = 0
        self.tell(self.training.send(events.Step()))
        if self.status == "paused":
            self.send_frame()

    def chosen(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return what the training knows of changed values; the pace is ours."""
        values = dict(values)
        if "steps_per_second" in values:
            self.steps_per_second = values.pop("steps_per_second")
            self.next_step = 0
        if values.get("epochs", 0) is None:
            values["epochs"] = self.start["max_epochs"]
        return values

    def tell(self, event: events.Event) -> None:
        """Send the server what the training yielded."""
        self.note(event)
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

    def note(self, event: events.Event) -> None:
        """Note how far the training is, and its best epoch so far."""
        if isinstance(event, events.Progress | events.Epoch | events.Status):
            self.made_steps = event.step
        if isinstance(event, events.Epoch) and event.test_accuracy is not None:
            assert event.test_cost is not None
            score = [event.test_accuracy, -event.test_cost]
            if score > self.best_score:
                self.best_score = score
                self.best = self.checkpoint()

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
        if event.status != "training":
            payload = self.saved()
        self.send({"type": "status", **event._asdict()}, payload)

    def save(self) -> None:
        """Send what it takes to go on from here."""
        begun = perf_counter()
        self.send({"type": "saved"}, self.saved())
        ended = perf_counter()
        self.next_save = ended + max(self.start["checkpoint_seconds"], (ended - begun) / SAVE_SHARE)

    def saved(self) -> bytes:
        """Return what it takes to go on from here; what is new of the best epoch goes before it."""
        if self.best:
            accuracy, minus_cost = self.best_score
            epoch = int(checkpoints.read_metadata(self.best)["epoch"])
            best = {"type": "best", "epoch": epoch, "accuracy": accuracy, "cost": -minus_cost}
            self.send(best, self.best)
            self.best = b""
        saved = self.training.send(events.Save())
        assert isinstance(saved, events.Saved)
        return checkpoints.save_training(self.network, saved.memory, {"commands": str(self.taken)})

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


def step_back(niceness: int) -> None:
    """Leave the processor to whoever answers people: this process takes what is left of it."""
    os.nice(max(0, min(niceness, 19) - os.nice(0)))
    if niceness >= IDLE and hasattr(os, "SCHED_IDLE"):  # Linux has it
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def main() -> None:
    """Wait for the run to train, train it, and end."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a stray print can't garble the messages
    commands: SimpleQueue[Message] = SimpleQueue()
    threading.Thread(target=read_commands, args=(sys.stdin.buffer, commands), daemon=True).start()
    start = commands.get()
    step_back(start.content["niceness"])
    memory = start.content["memory_bytes"]
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    reason = ""
    try:
        Worker(commands, out, start).run()
    except (DatasetError, checkpoints.CheckpointError) as error:
        reason = str(error)
    except MemoryError:
        reason = f"it took more memory than this server allows a run: {memory / 2**20:,.0f} MiB"
    if reason:
        out.write(Message({"type": "failed", "reason": reason}).encode())
    out.flush()
    os._exit(0)  # without waiting for the thread that reads


if __name__ == "__main__":
    main()
