"""A run: its state, its viewers, and the commands that change it.

A run has a worker process while it trains, and none before and after; one that is paused gives it
back after a while. What it takes to go on is kept, so a run can always be gone on with by a new
worker, after a pause, a stop, or the end of the server itself.

Whatever happens is first written by the keeper's journal, then told: ``_ahead`` is the run as it is
being written, ``record`` as it has been kept and may be told.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import structlog

from app.runs.journal import Line
from app.runs.keeper import Keeper
from app.runs.life import Life
from app.runs.messages import Message, strict_json
from app.runs.record import Command, Record, RunStatus
from app.runs.room import Entry, Frame, Room
from app.runs.slots import Slots
from app.runs.workers import WorkerEndedError, WorkerProcess
from app.settings import Settings
from nn_core import checkpoints
from nn_core.network import Network
from nn_core.parameters import count_parameters

log = structlog.get_logger()

SEEN_SECONDS = 3600.0  # how exactly it is kept when somebody last looked
OTHERS = 100  # changes of state that may be among the epochs that a viewer is told at first
SAVE_SECONDS = 3.0  # for what a run has learned, when the server ends

LIVE: tuple[RunStatus, ...] = ("queued", "training", "paused")
RESUMABLE: tuple[RunStatus, ...] = ("finished", "stopped", "interrupted")


class WrongStateError(Exception):
    """The command does not fit the run's state; the message says why."""


class NotKeptError(Exception):
    """No checkpoint of that epoch is kept."""


