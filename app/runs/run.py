"""A run: its specification, its state, and the commands that change it.

A run has a worker process while it trains or is paused, and none before and after. What it takes to
go on later is kept with the run, so a finished or stopped run can be resumed by a new worker.
"""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, Literal

from app.runs.messages import Message, strict_json
from app.runs.room import Frame, Room
from app.runs.spec import RunSpec
from app.runs.worker import spacing
from app.runs.workers import WorkerEndedError, WorkerProcess
from app.settings import Settings
from nn_core import checkpoints
from nn_core.network import Network
from nn_core.parameters import count_parameters

log = logging.getLogger(__name__)

RunStatus = Literal[
    "queued", "training", "paused", "finished", "stopped", "diverged", "interrupted", "failed"
]

LIVE = ("queued", "training", "paused")
RESUMABLE: tuple[RunStatus, ...] = ("finished", "stopped")


class WrongStateError(Exception):
    """The command does not fit the run's state; the message says why."""


class NotKeptError(Exception):
    """No checkpoint of that epoch is kept."""


async def no_worker() -> WorkerProcess:
    """Stand where a run that needs no worker would take one from."""
    raise WorkerEndedError("this run has no worker")


class Run:
    """One run, from its creation to its deletion."""

    def __init__(
        self,
        spec: RunSpec,
        settings: Settings,
        take_worker: Callable[[], Awaitable[WorkerProcess]],
        owner: str = "",
    ) -> None:
        self.owner = owner  # the visitor whose run it is
        self.name: str | None = None
        self.created = datetime.now(UTC)
        self.id = secrets.token_hex(16)  # 128 bits: a link that can't be guessed
        self.spec = spec
        self.status: RunStatus = "queued"
        self.reason: str | None = None
        self.epoch = 0
        self.step = 0
        self.dataset = settings.library.info(spec.dataset)
        self.parameters = count_parameters(spec.layer_sizes(self.dataset))
        self.room = Room(self._ask_for_frames)
        self.checkpoints: dict[int, bytes] = {}  # by epoch; 0 is the untrained network
        self._settings = settings
        self._take_worker = take_worker
        self._worker: WorkerProcess | None = None
        self._life: asyncio.Task[None] | None = None  # runs as long as the worker does
        self._begun = asyncio.Event()  # the worker trains, or it never will
        self._commands = asyncio.Lock()  # one command at a time
        self._saved = b""  # what it takes to go on, once the run has ended
        self._frames_asked_for = 0.0
        size = 4 * self.parameters
        self._keep = max(1, min(settings.kept_checkpoints, settings.kept_checkpoint_bytes // size))
        self.is_pretrained = False

    @classmethod
    def pretrained(cls, name: str, file: bytes, settings: Settings) -> "Run":
        """Return a run that finished before Nudge was shipped: the network in a file.

        The file's metadata says which spec trained it, and how well it reads MNIST's test set.
        """
        metadata = checkpoints.read_metadata(file)
        network = checkpoints.load(file).network
        run = cls(RunSpec.model_validate_json(metadata["spec"]), settings, no_worker)
        run.id = name
        run.is_pretrained = True
        run.status = "finished"
        run.reason = metadata["card"]
        run.epoch, run.step = int(metadata["epoch"]), int(metadata["step"])
        run.checkpoints[run.epoch] = file
        frame = checkpoints.save_frame(network, None, run.epoch, run.step)
        run.room.set_frame(Frame(frame))
        run._begun.set()
        return run

    def describe(self, visitor: str = "") -> dict[str, Any]:
        """Return the run as it is told to a visitor."""
        return {
            "id": self.id,
            "name": self.name,
            "created": self.created.isoformat(timespec="seconds"),
            "yours": self.owner == visitor and not self.is_pretrained,
            "place": None,
            "status": self.status,
            "reason": self.reason,
            "spec": self.spec.model_dump(mode="json"),
            "parameters": self.parameters,
            "epoch": self.epoch,
            "step": self.step,
        }

    def hello(self, after: int, visitor: str = "") -> str:
        """Return the event that greets a viewer who has seen the epochs up to ``after``."""
        first = max(after, len(self.room.epochs) - self._settings.hello_epochs, 0)
        run = strict_json(self.describe(visitor))
        return f'{{"type":"hello","run":{run},"epochs":[{",".join(self.room.epochs[first:])}]}}'

    # Commands

    def start(self) -> None:
        """Begin to train, or to go on."""
        self._begun.clear()
        self._life = asyncio.create_task(self._live())

    async def pause(self) -> None:
        """Make no more steps until resumed."""
        self.require_own("pause")
        async with self._commands:
            await self._begun.wait()
            if self.status != "paused":
                self._require("pause", "training")
                await self._command({"type": "pause"})
                self._require("pause", "paused")

    async def resume(self) -> None:
        """Go on with a paused run, or with one that ended and has epochs left to train."""
        self.require_own("resume")
        async with self._commands:
            await self._begun.wait()
            if self.status == "training":
                return
            self._require("resume", "paused", *RESUMABLE)
            if self.status == "paused":
                await self._command({"type": "resume"})
                return
            if self.spec.epochs is not None and self.epoch >= self.spec.epochs:
                raise WrongStateError(
                    f"all {self.spec.epochs:,} epochs are trained: ask for more epochs first"
                )
            await self._end_life()
            self._set_status("queued", self.step, None)
            self.start()
            await self._begun.wait()
            if self.status == "failed":
                raise WrongStateError(f"it failed: {self.reason}")

    async def make_step(self) -> None:
        """Make one gradient descent step and be paused."""
        self.require_own("step")
        async with self._commands:
            await self._begun.wait()
            self._require("step", "training", "paused")
            await self._command({"type": "step"})

    async def stop(self) -> None:
        """End the training."""
        self.require_own("stop")
        async with self._commands:
            await self._begun.wait()
            if self.status == "stopped":
                return
            self._require("stop", "training", "paused")
            await self._command({"type": "stop"})
            self._require("stop", "stopped")

    async def nudge(self, index: int, amount: float) -> Network:
        """Add an amount to one parameter; return the network as it was just before.

        The index must be one of a parameter.
        """
        self.require_own("be nudged")
        async with self._commands:
            await self._begun.wait()
            self._require("be nudged", "training", "paused")
            answer = await self._command({"type": "nudge", "index": index, "amount": amount})
        return await asyncio.to_thread(lambda: checkpoints.load(answer.payload).network)

    async def change(self, values: dict[str, Any]) -> None:
        """Change hyperparameters from the next step on."""
        self.require_own("change")
        async with self._commands:
            await self._begun.wait()
            if "name" in values:
                self.name = values.pop("name")
            if not values:
                return
            self._require("change", "training", "paused", *RESUMABLE)
            if self.status not in RESUMABLE:
                try:
                    await self._command({"type": "change", "values": values})
                except WrongStateError:
                    if self.status not in RESUMABLE:
                        raise
                    # It ended while it was asked: the change holds when it is resumed.
            self.spec = self.spec.model_copy(update=values)

    def require_own(self, command: str) -> None:
        """Raise WrongStateError if this network came with Nudge."""
        if self.is_pretrained:
            raise WrongStateError(f"the pretrained network can't {command}: train one of your own")

    async def close(self, farewell: str) -> None:
        """Stop for good: tell the viewers why and let them go, and end the worker."""
        if self.status in LIVE:
            self._set_status("stopped", self.step, farewell)
        self.forget(farewell)
        await self._end_life()

    def forget(self, farewell: str = "this run is no longer kept") -> None:
        """Tell the viewers why, and let them go."""
        self.room.add_event({"type": "error", "detail": farewell})
        self.room.close()

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
            if epoch not in self.checkpoints:
                kept = ", ".join(map(str, sorted(self.checkpoints))) or "none"
                raise NotKeptError(f"no checkpoint of epoch {epoch} is kept; there are {kept}")
            return self.checkpoints[epoch]
        await self._begun.wait()
        if self._worker and self.status in LIVE:
            with contextlib.suppress(WorkerEndedError):  # it finished while it was asked
                answer = await self._worker.ask(
                    {"type": "checkpoint"}, self._settings.worker_answer_seconds
                )
                return answer.payload
        if self.status == "failed" or not self._saved:
            if not self.checkpoints:
                raise NotKeptError("no checkpoint is kept")
            return self.checkpoints[max(self.checkpoints)]
        network = self.spec.network(self.dataset)
        memory = checkpoints.load_training(self._saved, network)
        return checkpoints.save(
            network,
            {"epoch": str(memory.epoch), "step": checkpoints.read_metadata(self._saved)["step"]},
        )

    # The worker

    async def _live(self) -> None:
        """Have a worker train, and note what it tells, until it ends."""
        reason: str | None = "it could not be started"
        try:
            self._worker = worker = await self._take_worker()
            if self.room.closed:  # it was deleted while its worker was being started
                await worker.end()
                return
            log.info("run %s trains in process %d", self.id, worker.pid)
            worker.send(self._start_message(), self._saved)
            self._frames_asked_for = 0
            self._ask_for_frames()
            reason = await worker.listen(self._note)
        except OSError as error:
            reason = f"its process could not be started: {error}"
        finally:
            self._worker = None
            if self.status in LIVE:
                self._set_status("failed", self.step, reason or "its process ended unexpectedly")
            self._begun.set()

    def _start_message(self) -> dict[str, Any]:
        hyperparameters = vars(self.spec.hyperparameters())
        data_dir, cache_dir = self._settings.data_dir, self._settings.cache_dir
        return {
            "spec": self.spec.model_dump(mode="json"),
            "hyperparameters": hyperparameters,
            "data_dir": str(data_dir) if data_dir else None,
            "cache_dir": str(cache_dir) if cache_dir else None,
            "kept_checkpoints": self._keep,
        }

    def _note(self, message: Message) -> None:
        """Take in an event of the worker."""
        content, payload = message
        match content["type"]:
            case "epoch":
                self.epoch, self.step = content["epoch"], content["step"]
                if payload:
                    self._keep_checkpoint(content["epoch"], payload)
                self.room.add_epoch(content)
            case "progress":
                self.step = content["step"]
                self.room.set_progress(content)
            case "frame":
                self.step = max(self.step, content["step"])
                self.room.set_frame(Frame(payload))
            case "status":
                if content["status"] == "training" and payload:
                    self._keep_checkpoint(0, payload)
                elif payload:
                    self._saved = payload
                self._set_status(content["status"], content["step"], content["reason"])
                self._begun.set()
            case "failed":
                self._set_status("failed", self.step, content["reason"])

    def _set_status(self, status: RunStatus, step: int, reason: str | None) -> None:
        self.status, self.step, self.reason = status, step, reason
        self.room.add_event(
            {"type": "status", "status": status, "step": step, "reason": reason},
            after_frame=status != "training",
        )
        log.info("run %s is %s%s", self.id, status, f": {reason}" if reason else "")

    def _keep_checkpoint(self, epoch: int, checkpoint: bytes) -> None:
        self.checkpoints[epoch] = checkpoint
        apart = spacing(epoch, self._keep)
        for kept in [kept for kept in self.checkpoints if kept % apart]:
            del self.checkpoints[kept]

    async def _command(self, content: dict[str, Any]) -> Message:
        """Have the worker carry out a command, and return its answer once that holds."""
        if not self._worker:
            raise WrongStateError(f"the run is {self.status}")
        try:
            return await self._worker.ask(content, self._settings.worker_answer_seconds)
        except WorkerEndedError as error:
            raise WrongStateError(f"the run is {self.status}: {error}") from error

    def _require(self, command: str, *states: RunStatus) -> None:
        if self.status not in states:
            why = f" ({self.reason})" if self.reason else ""
            raise WrongStateError(f"a run that is {self.status} can't {command}{why}")

    def _ask_for_frames(self) -> None:
        """Tell the worker how many frames a second its viewers want, if that has changed."""
        wanted = self.room.frames_per_second()
        if self._worker and wanted != self._frames_asked_for:
            self._frames_asked_for = wanted
            self._worker.send({"type": "frames", "frames_per_second": wanted})

    async def _end_life(self) -> None:
        if self._worker:
            await self._worker.end()
        if self._life:
            with contextlib.suppress(asyncio.CancelledError):
                await self._life
