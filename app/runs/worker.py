"""What trains one run; with ``python -m app.runs.worker``, in a process of its own.

It drives the generator ``nn_core.training.train``: commands come in on stdin, reports go out on
stdout. It ends when its run does, and whenever stdin closes, so it never outlives the server. It
imports no web framework: it starts in the time that NumPy takes.
"""

import os
import sys
import threading
from collections.abc import Callable, Generator
from queue import Empty, SimpleQueue
from time import perf_counter, sleep
from typing import Any, BinaryIO

import numpy as np

from app.operating_system import limit_memory, lower_priority
from app.runs import steering
from app.runs.checkpoint_spacing import is_kept
from app.runs.ingredients import compiled_in, dataset_of, held_in, network_of
from app.runs.messages import (
    Done,
    EpochCheckpoint,
    Failed,
    FileOutbox,
    LowerPriority,
    Message,
    Outbox,
    SaveTraining,
    SendCheckpoint,
    SendFrames,
    Start,
    read,
    receive,
)
from app.runs.reporter import Reporter
from app.runs.saved_training import kept_commands_in, require_unchanged
from app.runs.steering import Add, Learn
from app.runs.step_costs import costs_in
from app.runs.step_story import SLOW
from app.strict_json import strict_json
from nn_core import checkpoints, correction, events, training
from nn_core.arithmetic import CompilerMissingError
from nn_core.datasets import DatasetError
from nn_core.network import Network

Training = Generator[events.Event, events.Command | None]

ENDED = ("finished", "stopped", "diverged")
LEARNING_PACE = 0.03  # seconds from one step of a correction to the next, where somebody watches


