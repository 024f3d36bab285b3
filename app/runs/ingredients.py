"""What a worker trains with: the data set, the network, and what of it is held at 0."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.runs import steering
from app.runs.messages import Start
from nn_core.arithmetic import keep_compiled_in
from nn_core.datasets import Dataset, Library
from nn_core.network import Network
from nn_core.silencing import held_at_zero, neuron_of


def dataset_of(start: Start) -> Dataset:
    """Return a run's data set, with the drawings that were added. Raises DatasetError."""
    spec = start.spec
    data_dir, cache_dir = (
        Path(folder) if folder else None for folder in (start.data_dir, start.cache_dir)
    )
    dataset = Library(data_dir, cache_dir).load_to_train(
        spec["dataset"],
        spec["train_examples"],
        spec["extra_dataset"],
        spec["label_noise"],
        spec["seed"],
    )
    return steering.with_added(dataset, start.commands)


def compiled_in(start: Start) -> bool:
    """Return whether compiled loops make the steps; if so, prepare where they are kept."""
    if start.spec["arithmetic"] == "numpy":
        return False
    keep_compiled_in(Path(start.cache_dir) if start.cache_dir else None)
    return True


def network_of(spec: dict[str, Any], dataset: Dataset) -> Network:
    """Return a network of a spec's layers, with all parameters 0."""
    rows, columns = dataset.input_shape
    return Network(
        [rows * columns, *spec["hidden"], dataset.classes],
        spec["activation"],
        spec["output"],
        spec["cost"],
    )


def held_in(spec: dict[str, Any], network: Network) -> NDArray[np.bool] | None:
    """Return which elements of θ are held at 0, since their neurons are silenced; None: none."""
    if not spec["silence"]:
        return None
    return held_at_zero(network.layer_sizes, map(neuron_of, spec["silence"]))
