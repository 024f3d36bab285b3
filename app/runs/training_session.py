"""The training session of a run: its turn in the queue, its worker, and what that reports."""

import asyncio
import contextlib
import functools
from collections import deque
from collections.abc import Callable

from app.log import log
from app.runs import messages
from app.runs.engines.engine import LOCAL_NODE, End, TakeWorker, Worker, WorkerEndedError
from app.runs.frame import Frame
from app.runs.hold import Hold
from app.runs.ledger import Ledger
from app.runs.messages import Message
from app.runs.networks import Networks
from app.runs.record import Best
from app.runs.same_data import require_the_same
from app.runs.slots import Slots
from app.runs.steering import from_json, to_json
from app.runs.step_costs import StepCost, StepCosts, costs_in
from app.runs.waiting import Waiting
from app.settings import Settings
from nn_core import events
from nn_core.datasets import DatasetError

REPORTS_REPEATED = 10  # of what steps cost: half a second's


class TrainingSession:
    """Lets a worker train a run, and writes into the ledger what it reports, until it ends.

    A worker that is killed is replaced: the next one starts from the last checkpoint and repeats
    what came after it. So is one whose place went away, as often as that happens.
    """

    def __init__(
        self,
        ledger: Ledger,
        networks: Networks,
        settings: Settings,
        slots: Slots,
        hold: Hold,
        take_worker: TakeWorker,
        address: str,
    ) -> None:
        self.address = address
        self.worker: Worker | None = None
        # Set once the run trains or waits in the queue, or when neither is going to happen.
        self.begun = asyncio.Event()
        self.begun.set()
        self._pause_after: int | None = None  # an epoch
        self.waiting = Waiting(ledger, self.begun)
        self._ledger = ledger
        self._networks = networks
        self._settings = settings
        self._slots = slots
        self._hold = hold
        self._take_worker = take_worker
        self._task: asyncio.Task[None] | None = None
        self._is_ending = False
        self._stuck: Worker | None = None  # ended because it gave no answer
        self._frames_asked_for = 0.0
        self._costs: StepCosts | None = None  # while there is a worker
        self._newest_steps: deque[tuple[int, list[StepCost]]] = deque(maxlen=REPORTS_REPEATED)

    def require_data(self) -> None:
        """Raise DatasetError if the run's data set is not there, or is another one now."""
        require_the_same(self._ledger.record, self._settings.library)

    @property
    def is_under_way(self) -> bool:
        """Whether it has a worker, or waits for one."""
        return self._task is not None and not self._task.done()

    def book(self) -> None:
        """Book a place in the queue. Raises TooManyRunsError."""
        self._slots.book(self._ledger.record.owner, self.address)

    def start(self, *, paused: bool, pause_after: int | None = None) -> asyncio.Task[None]:
        """Wait for a slot, then train there; if ``paused``, be ready to.

        It pauses after an epoch, if one is given. The task is done when it has given back its slot.
        """
        self._pause_after = pause_after
        self.begun.clear()
        self._is_ending = False
        self._task = asyncio.create_task(self._run(paused=paused))
        return self._task

    async def has_begun(self, seconds: float) -> bool:
        """Return whether it has begun, or waits in the queue; wait so long for that.

        A worker that catches up with what was done after its checkpoint may take longer.
        """
        try:
            await asyncio.wait_for(self.begun.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def end(self) -> None:
        """End the worker, or the wait for one."""
        self._is_ending = True
        if self.worker:
            await self.worker.end()
        elif self._task:
            self._task.cancel()
        if self._task:
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def ask_for_frames(self, wanted: float) -> None:
        """Tell the worker how many frames a second the viewers want, if that has changed."""
        if self.worker and wanted != self._frames_asked_for:
            self._frames_asked_for = wanted
            self.worker.send(messages.SendFrames(wanted))

    def hurry(self) -> None:
        """Let the worker finish at once what it shows at a person's pace: somebody waits."""
        if self.worker:
            self.worker.send(messages.SendFrames(self._frames_asked_for))

    async def step_costs(self) -> StepCosts:
        """Return what the run's steps have cost so far: what is kept, then what was reported."""
        costs = costs_in(await self._networks.training())
        if self._costs:
            costs.add(self._costs.after(0))
        return costs

    async def _run(self, *, paused: bool) -> None:
        """Let workers train, one after the other if they are killed."""
        ledger = self._ledger
        owner = ledger.record.owner
        reason = "its process could not be started"
        try:
            await self._slots.take(owner, self.address, self.waiting.for_turn)
            try:
                self.waiting.leave()
                self.require_data()
                restarts = 0
                while restarts <= self._settings.worker_restarts:
                    end = await self._train(paused=paused)
                    reason = end.reason
                    if self._is_ending or ledger.status not in ("queued", "training"):
                        return
                    log.warning("worker", run=ledger.id, reason=reason, attempt=restarts)
                    restarts += end.is_its_own
                    if end.is_away and not self._settings.resume_runs:
                        ledger.set_status("interrupted", ledger.step, f"{reason}: resume it")
                        return
                    if end.is_away:
                        self.waiting.interrupt(reason)
                    elif restarts <= self._settings.worker_restarts:
                        ledger.notice(f"{reason}; it is started anew and goes on")
            finally:
                self._slots.give_back(owner, self.address)
        except DatasetError as error:
            reason = str(error)
        except OSError as error:
            reason = f"its process could not be started: {error}"
        finally:
            self.waiting.leave()
            if not self._is_ending and ledger.status in ("queued", "training"):
                ledger.set_status("failed", ledger.step, reason)
                await ledger.written()
            self.begun.set()

    async def _train(self, *, paused: bool) -> End:
        """Let one worker train; return how that ended."""
        ledger = self._ledger
        self.begun.clear()
        saved = await self._networks.training()
        self._costs = costs_in(saved)
        worker = await self._take_worker(functools.partial(self.waiting.for_worker, self._slots))
        self.waiting.leave()
        if self._is_ending:
            await worker.end()
            return End("")
        # No await from here to listen(): end() must find the worker as soon as there is one.
        self.worker = worker
        log.info("worker", run=ledger.id, pid=worker.pid, node=worker.node)
        if not paused and self._hold.words_for(ledger.record.owner):
            paused = True
            self._hold.held.add(ledger.id)
        worker.send(self._start_message(paused=paused), saved or b"")
        self._frames_asked_for = 0
        ledger.room.watch()
        watching = asyncio.create_task(self._end_if_stuck(worker))
        try:
            ended = await worker.listen(functools.partial(self._note, worker))
            if self._stuck is worker:
                return End("its process did not answer, and was ended")
            return ended
        finally:
            watching.cancel()
            await ledger.written()  # and published: commands look at what has been published
            ledger.step = ledger.record.step  # what was seen after it is lost
            self.worker = None
            self._costs = None
            worker.answer_nothing()

    async def _end_if_stuck(self, worker: Worker) -> None:
        """Ask the worker again and again whether it is there; return once it has been ended.

        The answer does not wait for a step: only one that was stopped, or hangs, gives none.
        """
        seconds = self._settings.worker_answer_seconds
        with contextlib.suppress(WorkerEndedError):
            while True:
                await asyncio.sleep(seconds / 3)
                await worker.ask(messages.AreYouThere(), 2 * seconds / 3)
        if worker.has_ended:
            return  # it has ended by itself
        log.warning("worker", run=self._ledger.id, pid=worker.pid, reason="it does not answer")
        self._stuck = worker
        await worker.kill()

    def _start_message(self, *, paused: bool) -> messages.Start:
        ledger, record, settings = self._ledger, self._ledger.record, self._settings
        after = self._pause_after
        return messages.Start(
            spec=record.spec.model_dump(mode="json"),
            image_kind=record.dataset.kind.metadata(),
            hyperparameters=vars(record.spec.hyperparameters()),
            commands=[(step, to_json(steering)) for step, steering in ledger.commands],
            folded=ledger.folded,
            until_step=record.step,
            paused=paused or (after is not None and record.epoch >= after),
            niceness=self._slots.niceness,
            best=[record.best.accuracy, -record.best.cost] if record.best else None,
            kept_checkpoints=self._networks.most_epochs,
            checkpoint_seconds=settings.checkpoint_seconds,
            max_epochs=settings.max_epochs,
            memory_bytes=settings.max_run_memory_mib * 2**20,
            data_dir=str(settings.data_dir) if settings.data_dir else None,
            cache_dir=str(settings.cache_dir) if settings.cache_dir else None,
            pause_after=after,
        )

    async def _note(self, worker: Worker, message: Message) -> None:
        """Note a report. All but frames are published in order, once they are written."""
        ledger, networks, payload = self._ledger, self._networks, message.payload
        match message.body:
            case messages.FrameMade(_, step):
                ledger.see_step(step)
                ledger.room.set_frame(Frame(payload))
            case events.Progress() | messages.StepsMade() as steps:
                ledger.in_order(functools.partial(self._publish_steps, steps))
            case events.Epoch() as figures:
                keep = functools.partial(networks.keep_epoch, figures.epoch, payload)
                ledger.add_epoch(figures, keep if payload else None)
            case events.Status() as status:
                await self._note_status(status, payload, worker.node)
            case messages.Done() as done:
                self._note_done(done, functools.partial(worker.answer, message))
            case messages.EpochCheckpoint(epoch):
                networks.keep_epoch(epoch, payload)
            case messages.BestEpoch() as best:
                networks.keep_best(Best(*best), payload)
            case messages.TrainingSaved():
                await networks.save_training(payload)
            case messages.Failed(reason):
                where = "" if worker.node == LOCAL_NODE else f"on {worker.node}: "
                ledger.set_status("failed", ledger.step, where + reason)

    def _note_done(self, done: messages.Done, answer: Callable[[], None]) -> None:
        """Note that a command was carried out; what it changed is written before it is answered."""
        if done.steering:
            self._ledger.add_command(done.step, from_json(done.steering), answer)
        else:
            self._ledger.add_step(done.step, answer)

    async def _note_status(self, told: events.Status, payload: bytes, node: str) -> None:
        """Note a change of state; what it takes to go on from a pause or an end is kept first."""
        if told.status != "training":
            await self._networks.save_end(payload)

        other = node if told.status == "training" and node != LOCAL_NODE else None
        self._ledger.set_status(told.status, told.step, told.reason, self.begun.set, other)

    def _publish_steps(self, report: events.Progress | messages.StepsMade) -> None:
        """Tell the viewers how far it is, or what the last steps cost.

        What steps cost is told several times, for viewers who are too slow for all reports.
        """
        room = self._ledger.room
        if isinstance(report, events.Progress):
            self._ledger.see_step(report.step)
            room.set_progress({"type": "progress", **report._asdict()})
        elif self._costs is not None:
            newest = self._newest_steps
            newest.append((self._costs.last_step, [StepCost(*fields) for fields in report.costs]))
            self._costs.add(newest[-1][1])
            steps = [point for _, points in newest for point in points]
            room.set_steps({"type": "steps", "after": newest[0][0], "steps": steps})
