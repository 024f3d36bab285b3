"""What a run can be told to do: one command at a time, and each holds when it returns."""

import asyncio
import contextlib
import json
from collections.abc import Callable
from typing import Any

from app.runs import messages
from app.runs.engines.engine import WorkerEndedError
from app.runs.hold import Hold
from app.runs.ledger import Ledger
from app.runs.messages import Message
from app.runs.record import LIVE, RESUMABLE, RunStatus
from app.runs.steering import Learn
from app.runs.training_session import TrainingSession
from app.settings import Settings
from nn_core import checkpoints, events
from nn_core.correction import Judgement
from nn_core.datasets import DatasetError
from nn_core.network import Network

CATCH_UP_SECONDS = 5.0  # after which a run that catches up need not be waited for


class WrongStateError(Exception):
    """The command does not fit the run's state; the message says why."""


class Commands:
    """The commands of one run. All raise WrongStateError, and always for a pretrained network."""

    def __init__(
        self,
        ledger: Ledger,
        session: TrainingSession,
        hold: Hold,
        settings: Settings,
        clock: Callable[[], float],
        *,
        is_pretrained: bool,
    ) -> None:
        self.last_time = clock()  # when the last one was given
        self._ledger = ledger
        self._session = session
        self._hold = hold
        self._answer_seconds = settings.worker_answer_seconds
        self._max_taught = settings.max_taught_drawings
        self._clock = clock
        self._is_pretrained = is_pretrained
        self._one_at_a_time = asyncio.Lock()

    async def pause(self) -> bool:
        """Make no more steps until resumed; return whether it made any until now.

        It stays paused when a hold is lifted, too, whatever paused it first.
        """
        self.require_own("pause")
        self._hold.held.discard(self._ledger.id)
        self._session.hurry()
        async with self._one_at_a_time:
            trained = self._ledger.status != "paused"
            if await self._catches_up():
                await self._give_up_catching_up("paused", None)
            if self._ledger.status != "paused":
                self._require("pause", "training")
                await self._ask(events.Pause())
                self._require("pause", "paused")
            return trained

    async def resume(self) -> None:
        """Go on with a paused run, or with one that ended and has epochs left to train."""
        self.require_own("resume")
        async with self._one_at_a_time:
            self._hold.require_free(self._ledger.record.owner)
            await self._session.has_begun(self._answer_seconds)
            if self._ledger.status in ("training", "queued"):
                return
            self._require("resume", "paused", *RESUMABLE)
            if self._ledger.status == "paused" and self._session.worker:
                await self._ask(events.Resume())
                return
            wanted = self._ledger.spec.epochs
            if wanted is not None and self._ledger.record.epoch >= wanted:
                raise WrongStateError(
                    f"all {wanted:,} epochs are trained: ask for more epochs first"
                )
            try:
                self._session.require_data()
            except DatasetError as error:
                raise WrongStateError(f"it can't go on: {error}") from error
            self._session.book()
            await self._session.end()
            self._ledger.set_status("queued", self._ledger.record.step, None)
            self._session.start(paused=False)
            await self._session.has_begun(self._answer_seconds)
            if self._ledger.status == "failed":
                raise WrongStateError(f"it failed: {self._ledger.record.reason}")

    async def make_step(self) -> None:
        """Make one gradient descent step and be paused after it."""
        self.require_own("step")
        async with self._one_at_a_time:
            self._hold.require_free(self._ledger.record.owner)
            await self._ensure_worker("step")
            await self._ask(events.Step())

    async def stop(self, reason: str | None = None) -> None:
        """End the training."""
        self.require_own("stop")
        async with self._one_at_a_time:
            if await self._catches_up():
                await self._give_up_catching_up("stopped", reason)
            if self._ledger.status == "stopped":
                return
            self._require("stop", *LIVE)
            if self._session.worker:
                await self._ask(events.Stop())
                self._require("stop", "stopped")
                await self._session.end()  # so that another run can have its slot
            else:
                await self._session.end()
                self._ledger.set_status("stopped", self._ledger.record.step, None)
            if reason:
                self._ledger.notice(reason)
            await self._ledger.written()

    async def nudge(self, index: int, amount: float, value: float | None = None) -> Network:
        """Add an amount to one parameter, or set it to a value; return the network before that.

        The index must be one of a parameter.
        """
        self.require_own("be nudged")
        async with self._one_at_a_time:
            self._hold.require_free(self._ledger.record.owner)
            await self._ensure_worker("be nudged")
            await self._require_room()
            answer = await self._ask(events.Nudge(index, amount, value))
        return await asyncio.to_thread(lambda: checkpoints.load(answer.payload).network)

    async def learn(self, images: list[str], labels: list[int]) -> tuple[Judgement, Judgement]:
        """Learn drawings; return how the network stood before that, and how it stands after it.

        They must be of the run's kind: see ``steering.Learn``. A run that has ended stays so.
        """
        self.require_own("learn drawings")
        async with self._one_at_a_time:
            self._hold.require_free(self._ledger.record.owner)
            await self._have_begun()
            self._require_room_for(len(labels))
            if self._ledger.status in RESUMABLE:
                answer = await self._learn_once_more(images, labels)
            else:
                await self._ensure_worker("learn drawings")
                answer = await self._ask(Learn(images, labels, len(self._ledger.commands)))
        before, after = json.loads(answer.payload)
        return Judgement(*before), Judgement(*after)

    def _require_room_for(self, drawings: int) -> None:
        """Raise WrongStateError if a run would have been taught more than is kept of one."""
        steerings = (command.steering for command in self._ledger.commands)
        taught = sum(len(steering.labels) for steering in steerings if isinstance(steering, Learn))
        if taught + drawings > self._max_taught:
            raise WrongStateError(
                f"it has learned {taught:,} drawings, and this server keeps {self._max_taught:,} "
                "of a run: make a copy of it, and go on with that"
            )

    async def _learn_once_more(self, images: list[str], labels: list[int]) -> Message:
        """Give a run that has ended a worker to learn drawings, and let it end again."""
        status, reason = self._ledger.status, self._ledger.record.reason
        await self._session.end()
        self._ledger.set_status("paused", self._ledger.record.step, None)
        await self._ledger.written()
        try:
            await self._ensure_worker("learn drawings")
            answer = await self._ask(Learn(images, labels, len(self._ledger.commands)))
            await self._ask(events.Stop())  # which saves it
            return answer
        finally:
            await self._session.end()
            self._ledger.set_status(status, self._ledger.record.step, reason)
            await self._ledger.written()

    async def change(self, values: dict[str, Any]) -> None:
        """Change hyperparameters from the next step on."""
        self.require_own("change")
        async with self._one_at_a_time:
            await self._have_begun()
            self._require("change", *LIVE, *RESUMABLE)
            await self._require_room()
            change = events.Change(values)
            if self._session.worker and self._ledger.status in LIVE:
                try:
                    await self._ask(change)
                except WrongStateError:
                    if self._ledger.status not in RESUMABLE:
                        raise
                    # It ended in the meantime: the change takes effect when it is resumed.
                else:
                    return
            self._ledger.add_command(self._ledger.record.step, change)
            await self._ledger.written()

    async def rename(self, name: str | None) -> None:
        """Give it a name, or take it away."""
        self.require_own("be renamed")
        self._ledger.write(name=name)
        await self._ledger.written()

    async def release_worker(self) -> None:
        """Save what a paused run has learned, and end its worker."""
        async with self._one_at_a_time:
            if self._ledger.status == "paused" and self._session.worker:
                with contextlib.suppress(WrongStateError):
                    await self._ask(messages.SaveTraining())
                await self._session.end()

    def require_own(self, command: str) -> None:
        """Raise WrongStateError if this network came with Nudge."""
        if self._is_pretrained:
            raise WrongStateError(f"the pretrained network can't {command}: train one of your own")

    async def _ensure_worker(self, command: str) -> None:
        """Start a worker for a command that needs one, if a paused run has none."""
        await self._have_begun()
        self._require(command, "training", "paused")
        if not self._session.worker and self._session.waiting.place is None:
            self._session.start(paused=True)
            await self._have_begun()
            self._require(command, "paused")
        if not self._session.worker:
            raise WrongStateError(f"it can't {command} yet: {self._session.waiting.reason}")

    async def _require_room(self) -> None:
        """Make room for one more command, where very many are kept, by saving what came of them."""
        if self._ledger.has_too_many_commands and self._session.worker:
            await self._ask(messages.SaveTraining())
        if self._ledger.has_too_many_commands:
            raise WrongStateError(
                f"{len(self._ledger.commands):,} changes wait to be trained with: resume it first"
            )

    async def _have_begun(self) -> None:
        """Wait until the run trains, is paused, or waits in the queue."""
        if not await self._session.has_begun(self._answer_seconds):
            raise WrongStateError("it still repeats what came after its last checkpoint")

    async def _catches_up(self) -> bool:
        """Return whether its worker still repeats what was done after its last checkpoint."""
        if self._ledger.record.step:
            return not await self._session.has_begun(CATCH_UP_SECONDS)
        await self._have_begun()
        return False

    async def _give_up_catching_up(self, status: RunStatus, reason: str | None) -> None:
        """Pause or stop a run whose worker repeats what was done after its checkpoint.

        What is known of the run stays; the next worker repeats it.
        """
        await self._session.end()
        if self._ledger.status in LIVE:
            self._ledger.set_status(status, self._ledger.record.step, reason)
            await self._ledger.written()

    async def _ask(self, command: messages.Command) -> Message:
        """Let the worker carry out a command; return its answer once it holds."""
        if not self._session.worker:
            raise WrongStateError(f"the run is {self._ledger.status}")
        self.last_time = self._clock()
        try:
            return await self._session.worker.ask(command, self._answer_seconds)
        except WorkerEndedError as error:
            raise WrongStateError(f"the run is {self._ledger.status}: {error}") from error

    def _require(self, command: str, *states: RunStatus) -> None:
        if self._ledger.status not in states:
            why = f" ({self._ledger.record.reason})" if self._ledger.record.reason else ""
            raise WrongStateError(f"a run that is {self._ledger.status} can't {command}{why}")
