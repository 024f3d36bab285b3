"""The life of a run while it has a worker: its turn, its process, and what that tells."""

import asyncio
import contextlib
import functools
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import structlog

from app.runs.messages import Message
from app.runs.record import Best
from app.runs.room import Frame
from app.runs.slots import Slots
from app.runs.worker import spacing
from app.runs.workers import WorkerProcess
from app.settings import Settings

if TYPE_CHECKING:
    from app.runs.run import Run

log = structlog.get_logger()


class Life:
    """Has a worker train a run, and writes down what it tells, until it ends.

    A worker that is killed is replaced: the next one goes on from the last checkpoint and does
    again what came after it.
    """

    def __init__(
        self,
        run: "Run",
        settings: Settings,
        slots: Slots,
        take_worker: Callable[[], Awaitable[WorkerProcess]],
    ) -> None:
        self.worker: WorkerProcess | None = None
        self.begun = asyncio.Event()  # it trains, or waits in the queue, or neither will be
        self.begun.set()
        self._run = run
        self._settings = settings
        self._slots = slots
        self._take_worker = take_worker
        self._task: asyncio.Task[None] | None = None
        self._is_ending = False
        self._frames_asked_for = 0.0
        size = 4 * run.parameters
        self._keep = max(1, min(settings.kept_checkpoints, settings.kept_checkpoint_bytes // size))

    def start(self, *, paused: bool) -> None:
        """Wait for a slot, and train there; ``paused`` is to be ready for it only."""
        self.begun.clear()
        self._is_ending = False
        self._task = asyncio.create_task(self._live(paused=paused))

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
            self.worker.send({"type": "frames", "frames_per_second": wanted})

    async def _live(self, *, paused: bool) -> None:
        """Have workers train, one after the other if they are killed."""
        run = self._run
        reason = "its process could not be started"
        try:
            await self._slots.take(run.owner, self._tell_place)
            try:
                self._leave_queue()
                for attempt in range(self._settings.worker_restarts + 1):
                    reason = await self._train(paused=paused)
                    if self._is_ending or run.status not in ("queued", "training"):
                        return
                    log.warning("worker", run=run.id, reason=reason, attempt=attempt)
                    if attempt < self._settings.worker_restarts:
                        run.notice(f"{reason}; it is started anew and goes on")
            finally:
                self._slots.give_back(run.owner)
        except OSError as error:
            reason = f"its process could not be started: {error}"
        finally:
            self._leave_queue()
            if not self._is_ending and run.status in ("queued", "training"):
                run.set_status("failed", run.step, reason)
                await run.keeper.journal.write()
            self.begun.set()

    async def _train(self, *, paused: bool) -> str:
        """Have one worker train; return how its process ended."""
        run = self._run
        self.begun.clear()
        saved = await asyncio.to_thread(run.keeper.shelf.get, run.id, "training")
        worker = await self._take_worker()
        if self._is_ending:
            await worker.end()
            return ""
        # From here on to the next await: whoever ends this life has to find its worker.
        self.worker = worker
        log.info("worker", run=run.id, pid=worker.pid)
        worker.send(self._start_message(paused=paused), saved or b"")
        self._frames_asked_for = 0
        run.room.watch()
        try:
            return await worker.listen(functools.partial(self._note, worker)) or "its process ended"
        finally:
            await run.keeper.journal.write()  # and tell: commands look at what has been told
            self.worker = None
            worker.answer_nothing()

    def _start_message(self, *, paused: bool) -> dict[str, Any]:
        record, settings = self._run.record, self._settings
        return {
            "spec": record.spec.model_dump(mode="json"),
            "hyperparameters": vars(record.spec.hyperparameters()),
            "commands": [(command.step, command.content) for command in record.commands],
            "until_step": record.step,
            "paused": paused,
            "niceness": self._slots.niceness,
            "best": [record.best.accuracy, -record.best.cost] if record.best else None,
            "kept_checkpoints": self._keep,
            "checkpoint_seconds": settings.checkpoint_seconds,
            "max_epochs": settings.max_epochs,
            "memory_bytes": settings.max_run_memory_mib * 2**20,
            "data_dir": str(settings.data_dir) if settings.data_dir else None,
            "cache_dir": str(settings.cache_dir) if settings.cache_dir else None,
        }

    async def _note(self, worker: WorkerProcess, message: Message) -> None:
        """Take in what the worker tells. All but frames is told in order, once it is kept."""
        run = self._run
        content, payload = message
        match content["type"]:
            case "frame":
                run.step = max(run.step, content["step"])
                run.room.set_frame(Frame(payload))
            case "progress":
                run.tell_in_turn(functools.partial(self._tell_progress, content))
            case "epoch":
                keep = functools.partial(self._keep_epoch, content["epoch"], payload)
                run.add_epoch(content, keep)
            case "status":
                await self._note_status(content, payload)
            case "failed":
                run.set_status("failed", run.step, content["reason"])
            case "taken":
                run.note_command(content["step"], content["command"])
            case "done":
                run.note_step(content["step"], functools.partial(worker.answer, message))
            case _:
                await self._note_checkpoint(content, payload)

    async def _note_checkpoint(self, content: dict[str, Any], payload: bytes) -> None:
        """Take in a checkpoint that comes by itself."""
        match content["type"]:
            case "kept":
                self._keep_epoch(content["epoch"], payload)
            case "best":
                best = Best(content["epoch"], content["accuracy"], content["cost"])
                self._keep_best(best, payload)
            case "saved":
                await self._save(payload)

    async def _note_status(self, content: dict[str, Any], payload: bytes) -> None:
        """Note a change of state; what it takes to go on from an end or a pause comes first."""
        run = self._run
        if content["status"] == "training":
            then = functools.partial(self._keep_epoch, 0, payload) if payload else None
        else:
            then = None
            if run.room.frame:
                run.keeper.shelf.put(run.id, "frame", run.room.frame.everything)
            await run.keeper.journal.write()
            if not run.is_deleted:
                await run.keeper.shelf.write(run.id, "training", payload)

        def tell() -> None:
            if then:
                then()
            self.begun.set()

        run.set_status(content["status"], content["step"], content["reason"], tell)

    async def _save(self, training: bytes) -> None:
        """Have what it takes to go on written, once all that led to it is."""
        await self._run.keeper.journal.write()
        if not self._run.is_deleted:
            self._run.keeper.shelf.put(self._run.id, "training", training)

    def _keep_epoch(self, epoch: int, checkpoint: bytes) -> None:
        """Have an epoch's checkpoint written, if there is one, and others removed."""
        run = self._run
        if not checkpoint or run.is_deleted:
            return
        run.keeper.shelf.put(run.id, str(epoch), checkpoint)
        run.kept_epochs.add(epoch)
        self._thin_out(epoch, run.record.best)

    def _keep_best(self, best: Best, checkpoint: bytes) -> None:
        """Have the best epoch's checkpoint written."""
        run = self._run

        def tell() -> None:
            if not run.is_deleted:
                run.keeper.shelf.put(run.id, str(best.epoch), checkpoint)
                run.kept_epochs.add(best.epoch)
                self._thin_out(run.epoch, best)

        run.write(tell, best=best)

    def _thin_out(self, epoch: int, best: Best | None) -> None:
        """Remove the checkpoints that are no longer kept once this epoch is complete."""
        run = self._run
        apart = spacing(epoch, self._keep)
        for kept in [kept for kept in run.kept_epochs if kept % apart]:
            if best is None or kept != best.epoch:
                run.kept_epochs.remove(kept)
                run.keeper.shelf.remove(run.id, str(kept))

    def _tell_progress(self, content: dict[str, Any]) -> None:
        self._run.step = max(self._run.step, content["step"])
        self._run.room.set_progress(content)

    def _tell_place(self, place: int, why: str) -> None:
        """Tell the viewers where in the queue the run is: the latest only."""
        run = self._run
        if place != run.place:
            run.place = place
            run.wait_reason = f"number {place} in the queue: {why}"
            event = {"type": "status", "status": "queued", "step": run.step}
            run.room.set_progress(event | {"reason": run.wait_reason})
        self.begun.set()

    def _leave_queue(self) -> None:
        self._run.place = None
        self._run.wait_reason = None
