"""Copies of runs: a new run that begins with a network as it is now, to go on with as one's own."""

from app.datasets.owners import require_open
from app.runs.commands import WrongStateError
from app.runs.run import Run
from app.runs.spec import RunSpec, SpecError, check_against
from app.runs.store import RunStore
from app.settings import Settings
from nn_core import checkpoints
from nn_core.descent import start
from nn_core.events import Memory


async def copy(store: RunStore, run: Run, settings: Settings, owner: str, address: str) -> Run:
    """Return a new paused run that begins with a run's network, as it is now.

    Raises TooManyRunsError, WrongStateError, NotKeptError, and UnknownDatasetError if it learns
    from somebody else's data.
    """
    spec = spec_of_copy(run, settings)
    require_open_data(spec, settings, owner)
    training = await training_of_copy(run, spec)
    name = run.record.name or (run.id if run.is_pretrained else "another run")
    return await store.create(
        spec, owner, address, paused=True, training=training, name=f"copy of {name}"[:80]
    )


def spec_of_copy(run: Run, settings: Settings) -> RunSpec:
    """Return what a copy of a run is to be. Raises WrongStateError if this server can't train it.

    A pretrained network's data set may not be here: then its copy trains on a part, digits-5k.
    """
    spec = run.spec
    if run.is_pretrained and not settings.library.is_here(spec.dataset):
        spec = spec.model_copy(update={"dataset": "digits-5k"})
    try:
        check_against(spec, settings)
    except SpecError as error:
        raise WrongStateError(f"this run can't be copied: {error}") from error
    return spec


def require_open_data(spec: RunSpec, settings: Settings, visitor: str) -> None:
    """Raise UnknownDatasetError if a spec's data are somebody else's, and not shared."""
    for name in (spec.dataset, spec.extra_dataset):
        if name is not None:
            require_open(settings.library, name, visitor)


async def training_of_copy(run: Run, spec: RunSpec) -> bytes:
    """Return a saved training of that spec which begins with a run's network, as it is now.

    Raises NotKeptError.
    """
    network = await run.network()
    memory = Memory(start(spec.optimizer, network.parameters))
    kind = run.record.dataset.kind
    return checkpoints.save_training(network, memory, {"commands": "0"}, kind)
