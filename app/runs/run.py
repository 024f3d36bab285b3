"""A run: its ledger, its networks, its training session and its commands, put together.

A run has a worker process while it trains, and none before and after; one that has been paused for
a while gives it back. All that it takes to go on is kept, so a new worker can go on with a run at
any time: after a pause, a stop, or the end of the server itself.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from weakref import WeakValueDictionary

from app.runs import messages
from app.runs.commands import Commands
from app.runs.engines.engine import TakeWorker, WorkerEndedError
from app.runs.hold import Hold
from app.runs.ledger import Ledger
from app.runs.networks import Networks
from app.runs.record import LIVE, Record, RunStatus
from app.runs.room import Room
from app.runs.slots import Slots
from app.runs.spec import RunSpec
from app.runs.steering import TakenCommand
from app.runs.step_costs import StepCost
from app.runs.storage import Storage
from app.runs.tally import Tally
from app.runs.training_session import TrainingSession
from app.settings import Settings
from app.strict_json import strict_json
from nn_core import checkpoints
from nn_core.checkpoints import Checkpoint
from nn_core.mistakes import Mistakes
from nn_core.network import Network
from nn_core.parameters import count_parameters

SEEN_SECONDS = 3600.0  # the accuracy to which it is kept when a run was last looked at
SAVE_SECONDS = 3.0  # for saving what a run has learned when the server ends


class Run:
    """One run, from its creation to its deletion."""

    is_pretrained = False

    def __init__(
        self,
        record: Record,
        commands: list[TakenCommand],
        settings: Settings,
        storage: Storage,
        slots: Slots,
        hold: Hold,
        take_worker: TakeWorker,
        tally: Tally,
        clock: Callable[[], float] = time.time,
        address: str = "",
    ) -> None:
        """``address`` is where it was started, or empty."""
        self.id = record.id
        self.owner = record.owner
        self.parameters = count_parameters(record.spec.layer_sizes(record.dataset))
        self.ledger = Ledger(record, commands, settings, storage, tally, self._ask_for_frames)
        self.networks = Networks(self.ledger, self.parameters, settings)
        self.is_replaced = False  # another run was begun instead of it
        self.last_seen = clock()  # when somebody last looked at it
        self._session = TrainingSession(
            self.ledger, self.networks, settings, slots, hold, take_worker, address
        )
        self.commands = Commands(
            self.ledger,
            self._session,
            hold,
            settings,
            clock,
            is_pretrained=self.is_pretrained,
        )
        self._answer_seconds = settings.worker_answer_seconds
        self._clock = clock
        self._loading = asyncio.Lock()
        self._shared = WeakValueDictionary[tuple[int | None, int, int], Checkpoint]()

    @property
    def address(self) -> str:
        """Where it was started; empty if that is not known, or does not count."""
        return self._session.address

    @property
    def record(self) -> Record:
        """What is known of the run, as it has been published."""
        return self.ledger.record

    @property
    def status(self) -> RunStatus:
        """The run's state."""
        return self.ledger.status

    @property
    def spec(self) -> RunSpec:
        """The spec with all changes so far."""
        return self.ledger.spec

    @property
    def room(self) -> Room:
        """The viewers, and what they are told."""
        return self.ledger.room

    @property
    def has_worker(self) -> bool:
        """Whether it has a process."""
        return self._session.worker is not None

    @property
    def rests(self) -> bool:
        """Whether it is paused, without a process, and nobody watches."""
        return self.status == "paused" and not self.has_worker and not self.room.viewers

    @property
    def node(self) -> str | None:
        """The name of the machine that it trains on; None: it does not train now."""
        worker = self._session.worker
        return worker.node if worker and self._seen_status() == "training" else None

    def _seen_status(self) -> RunStatus:
        if self._session.waiting.is_interrupted:
            return "interrupted"
        return self.record.status if self._session.waiting.place is None else "queued"

    def describe(self, visitor: str = "") -> dict[str, Any]:
        """Return the run as this visitor is told of it."""
        record = self.record
        created = datetime.fromtimestamp(record.created, UTC)
        return {
            "id": self.id,
            "name": record.name,
            "created": created.isoformat(timespec="seconds"),
            "yours": self.owner == visitor and not self.is_pretrained,
            "pretrained": self.is_pretrained,
            "place": self._session.waiting.place,
            "node": self.node,
            "status": self._seen_status(),
            "reason": self._session.waiting.reason or record.reason,
            "spec": self.spec.model_dump(mode="json"),
            "images": asdict(record.dataset.kind) | {"class_names": record.dataset.names},
            "parameters": self.parameters,
            "epoch": record.epoch,
            "step": self.ledger.step,
            "test_accuracy": record.test_accuracy,
            "sweep": record.sweep,
        }

    def hello(self, after: int, visitor: str = "") -> str:
        """Return the event that greets a viewer who has seen the epochs up to ``after``."""
        epochs = ",".join(event.text for event in self.ledger.recent_epochs(after))
        return f'{{"type":"hello","run":{strict_json(self.describe(visitor))},"epochs":[{epochs}]}}'

    async def load(self) -> None:
        """Load what a viewer is greeted with: the last epochs and the newest frame."""
        await self.ledger.load()

    def notice(self, reason: str | None) -> None:
        """Tell the viewers something about a run whose state stays."""
        self.ledger.notice(reason)

    def touch(self) -> None:
        """Note that somebody looks at it."""
        self.last_seen = self._clock()
        if self.last_seen - self.record.seen > SEEN_SECONDS:
            self.ledger.write(seen=self.last_seen)

    # The run as a whole

    def start(self, *, paused: bool = False) -> None:
        """Begin to train, or go on; if ``paused``, be ready to."""
        self._session.start(paused=paused)

    @property
    def is_under_way(self) -> bool:
        """Whether it has a process, or waits for one in the queue."""
        return self._session.is_under_way

    def take_turn(self, pause_after: int | None, then: Callable[[], None]) -> None:
        """Begin or go on, now that its sweep has a place for it; at this epoch it pauses.

        ``then`` is called once it has given the place back. Raises TooManyRunsError, and then
        nothing has changed.
        """
        self._session.book()
        turn = self._session.start(paused=False, pause_after=pause_after)
        turn.add_done_callback(lambda _turn: then())

    async def wait_for_turn(self, reason: str) -> None:
        """Give back its process, or its place in the queue, until it is told to take its turn."""
        await self._session.end()
        self.ledger.set_status("queued", self.record.step, reason)
        await self.ledger.written()

    async def begun(self) -> None:
        """Return once it trains, is ready to, or waits in the queue."""
        await self._session.begun.wait()

    def lower_priority(self, niceness: int) -> None:
        """Let its process, if it has one, leave more of the processor to others."""
        if self._session.worker:
            self._session.worker.send(messages.LowerPriority(niceness))

    async def prepare_for_shutdown(self) -> None:
        """Tell the viewers that the server ends, and save what was learned."""
        if self.status in LIVE:
            reason = "the server is going away; what it has learned is kept"
            event = {"type": "status", "status": "interrupted", "step": self.ledger.step}
            self.room.announce(event | {"reason": reason})
            if self._session.worker:
                with contextlib.suppress(WorkerEndedError):
                    await self._session.worker.ask(messages.SaveTraining(), SAVE_SECONDS)
        await self._session.end()

    async def delete(self, farewell: str) -> None:
        """Stop for good: tell the viewers why and let them go, and erase all of it."""
        if self.status in LIVE:
            self.ledger.set_status("stopped", self.ledger.step, farewell)
            await self.ledger.written()
        self.ledger.close(farewell)
        await self._session.end()
        await self.ledger.erase()

    async def step_costs(self, after: int) -> list[StepCost]:
        """Return what the steps later than one have cost, thinned."""
        return (await self._session.step_costs()).after(after)

    async def network(self, epoch: int | None = None) -> Network:
        """Return the network, as it is now or as it was after an epoch. Raises NotKeptError."""
        return (await self._loaded(epoch)).network

    async def loaded_to_read_with(self, epoch: int | None = None) -> Checkpoint:
        """Return the network for a drawing, and its metadata. Raises NotKeptError.

        Where no epoch is named, and while it trains, it is the one that the viewers see.

        Hold it for as long as its network is used.

        The worker has a newer one, but where thirty workers share two cores it takes a while to
        answer, and a person is waiting.
        """
        seen = self.status == "training" and self.room.frames_per_second() > 0
        if epoch is None and seen and self.room.frame:
            return self.room.frame.loaded
        if epoch is None and self.status in LIVE:
            return await self._loaded(epoch)
        # It stays as it is: all who hold it at the same time share one, as it may be large.
        key = epoch, self.record.step, self.record.commands
        async with self._loading:
            if (shared := self._shared.get(key)) is None:
                shared = self._shared[key] = await self._loaded(epoch)
        return shared

    async def checkpoint(self, epoch: int | None = None) -> bytes:
        """Return the network as the bytes of a safetensors file. Raises NotKeptError."""
        if epoch is not None:
            return await self.networks.at(epoch)
        if self.status in LIVE:
            await self._session.has_begun(self._answer_seconds)
        if self._session.worker and self.status in LIVE:
            with contextlib.suppress(WorkerEndedError):  # it finished in the meantime
                ask = self._session.worker.ask
                return (await ask(messages.SendCheckpoint(), self._answer_seconds)).payload
        return await self.networks.last()

    async def known_mistakes(self, epoch: int | None) -> Mistakes | None:  # noqa: ARG002
        """Return the mistakes after an epoch, or now, if they are known without its test set."""
        return None

    async def _loaded(self, epoch: int | None) -> Checkpoint:
        file = await self.checkpoint(epoch)
        return await asyncio.to_thread(checkpoints.load, file)

    def _ask_for_frames(self) -> None:
        self._session.ask_for_frames(self.room.frames_per_second())
