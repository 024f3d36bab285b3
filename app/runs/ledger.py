"""The ledger of a run: what happens in it is written to the database first, and then published.

So nobody is ever told of anything that a crash could undo. ``record`` is the run as it is on disk
and may be told; ``_ahead`` is the run as it is being written.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from app.log import log
from app.runs.frame import Frame
from app.runs.journal import Write
from app.runs.record import Record, RunStatus
from app.runs.room import Room, StoredEvent
from app.runs.steering import Add, Learn, Steering, TakenCommand, bytes_of, to_json
from app.runs.storage import Storage
from app.runs.tally import Tally
from app.settings import Settings
from app.strict_json import strict_json
from nn_core import events

# What viewers are told of an epoch; the cost of its last step is told with those of the others.
EPOCH_FIGURES = tuple(name for name in events.Epoch._fields if name != "batch_cost")
OTHER_EVENTS = 100  # changes of state that may be among the epochs in memory


class Ledger:
    """The record of a run, its commands, its events, and the room in which they are published."""

    def __init__(
        self,
        record: Record,
        commands: list[TakenCommand],
        settings: Settings,
        storage: Storage,
        tally: Tally,
        on_demand: Callable[[], None],
    ) -> None:
        """``on_demand`` is called when the viewers want more frames, or fewer."""
        self.id = record.id
        self.record = self._ahead = record
        self.commands = commands  # those that are kept one by one
        self.folded = record.commands - len(commands)  # how many there were before them
        self._max_commands = settings.max_commands
        self.spec = record.spec
        for command in commands:
            self._apply(command.steering)
        self.step = record.step  # of the newest report, which may not be kept
        self.is_deleted = False
        self.storage = storage
        self._hello_epochs = settings.hello_epochs
        self._remembered = settings.hello_epochs + OTHER_EVENTS
        self.room = Room(on_demand, self._read_events, self._remembered, tally, record.events)
        self._fixed_columns = record.fixed_columns()
        self._loading = asyncio.Lock()

    @property
    def status(self) -> RunStatus:
        """The run's state, as it has been published."""
        return self.record.status

    def write(
        self,
        then: Callable[[], None] | None = None,
        event: dict[str, Any] | None = None,
        command: TakenCommand | None = None,
        folded: int = 0,
        **changes: Any,
    ) -> None:
        """Write changes of the record, an event and a command; then publish them.

        ``then`` is called once they are written, before viewers are told.
        """
        if self.is_deleted:
            return
        stored = row = None
        if event:
            stored = StoredEvent(self._ahead.events, strict_json(event), event.get("epoch"))
            changes["events"] = stored.number + 1
        if command:
            content = strict_json(to_json(command.steering))
            row = {"number": self._ahead.commands, "step": command.step, "content": content}
            changes |= {"commands": self._ahead.commands + 1, "step": command.step}
        record = self._ahead = replace(self._ahead, **changes)

        def publish() -> None:
            if command:
                self.commands.append(command)
                self._apply(command.steering)
            self.record = record
            self.step = max(self.step, record.step)
            if then:
                then()
            if stored:
                self.room.add(stored)

        self.storage.journal.add(
            Write(
                publish,
                {"run": self.id, **stored._asdict()} if stored else None,
                {"run": self.id, **row} if row else None,
                record.row(self._fixed_columns),
                folded,
            )
        )

    async def written(self) -> None:
        """Return once everything so far is written and published, or known not to be writable."""
        await self.storage.journal.write()

    def set_status(
        self,
        status: RunStatus,
        step: int,
        reason: str | None,
        then: Callable[[], None] | None = None,
        node: str | None = None,
    ) -> None:
        """Write and publish a change of state; ``node`` is told if it trains elsewhere now."""
        log.info("run", run=self.id, status=status, step=step, reason=reason)
        event = {"type": "status", "status": status, "step": step, "reason": reason}
        if node:
            event["node"] = node
        self.write(then, event, status=status, step=step, reason=reason)

    def notice(self, reason: str | None) -> None:
        """Write and publish a reason, or that there is none any more, while the state stays."""
        self.set_status(self._ahead.status, self._ahead.step, reason)

    def add_epoch(self, figures: events.Epoch, then: Callable[[], None] | None = None) -> None:
        """Write and publish an epoch."""
        seconds = self._ahead.seconds + figures.seconds
        told = {name: getattr(figures, name) for name in EPOCH_FIGURES}
        event = {"type": "epoch", **told}
        self.write(
            then,
            event,
            epoch=figures.epoch,
            step=figures.step,
            seconds=seconds,
            test_accuracy=figures.test_accuracy,
        )

    def add_command(
        self, step: int, steering: Steering, then: Callable[[], None] | None = None
    ) -> None:
        """Write a command that took effect after this step."""
        self.write(then, command=TakenCommand(step, steering))

    @property
    def drawn_bytes(self) -> int:
        """How much memory the drawings take that the run was taught, or given."""
        steerings = (command.steering for command in self.commands)
        return sum(bytes_of(one.images) for one in steerings if isinstance(one, Add | Learn))

    @property
    def has_many_commands(self) -> bool:
        """Whether more commands are kept than should be."""
        return len(self.commands) > self._max_commands

    @property
    def has_too_many_commands(self) -> bool:
        """Whether no more can be kept."""
        return len(self.commands) >= 2 * self._max_commands

    def fold(self, count: int) -> None:
        """Keep of the first ``count`` commands only what came of them, if there are many.

        What it takes to go on is on disk and contains them: the changes belong to the spec from now
        on. The last command stays, as its number tells how many there were.
        """
        over = min(count, self.record.commands - 1) - self.folded
        if over <= 0 or not self.has_many_commands or self._ahead is not self.record:
            return
        if any(isinstance(command.steering, Add) for command in self.commands):
            return  # what it trains on is told by its commands
        changes: dict[str, Any] = {}
        for command in self.commands[:over]:
            if isinstance(command.steering, events.Change):
                changes |= command.steering.values
        spec = self.record.spec.model_copy(update=changes)
        self._fixed_columns = replace(self.record, spec=spec).fixed_columns()

        def publish() -> None:
            self.commands = self.commands[over:]
            self.folded += over

        self.write(publish, folded=self.folded + over, spec=spec)

    def add_step(self, step: int, then: Callable[[], None]) -> None:
        """Write how far a paused run has been stepped."""
        if self._ahead.status == "paused" and step != self._ahead.step:
            self.write(then, step=step)
        else:
            self.in_order(then)

    def in_order(self, then: Callable[[], None]) -> None:
        """Call ``then`` after everything that is being written has been published."""
        if self._ahead is self.record:
            then()
        else:
            self.storage.journal.add(Write(then))

    def see_step(self, step: int) -> None:
        """Note a step that is not written: a frame or a progress told of it."""
        self.step = max(self.step, step)

    async def load(self) -> None:
        """Load what a viewer is greeted with: the last epochs and the newest frame."""
        async with self._loading:
            if not self.room.recent and self.room.end:
                last_events = self.storage.database.last_events
                self.room.fill(await asyncio.to_thread(last_events, self.id, self._remembered))
            if self.room.frame is None and (
                frame := await asyncio.to_thread(self.storage.files.get, self.id, "frame")
            ):
                self.room.frame = self.room.frame or Frame(frame)

    def recent_epochs(self, after: int) -> list[StoredEvent]:
        """Return the epochs in memory after this one: at most as many as a hello contains."""
        epochs = [event for event in self.room.recent if event.epoch and event.epoch > after]
        return epochs[-self._hello_epochs :] if self._hello_epochs else []

    async def epochs(self, after: int) -> list[StoredEvent]:
        """Return the epochs after this one: as many as are read at a time, none at the end."""
        epochs = await asyncio.to_thread(self.storage.database.epochs, self.id, after)
        if not epochs:  # what could not be written yet is still in memory
            epochs = [event for event in self.room.recent if event.epoch and event.epoch > after]
        return epochs

    async def thinned_epochs(self, every: int) -> list[StoredEvent]:
        """Return the epochs whose number can be divided by one."""
        return await asyncio.to_thread(self.storage.database.thinned_epochs, self.id, every)

    def close(self, farewell: str) -> None:
        """Tell the viewers why and let them go; nothing more of the run is written."""
        self.is_deleted = True
        self.room.close(farewell)

    async def erase(self) -> None:
        """Remove all that was written."""
        await self.storage.files.retire(self.id)
        await self.storage.journal.write(Write(deleted_run=self.id))
        await self.storage.forget(self.id)

    def _apply(self, steering: Steering) -> None:
        """Bring the spec up to date with a command."""
        if isinstance(steering, events.Change):
            self.spec = self.spec.model_copy(update=steering.values)

    async def _read_events(self, first: int) -> list[StoredEvent]:
        return await asyncio.to_thread(self.storage.database.events, self.id, first)