class Run:
    """One run, from its creation to its deletion."""

    is_pretrained = False

    def __init__(
        self,
        record: Record,
        settings: Settings,
        keeper: Keeper,
        slots: Slots,
        take_worker: Callable[[], Awaitable[WorkerProcess]],
    ) -> None:
        self.id = record.id
        self.owner = record.owner
        self.record = self._ahead = record
        self._fixed_columns = record.fixed_columns()
        self.spec = record.spec_now()
        self.step = record.step
        self.place: int | None = None  # in the queue
        self.wait_reason: str | None = None  # why it is there
        self.last_seen = time.time()  # when somebody last asked for it
        self.last_command = time.monotonic()
        self.kept_epochs: set[int] = set()
        self.parameters = count_parameters(self.spec.layer_sizes(record.dataset))
        remembered = settings.hello_epochs + OTHERS
        self.room = Room(self._ask_for_frames, self._history, remembered, record.events)
        self.is_deleted = False
        self.keeper = keeper
        self._settings = settings
        self._commands = asyncio.Lock()  # one command at a time
        self._filling = asyncio.Lock()
        self._life = Life(self, settings, slots, take_worker)

    @property
    def status(self) -> RunStatus:
        """The run's state."""
        return self.record.status

    def record_now(self) -> Record:
        """Return the run's record, as it has been told."""
        return self.record

    @property
    def epoch(self) -> int:
        """How many epochs are complete."""
        return self.record.epoch

    def describe(self, visitor: str = "") -> dict[str, Any]:
        """Return the run as it is told to a visitor."""
        created = datetime.fromtimestamp(self.record.created, UTC)
        return {
            "id": self.id,
            "name": self.record.name,
            "created": created.isoformat(timespec="seconds"),
            "yours": self.owner == visitor and not self.is_pretrained,
            "place": self.place,
            "status": self.status,
            "reason": self.wait_reason or self.record.reason,
            "spec": self.spec.model_dump(mode="json"),
            "parameters": self.parameters,
            "epoch": self.epoch,
            "step": self.step,
        }

    async def gather(self) -> None:
        """Have what a viewer is greeted with in memory: the last epochs and the newest frame."""
        async with self._filling:
            if not self.room.recent and self.room.end:
                limit = self._settings.hello_epochs + OTHERS
                self.room.fill(await asyncio.to_thread(self.keeper.last_events, self.id, limit))
            if self.room.frame is None and (
                frame := await asyncio.to_thread(self.keeper.shelf.get, self.id, "frame")
            ):
                self.room.frame = self.room.frame or Frame(frame)

    def hello(self, after: int, visitor: str = "") -> str:
        """Return the event that greets a viewer who has seen the epochs up to ``after``."""
        epochs = [line.text for line in self.room.recent if line.epoch and line.epoch > after]
        epochs = epochs[-self._settings.hello_epochs :] if self._settings.hello_epochs else []
        run = strict_json(self.describe(visitor))
        return f'{{"type":"hello","run":{run},"epochs":[{",".join(epochs)}]}}'

    async def epochs(self, after: int) -> list[Entry]:
        """Return the lines of some epochs after one: as many as are read at a time."""
        lines = await asyncio.to_thread(self.keeper.epochs, self.id, after)
        if not lines:  # what could not be written yet is still in memory
            lines = [line for line in self.room.recent if line.epoch and line.epoch > after]
        return lines

    def touch(self) -> None:
        """Note that somebody looks at it."""
        self.last_seen = time.time()
        if self.last_seen - self.record.seen > SEEN_SECONDS:
            self.write(seen=self.last_seen)

    @property
    def has_worker(self) -> bool:
        """Whether it has a process."""
        return self._life.worker is not None

    # Commands

    def start(self, *, paused: bool = False) -> None:
        """Begin to train, or to go on, or be ready to."""
        self._life.start(paused=paused)

    async def pause(self) -> None:
        """Make no more steps until resumed."""
        self.require_own("pause")
        async with self._commands:
            await self._life.begun.wait()
            if self.status != "paused":
                self._require("pause", "training")
                await self._command({"type": "pause"})
                self._require("pause", "paused")

    async def resume(self) -> None:
        """Go on with a paused run, or with one that ended and has epochs left to train."""
        self.require_own("resume")
        async with self._commands:
            await self._life.begun.wait()
            if self.status in ("training", "queued"):
                return
            self._require("resume", "paused", *RESUMABLE)
            if self.status == "paused" and self._life.worker:
                await self._command({"type": "resume"})
                return
            if self.spec.epochs is not None and self.epoch >= self.spec.epochs:
                raise WrongStateError(
                    f"all {self.spec.epochs:,} epochs are trained: ask for more epochs first"
                )
            await self._life.end()
            self.set_status("queued", self.record.step, None)
            self.start()
            await self._life.begun.wait()
            if self.status == "failed":
                raise WrongStateError(f"it failed: {self.record.reason}")

    async def make_step(self) -> None:
        """Make one gradient descent step and be paused."""
        self.require_own("step")
        async with self._commands:
            await self._get_worker("step")
            await self._command({"type": "step"})

    async def stop(self, reason: str | None = None) -> None:
        """End the training."""
        self.require_own("stop")
        async with self._commands:
            await self._life.begun.wait()
            if self.status == "stopped":
                return
            self._require("stop", *LIVE)
            if self._life.worker:
                await self._command({"type": "stop"})
                self._require("stop", "stopped")
                await self._life.end()  # so that another run can have its slot
            else:
                await self._life.end()
                self.set_status("stopped", self.record.step, None)
            if reason:
                self.notice(reason)
            await self.keeper.journal.write()

    async def nudge(self, index: int, amount: float) -> Network:
        """Add an amount to one parameter; return the network as it was just before.

        The index must be one of a parameter.
        """
        self.require_own("be nudged")
        async with self._commands:
            await self._get_worker("be nudged")
            answer = await self._command({"type": "nudge", "index": index, "amount": amount})
        return await asyncio.to_thread(lambda: checkpoints.load(answer.payload).network)

    async def change(self, values: dict[str, Any]) -> None:
        """Change hyperparameters from the next step on."""
        self.require_own("change")
        async with self._commands:
            await self._life.begun.wait()
            self._require("change", *LIVE, *RESUMABLE)
            content = {"type": "change", "values": values}
            if self._life.worker and self.status in LIVE:
                try:
                    await self._command(content)
                except WrongStateError:
                    if self.status not in RESUMABLE:
                        raise
                    # It ended while it was asked: the change holds when it is resumed.
                else:
                    return
            self.note_command(self.record.step, content)
            await self.keeper.journal.write()

    async def rename(self, name: str | None) -> None:
        """Give it a name, or take it away."""
        self.require_own("be renamed")
        self.write(name=name)
        await self.keeper.journal.write()

    def be_nice(self, niceness: int) -> None:
        """Have its process, if it has one, leave more of the processor to others."""
        if self._life.worker:
            self._life.worker.send({"type": "nice", "niceness": niceness})

    def require_own(self, command: str) -> None:
        """Raise WrongStateError if this network came with Nudge."""

    async def rest(self) -> None:
        """Give the worker of a paused run back."""
        async with self._commands:
            if self.status == "paused" and self._life.worker:
                with contextlib.suppress(WrongStateError):
                    await self._command({"type": "save"})
                await self._life.end()

    async def leave(self) -> None:
        """Make ready for the end of the server: keep what there is, and tell the viewers."""
        if self.status in LIVE:
            reason = "the server is going away; what it has learned is kept"
            event = {"type": "status", "status": "interrupted", "step": self.step, "reason": reason}
            self.room.announce(event)
            if self._life.worker:
                with contextlib.suppress(WorkerEndedError):
                    await self._life.worker.ask({"type": "save"}, SAVE_SECONDS)
        await self._life.end()

    async def delete(self, farewell: str) -> None:
        """Stop for good: tell the viewers why and let them go, and forget all of it."""
        if self.status in LIVE:
            self.set_status("stopped", self.step, farewell)
            await self.keeper.journal.write()
        self.is_deleted = True
        self.room.close(farewell)
        await self._life.end()
        await self.keeper.journal.write(Line(deleted_run=self.id))
        await self.keeper.shelf.remove_run(self.id)

    # What the network is

    async def network(self, epoch: int | None = None) -> Network:
        """Return the network, as it is now or as it was after an epoch."""
        file = await self.checkpoint(epoch)
        return await asyncio.to_thread(lambda: checkpoints.load(file).network)

    async def newest(self) -> bytes:
        """Return the network to read a drawing with: while it trains, the one that viewers see.

        The worker has a newer one, but where thirty of them take turns on two cores it is a while
        until it answers, and somebody waits, pen in hand.
        """
        if self.status == "training" and self.room.frame and self.room.frames_per_second():
            return self.room.frame.weights
        return await self.checkpoint()

    async def checkpoint(self, epoch: int | None = None) -> bytes:
        """Return the network as the bytes of a safetensors file. Raises NotKeptError."""
        if epoch is not None:
            file = await self._file(str(epoch)) if epoch in self.kept_epochs else None
            if file is None:
                kept = ", ".join(map(str, sorted(self.kept_epochs))) or "none"
                raise NotKeptError(f"no checkpoint of epoch {epoch} is kept; there are {kept}")
            return file
        if self.status in LIVE:
            await self._life.begun.wait()
        if self._life.worker and self.status in LIVE:
            with contextlib.suppress(WorkerEndedError):  # it finished while it was asked
                answer = await self._life.worker.ask(
                    {"type": "checkpoint"}, self._settings.worker_answer_seconds
                )
                return answer.payload
        if training := await self._file("training"):
            return await asyncio.to_thread(checkpoints.network_of, training)
        if not self.kept_epochs or not (file := await self._file(str(max(self.kept_epochs)))):
            raise NotKeptError("no checkpoint is kept")
        return file

    # What happens

    def write(
        self,
        then: Callable[[], None] | None = None,
        event: dict[str, Any] | None = None,
        command: Command | None = None,
        **changes: Any,
    ) -> None:
        """Have the run's record changed, an event or a command kept, and all of it told."""
        if self.is_deleted:
            return
        entry = kept = None
        if event:
            entry = Entry(self._ahead.events, strict_json(event), event.get("epoch"))
            changes["events"] = entry.number + 1
        if command:
            number = len(self._ahead.commands)
            kept = {"number": number, "step": command.step, "content": strict_json(command.content)}
            changes |= {"commands": (*self._ahead.commands, command), "step": command.step}
        record = self._ahead = replace(self._ahead, **changes)

        def tell() -> None:
            self.record = record
            self.step = max(self.step, record.step)
            if command:
                self.spec = record.spec_now()
            if then:
                then()
            if entry:
                self.room.add(entry)

        self.keeper.journal.add(
            Line(
                tell,
                {"run": self.id, **entry._asdict()} if entry else None,
                {"run": self.id, **kept} if kept else None,
                record.row(self._fixed_columns),
            )
        )

    def set_status(
        self,
        status: RunStatus,
        step: int,
        reason: str | None,
        then: Callable[[], None] | None = None,
    ) -> None:
        """Have a change of state written and told."""
        log.info("run", run=self.id, status=status, step=step, reason=reason)
        event = {"type": "status", "status": status, "step": step, "reason": reason}
        self.write(then, event, status=status, step=step, reason=reason)

    def notice(self, reason: str | None) -> None:
        """Tell something of a run whose state stays."""
        self.set_status(self._ahead.status, self._ahead.step, reason)

    def note_step(self, step: int, answer: Callable[[], None]) -> None:
        """Have a command answered, and written how far a run that is paused has been stepped."""
        if self._ahead.status == "paused" and step != self._ahead.step:
            self.write(answer, step=step)
        else:
            self.tell_in_turn(answer)

    def tell_in_turn(self, tell: Callable[[], None]) -> None:
        """Have something told that is not kept: after what is being written of the run."""
        if self._ahead is self.record:
            tell()
        else:
            self.keeper.journal.add(Line(tell))

    def add_epoch(self, figures: dict[str, Any], then: Callable[[], None]) -> None:
        """Have an epoch written and told."""
        epoch, step = figures["epoch"], figures["step"]
        seconds = self._ahead.seconds + figures["seconds"]
        self.write(then, figures, epoch=epoch, step=step, seconds=seconds)

    def note_command(self, step: int, content: dict[str, Any]) -> None:
        """Have a command that took effect written."""
        self.write(command=Command(step, content))

    async def _history(self, first: int) -> list[Entry]:
        return await asyncio.to_thread(self.keeper.events, self.id, first)

    async def _file(self, name: str) -> bytes | None:
        return await asyncio.to_thread(self.keeper.shelf.get, self.id, name)

    async def _get_worker(self, command: str) -> None:
        """Have a worker for a command that needs one; a paused run may have none."""
        await self._life.begun.wait()
        self._require(command, "training", "paused")
        if not self._life.worker and self.place is None:
            self.start(paused=True)
            await self._life.begun.wait()
            self._require(command, "paused")
        if not self._life.worker:
            raise WrongStateError(f"it can't {command} yet: {self.wait_reason}")

    async def _command(self, content: dict[str, Any]) -> Message:
        """Have the worker carry out a command, and return its answer once that holds."""
        if not self._life.worker:
            raise WrongStateError(f"the run is {self.status}")
        self.last_command = time.monotonic()
        try:
            return await self._life.worker.ask(content, self._settings.worker_answer_seconds)
        except WorkerEndedError as error:
            raise WrongStateError(f"the run is {self.status}: {error}") from error

    def _require(self, command: str, *states: RunStatus) -> None:
        if self.status not in states:
            why = f" ({self.record.reason})" if self.record.reason else ""
            raise WrongStateError(f"a run that is {self.status} can't {command}{why}")

    def _ask_for_frames(self) -> None:
        """Tell the worker how many frames a second its viewers want."""
        self._life.ask_for_frames(self.room.frames_per_second())
