"""Archives for the tests: valid ones, and zips with arbitrary content."""

import io
import json
import zipfile
from datetime import UTC, datetime
from functools import cache
from typing import Any

import numpy as np

from app.runs.archive import ArchivedRun, pack
from app.runs.spec import RunSpec
from app.settings import Settings
from nn_core import checkpoints
from nn_core.descent import start
from nn_core.events import Memory
from nn_core.network import Network
from nn_core.parameters import Parameters

DIGITS = Settings().library.info("digits-5k")


def network_of(spec: RunSpec, seed: int = 0) -> Network:
    """Return a network as a run with this spec has, with random parameters."""
    network = spec.network(DIGITS)
    network.initialize("xavier", np.random.default_rng(seed))
    return network


def epoch_of(spec: RunSpec, epoch: int, **figures: Any) -> dict[str, Any]:
    """Return the event of an epoch."""
    return {
        "type": "epoch",
        "epoch": epoch,
        "step": 125 * epoch,
        "cost": 0.5 / epoch,
        "accuracy": 0.75,
        "test_cost": 0.625,
        "test_accuracy": None,
        "gradient_norms": [0.25] * (len(spec.hidden) + 1),
        "learning_rate": 1.0,
        "seconds": 0.015,
        "examples_per_second": 250_000.0,
        "clean_accuracy": None,
        "noisy_accuracy": 0.125,
        **figures,
    }


def training_of(spec: RunSpec, epoch: int, **state: Any) -> bytes:
    """Return a saved training that has completed so many epochs."""
    network = network_of(spec, epoch)
    rng = dict(np.random.default_rng(epoch).bit_generator.state)
    known: dict[str, Any] = {
        "rng": rng,
        "rng_at_epoch_start": rng,
        "epoch": epoch,
        "step": 125 * epoch,
    }
    descent = start(spec.optimizer, network.parameters)
    for vector in descent.vectors:
        vector[:] = network.parameters.theta / 8
    return checkpoints.save_training(network, Memory(descent, **(known | state)), {"commands": "1"})


def checkpoint_of(spec: RunSpec, epoch: int) -> bytes:
    """Return the checkpoint of an epoch."""
    metadata = {"epoch": str(epoch), "step": str(125 * epoch)}
    return checkpoints.save(network_of(spec, epoch), metadata)


def frame_of(spec: RunSpec, epoch: int, gradient: Parameters | None) -> bytes:
    """Return a frame with this gradient."""
    return checkpoints.save_frame(network_of(spec, epoch), gradient, epoch, 125 * epoch)


def run_of(spec: RunSpec | None = None, epochs: int = 2, **changes: Any) -> ArchivedRun:
    """Return a finished run as the store would give it to an archive."""
    spec = spec or RunSpec(hidden=[4])
    networks: dict[str, Any] = {
        "checkpoints": {epoch: checkpoint_of(spec, epoch) for epoch in range(epochs + 1)},
        "saved": training_of(spec, epochs),
        "frame": frame_of(spec, epochs, network_of(spec).parameters),
    }
    return without_networks(spec, epochs, **(networks | changes))


def without_networks(spec: RunSpec, epochs: int, **changes: Any) -> ArchivedRun:
    """Return a finished run of which no network is kept, but for the changes."""
    fields: dict[str, Any] = {
        "name": "a run",
        "created": datetime(2026, 3, 2, 8, tzinfo=UTC),
        "status": "finished",
        "reason": None,
        "spec": spec,
        "step": 125 * epochs,
        "seconds": 1.5,
        "epochs": [epoch_of(spec, epoch) for epoch in range(1, epochs + 1)],
        "commands": [
            {
                "step": 7 * (epochs > 0),
                "content": {"type": "change", "values": {"learning_rate": 0.5}},
            }
        ],
    }
    return ArchivedRun(**(fields | changes))


def long_run(epochs: int) -> ArchivedRun:
    """Return a finished run of many epochs, of which no network is kept."""
    return without_networks(RunSpec(hidden=[4], epochs=epochs), epochs)


def packed(*runs: ArchivedRun) -> bytes:
    """Return the zip with these runs."""
    file = io.BytesIO()
    pack(runs, file)
    return file.getvalue()


def entries(archive: bytes) -> dict[str, bytes]:
    """Return what a zip has, by name."""
    with zipfile.ZipFile(io.BytesIO(archive)) as file:
        return {name: file.read(name) for name in file.namelist()}


def zipped(contents: dict[str, bytes]) -> bytes:
    """Return a zip with these entries, as they are."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return file.getvalue()


@cache
def honest_entries() -> dict[str, bytes]:
    """Return what an archive of one run has, by name."""
    return entries(packed(run_of()))


def with_entries(**changes: bytes | None) -> bytes:
    """Return a zip of one run with some of its run's files changed, added, or left out."""
    contents = dict(honest_entries())
    for name, content in changes.items():
        if content is None:
            del contents[f"runs/0001/{name}"]
        else:
            contents[f"runs/0001/{name}"] = content
    return zipped(contents)


def with_run_json(**changes: Any) -> bytes:
    """Return a zip of one run whose run.json says something else."""
    about = json.loads(honest_entries()["runs/0001/run.json"])
    return with_entries(**{"run.json": json.dumps(about | changes).encode()})