class Worker:
    """One training: it takes the server's commands between two steps."""

    def __init__(
        self, commands: "SimpleQueue[Message]", out: Outbox, start: Start, saved: bytes
    ) -> None:
        self.commands = commands
        self.start = start
        self.steps_per_second: float | None = start.spec["steps_per_second"]
        self.next_step = 0.0
        self.taken = 0  # how many of the run's commands the saved training contains
        try:
            self.network, self.training = self.begin(saved)
        except checkpoints.CheckpointError:  # it is damaged: as if there were none
            saved = b""
            self.network, self.training = self.begin(saved)
        costs = costs_in(saved)
        taken = start.folded + self.taken
        self.reporter = Reporter(self.training, self.network, out, start, taken, costs)
        begun = next(self.training)
        assert isinstance(begun, events.Status)
        self.reporter.note(begun)

    def begin(self, saved: bytes) -> tuple[Network, Training]:
        """Return the network and its training, as they were when they were saved, or new."""
        spec, dataset = self.start.spec, dataset_of(self.start)
        self.training_set, self.test_set = dataset.training, dataset.test
        rng = np.random.default_rng(spec["seed"])
        network = network_of(spec, dataset)
        held = self.held = held_in(spec, network)
        memory = None
        self.taken = kept_commands_in(saved, self.start.folded)
        if saved:
            memory = checkpoints.load_training(saved, network)
            require_unchanged(saved, network, memory)
        else:
            network.initialize(spec["initializer"], rng)
            if held is not None:
                network.parameters.theta[held] = 0
        hyperparameters = self.without_pace(self.start.hyperparameters)
        for _step, command in self.start.commands[: self.taken]:
            if command["type"] == "change":
                hyperparameters |= self.without_pace(command["values"])
        return network, training.train(
            network,
            dataset.training,
            dataset.test,
            events.Hyperparameters(**hyperparameters),
            rng,
            memory,
            held,
            compiled=compiled_in(self.start),
        )

    def run(self) -> None:
        """Train until the run ends."""
        self.catch_up()
        begin = events.Pause() if self.start.paused else events.Resume()
        self.report(self.training.send(begin))
        while self.reporter.status not in ENDED:
            if (command := self.next_command()) is not None:
                self.carry_out(command)
                continue
            event = next(self.training)
            self.report(event)
            if self.steps_per_second is not None and self.steps_per_second <= SLOW:
                self.tell_of_step(event)
            if isinstance(event, events.Epoch) and event.epoch == self.start.pause_after:
                self.report(self.training.send(events.Pause()))
            self.reporter.send_what_is_due()

    def catch_up(self) -> None:
        """Repeat what was done after the checkpoint that this worker starts from.

        Each command takes effect after the same step as before, so the result is the same, bit
        for bit. The epochs have been reported; only their checkpoints, which may be missing, are
        sent again.
        """
        missed = self.start.commands[self.taken :]
        while True:
            while missed and missed[0][0] <= self.reporter.step:
                self.steer(steering.from_json(missed.pop(0)[1]))
            if self.reporter.step >= self.start.until_step:
                return
            event = next(self.training)
            self.reporter.note(event)
            if isinstance(event, events.Status):
                return
            if isinstance(event, events.Epoch) and is_kept(
                event.epoch, self.start.kept_checkpoints
            ):
                self.reporter.send(EpochCheckpoint(event.epoch), self.reporter.checkpoint())

    def next_command(self) -> Message | None:
        """Return the next command; None when it is time for the next step."""
        if self.reporter.status == "paused":
            return self.commands.get()
        if self.steps_per_second is None:
            return None if self.commands.empty() else self.commands.get()
        wait = self.next_step - perf_counter()
        if wait > 0:
            try:
                return self.commands.get(timeout=wait)
            except Empty:
                pass
        # Steps that took too long are not made up for: the pace is a speed, not a timetable.
        self.next_step = max(self.next_step, perf_counter()) + 1 / self.steps_per_second
        return None

    def carry_out(self, message: Message) -> None:
        """Carry out one command, and answer it."""
        command = message.body
        payload = b""
        effect = None
        match command:
            case events.Pause() | events.Resume() | events.Stop():
                self.report(self.training.send(command))
            case events.Step():
                self.make_step(command)
            case events.Change():
                effect = self.steer(command)
            case events.Nudge() | Learn():
                payload, effect = self.change_by_hand(command)
            case SendFrames():
                self.reporter.frames_per_second = command.frames_per_second
                if command.frames_per_second:
                    self.reporter.send_frame()
            case SendCheckpoint():
                payload = self.reporter.checkpoint()
            case SaveTraining():
                self.reporter.save()
            case LowerPriority():
                lower_priority(command.niceness)
        self.reporter.send(Done(self.reporter.step, effect), payload, message.number)

    def change_by_hand(self, command: events.Nudge | Learn) -> tuple[bytes, dict[str, Any]]:
        """Change the network between two steps; return what is to be told of it, and steer's."""
        if isinstance(command, events.Nudge):
            told = self.reporter.checkpoint()  # as it was before
            effect = self.steer(command)
        else:
            drawings = steering.drawings_of(command, self.training_set)
            before = correction.judge(self.network, drawings, self.test_set)
            effect = self.steer(command, watched=self.reporter.frames_per_second > 0)
            after = correction.judge(self.network, drawings, self.test_set)
            told = strict_json([before, after]).encode()
        self.reporter.send_frame()
        return told, effect

    def steer(self, command: steering.Steering, *, watched: bool = False) -> dict[str, Any]:
        """Make a command take effect that changes what is learned; return it as JSON.

        If it is ``watched``, a correction is made at a pace that a person can follow.
        """
        self.reporter.commands_taken += 1
        match command:
            case events.Change(values):
                self.training.send(events.Change(self.without_pace(values)))
            case events.Nudge():
                self.training.send(command)
            case Learn():
                self.learn(command, watched=watched)
            case Add():
                pass  # they are among the examples since the data set was loaded
        return steering.to_json(command)

    def learn(self, command: Learn, *, watched: bool) -> None:
        """Correct the network between two steps of its training."""
        drawings = steering.drawings_of(command, self.training_set)
        for _step in correction.correct(self.network, drawings, self.training_set, command.seed):
            if self.held is not None:
                self.network.parameters.theta[self.held] = 0
            if watched and self.commands.empty():  # whoever waits does not wait for a show
                self.reporter.send_frame()
                sleep(LEARNING_PACE)

    def make_step(self, step: events.Step) -> None:
        """Make one step and be paused after it."""
        if self.reporter.status == "training":
            self.report(self.training.send(events.Pause()))
        self.reporter.next_progress = 0
        event = self.training.send(step)
        self.report(event)
        self.tell_of_step(event)
        if self.reporter.status == "paused":
            self.reporter.send_frame()

    def tell_of_step(self, event: events.Event) -> None:
        """Tell how a step was made, if this is what came of one."""
        if isinstance(event, events.Progress | events.Epoch):
            self.reporter.tell_of_last_step()

    def without_pace(self, values: dict[str, Any]) -> dict[str, Any]:
        """Take over the pace from changed values; return the rest, which the training knows."""
        values = dict(values)
        if "steps_per_second" in values:
            self.steps_per_second = values.pop("steps_per_second")
            self.next_step = 0
        if values.get("epochs", 0) is None:
            values["epochs"] = self.start.max_epochs
        return values

    def report(self, event: events.Event) -> None:
        """Report what the training yielded."""
        if isinstance(event, events.Status) and self.steps_per_second:
            # A run with a pace waits before its first step, too: time to see the network before it.
            self.next_step = perf_counter() + 1 / self.steps_per_second
        self.reporter.report(event)


def read_commands(file: BinaryIO, commands: "SimpleQueue[Message]", out: Outbox) -> None:
    """Receive the commands that come in; end the process when stdin closes."""
    while (command := read(file)) is not None:
        receive(command, commands, out)
    os._exit(0)  # at once, whatever the training is doing: the server is gone


def train(
    commands: "SimpleQueue[Message]", out: Outbox, bound_memory: Callable[[int], None]
) -> None:
    """Wait for the run to train, and train it until it ends."""
    start, saved, _ = commands.get()
    assert isinstance(start, Start)
    lower_priority(start.niceness)
    bound_memory(start.memory_bytes)
    try:
        Worker(commands, out, start, saved).run()
    except (DatasetError, checkpoints.CheckpointError, CompilerMissingError) as error:
        out.send(Message(Failed(str(error))))
    except MemoryError:
        allowed = f"{start.memory_bytes / 2**20:,.0f} MiB"
        out.send(Message(Failed(f"it took more memory than this server allows a run: {allowed}")))


def main() -> None:
    """Train a run that the server names, and end."""
    out = FileOutbox(os.fdopen(os.dup(sys.stdout.fileno()), "wb"))
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a stray print can't garble the messages
    commands: SimpleQueue[Message] = SimpleQueue()
    reading = (sys.stdin.buffer, commands, out)
    threading.Thread(target=read_commands, args=reading, daemon=True).start()
    train(commands, out, limit_memory)
    os._exit(0)  # without waiting for the thread that reads


if __name__ == "__main__":
    main()
