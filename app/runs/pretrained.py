"""The pretrained networks, as runs that have already finished."""

from app.runs.frame import Frame
from app.runs.record import Record
from app.runs.run import Run
from app.runs.slots import Slots
from app.runs.spec import RunSpec
from app.runs.storage import Storage
from app.runs.tally import Tally
from app.runs.worker_processes import WorkerEndedError, WorkerProcess
from app.settings import Settings
from nn_core import checkpoints
from nn_core.network import Network


class PretrainedRun(Run):
    """A run that finished before Nudge was shipped: the network in a file.

    The file's metadata says which spec trained it, and how well it reads MNIST's test set.
    """

    is_pretrained = True

    def __init__(
        self,
        name: str,
        file: bytes,
        settings: Settings,
        storage: Storage,
        slots: Slots,
        tally: Tally,
    ) -> None:
        metadata = checkpoints.read_metadata(file)
        spec = RunSpec.model_validate_json(metadata["spec"])
        record = Record(
            name,
            "",
            spec,
            settings.library.info(spec.dataset),
            status="finished",
            reason=metadata["card"],
            epoch=int(metadata["epoch"]),
            step=int(metadata["step"]),
        )
        super().__init__(record, [], settings, storage, slots, no_worker, tally)
        self._file = file
        self._network = checkpoints.load(file).network
        self.networks.kept_epochs = {record.epoch}
        frame = checkpoints.save_frame(self._network, None, record.epoch, record.step)
        self.room.frame = Frame(frame)

    def touch(self) -> None:
        """Do nothing: it is never removed."""

    async def load(self) -> None:
        """Do nothing: everything is in memory."""

    async def network_to_read_with(self) -> Network:
        """Return the network."""
        return self._network

    async def checkpoint(self, epoch: int | None = None) -> bytes:
        """Return the network as the bytes of a safetensors file. Raises NotKeptError."""
        if epoch in (None, self.record.epoch):
            return self._file
        return await self.networks.at(epoch)


async def no_worker() -> WorkerProcess:
    """Raise WorkerEndedError: a pretrained network never needs a worker."""
    raise WorkerEndedError("this run has no worker")
