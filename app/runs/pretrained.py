"""The pretrained networks, as runs that have already finished."""

from app.runs.keeper import Keeper
from app.runs.record import Record
from app.runs.room import Frame
from app.runs.run import Run, WrongStateError
from app.runs.slots import Slots
from app.runs.spec import RunSpec
from app.runs.workers import WorkerEndedError, WorkerProcess
from app.settings import Settings
from nn_core import checkpoints


class PretrainedRun(Run):
    """A run that finished before Nudge was shipped: the network in a file.

    The file's metadata says which spec trained it, and how well it reads MNIST's test set.
    """

    is_pretrained = True

    def __init__(
        self, name: str, file: bytes, settings: Settings, keeper: Keeper, slots: Slots
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
        super().__init__(record, settings, keeper, slots, no_worker)
        self._network_file = file
        self.kept_epochs = {record.epoch}
        network = checkpoints.load(file).network
        self.room.frame = Frame(checkpoints.save_frame(network, None, record.epoch, record.step))

    def touch(self) -> None:
        """Do nothing: it is always there."""

    async def gather(self) -> None:
        """Do nothing: all is in memory."""

    def require_own(self, command: str) -> None:
        """Raise WrongStateError, always."""
        raise WrongStateError(f"the pretrained network can't {command}: train one of your own")

    async def checkpoint(self, epoch: int | None = None) -> bytes:
        """Return the network as the bytes of a safetensors file. Raises NotKeptError."""
        return self._network_file if epoch is None else await super().checkpoint(epoch)

    async def _file(self, _name: str) -> bytes:
        return self._network_file


async def no_worker() -> WorkerProcess:
    """Stand where a run that needs no worker would take one from."""
    raise WorkerEndedError("this run has no worker")
