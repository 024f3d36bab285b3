"""Runs that begin with another run's network: a copy to go on with, a fork without some neurons."""

from app.datasets.owners import require_open
from app.runs.commands import WrongStateError
from app.runs.ingredients import held_in
from app.runs.run import Run
from app.runs.spec import RunSpec, SpecError, check_against
from app.runs.store import RunStore
from app.settings import Settings
from nn_core import checkpoints
from nn_core.descent import start
from nn_core.events import Memory
from nn_core.network import Network
from nn_core.silencing import silenced


async def copy(store: RunStore, run: Run, settings: Settings, owner: str, address: str) -> Run:
    """Return a new paused run that begins with a run's network, as it is now.

    Raises TooManyRunsError, WrongStateError, NotKeptError, and UnknownDatasetError if it learns
    from somebody else's data.
    """
    spec = spec_to_go_on(run, settings, owner)
    try:
        check_against(spec, settings)
    except SpecError as error:
        raise WrongStateError(f"this run can't be copied: {error}") from error
    training = training_from(await run.network(), spec, run)
    return await store.create(
        spec, owner, address, paused=True, training=training, name=f"copy of {name_of(run)}"[:80]
    )


def name_of(run: Run) -> str:
    """Return what the name of a run that begins with this one's network calls it."""
    return run.record.name or (run.id if run.is_pretrained else "another run")


def spec_to_go_on(run: Run, settings: Settings, visitor: str) -> RunSpec:
    """Return a run's spec for a visitor to train with.

    A pretrained network's data set may not be here: then a part is trained on, digits-5k. Raises
    UnknownDatasetError if its data are somebody else's, and not shared.
    """
    spec = run.spec
    if run.is_pretrained and not settings.library.is_here(spec.dataset):
        spec = spec.model_copy(update={"dataset": "digits-5k"})
    for name in (spec.dataset, spec.extra_dataset):
        if name is not None:
            require_open(settings.library, name, visitor)
    return spec


def training_from(network: Network, spec: RunSpec, run: Run) -> bytes:
    """Return a saved training of a spec that begins with a network of this run."""
    network = silenced(network, ())  # a copy: the run keeps its own as it is
    held = held_in(spec.model_dump(), network)
    if held is not None:
        network.parameters.theta[held] = 0
    memory = Memory(start(spec.optimizer, network.parameters))
    kind = run.record.dataset.kind
    return checkpoints.save_training(network, memory, {"commands": "0"}, kind)
