"""The pretrained networks, as runs that have already finished."""

import asyncio
from collections.abc import Iterator
from functools import cached_property
from importlib.resources import files as resources
from typing import Any

from app.runs.engines.engine import OnWait, Worker, WorkerEndedError
from app.runs.frame import Frame
from app.runs.hold import Hold
from app.runs.ledger import EPOCH_FIGURES
from app.runs.record import Record
from app.runs.room import StoredEvent
from app.runs.run import Run
from app.runs.slots import Slots
from app.runs.spec import RunSpec
from app.runs.storage import Storage
from app.runs.tally import Tally
from app.settings import Settings
from app.strict_json import strict_json
from nn_core import checkpoints
from nn_core.checkpoints import Checkpoint
from nn_core.mistakes import Mistakes
from nn_core.pretrained import history

PRETRAINED = ("pretrained", "pretrained-large")


class PretrainedRun(Run):
    """A run that finished before Nudge was shipped: the network in a file, its history in another.

    The file's metadata says which spec trained it, and how well it reads MNIST's test set. Of the
    history only the epochs' figures are read at first, the rest when somebody looks.
    """

    is_pretrained = True

    def __init__(
        self,
        name: str,
        file: bytes,
        told: bytes,
        settings: Settings,
        storage: Storage,
        slots: Slots,
        hold: Hold,
        tally: Tally,
    ) -> None:
        metadata = checkpoints.read_metadata(file)
        spec = RunSpec.model_validate_json(metadata["spec"])
        epochs = history.epochs(told)
        record = Record(
            name,
            "",
            spec,
            settings.library.info(spec.dataset),
            status="finished",
            reason=metadata["card"],
            epoch=int(metadata["epoch"]),
            step=int(metadata["step"]),
            test_accuracy=epochs[-1]["test_accuracy"],
            events=len(epochs),
        )
        super().__init__(record, [], settings, storage, slots, hold, no_worker, tally)
        self._file = file
        self._told = told
        self._loaded_once = checkpoints.load(file)
        self._network, self._kind = self._loaded_once.network, self._loaded_once.kind
        self._steps = {0: 0} | {figures["epoch"]: figures["step"] for figures in epochs}
        self.networks.kept_epochs = {*history.earlier_epochs(told), record.epoch}
        self.room.fill(
            [
                StoredEvent(number, strict_json(epoch_event(figures)), figures["epoch"])
                for number, figures in enumerate(epochs)
            ]
        )

    def touch(self) -> None:
        """Do nothing: it is never removed."""

    async def load(self) -> None:
        """Make the frame that a viewer is greeted with; the epochs are in memory."""
        if self.room.frame is None:
            frame = await asyncio.to_thread(self._make_frame)
            self.room.frame = self.room.frame or Frame(frame)

    async def loaded_to_read_with(self, epoch: int | None = None) -> Checkpoint:
        """Return the network, and its metadata. Raises NotKeptError."""
        if epoch is None:
            return self._loaded_once
        return await super().loaded_to_read_with(epoch)

    async def checkpoint(self, epoch: int | None = None) -> bytes:
        """Return the network as the bytes of a safetensors file. Raises NotKeptError."""
        if epoch in (None, self.record.epoch):
            return self._file
        if epoch in self.networks.kept_epochs:
            return await asyncio.to_thread(self._earlier_checkpoint, epoch)
        return await self.networks.at(epoch)

    async def known_mistakes(self, epoch: int | None) -> Mistakes | None:
        """Return the mistakes of the network as it is: MNIST, its test set, need not be here."""
        if epoch not in (None, self.record.epoch):
            return None
        return await asyncio.to_thread(lambda: self._history.mistakes)

    @cached_property
    def _history(self) -> history.History:
        return history.load(self._told, self._network.layer_sizes)

    def _make_frame(self) -> bytes:
        gradient = self._history.gradient
        return checkpoints.save_frame(self._network, gradient, self.record.epoch, self.record.step)

    def _earlier_checkpoint(self, epoch: int) -> bytes:
        network = checkpoints.load(self._file).network
        network.parameters.theta[:] = self._history.earlier[epoch].theta
        place = {"epoch": str(epoch), "step": str(self._steps[epoch])}
        return checkpoints.save(network, place, self._kind)


def epoch_event(figures: dict[str, Any]) -> dict[str, Any]:
    """Return the event that tells of an epoch with these figures."""
    return {"type": "epoch", **{name: figures.get(name) for name in EPOCH_FIGURES}}


async def no_worker(on_wait: OnWait) -> Worker:  # noqa: ARG001
    """Raise WorkerEndedError: a pretrained network never needs a worker."""
    raise WorkerEndedError("this run has no worker")


def pretrained_runs(
    settings: Settings, storage: Storage, slots: Slots, hold: Hold, tally: Tally
) -> Iterator[PretrainedRun]:
    """Yield the networks that came with Nudge."""
    folder = resources("nn_core").joinpath("pretrained")
    for name in PRETRAINED:
        file = folder.joinpath(f"{name}.safetensors").read_bytes()
        told = folder.joinpath(f"{name}.history.safetensors").read_bytes()
        yield PretrainedRun(name, file, told, settings, storage, slots, hold, tally)
