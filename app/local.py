"""A spec trained in this process, without a server: what the command line does."""

from collections.abc import Generator
from typing import NamedTuple

import numpy as np

from app.runs.spec import RunSpec
from app.settings import Settings
from nn_core import training
from nn_core.arithmetic import keep_compiled_in
from nn_core.datasets import Dataset
from nn_core.events import Command, Event
from nn_core.network import Network


class LocalTraining(NamedTuple):
    """A network, what it learns from, and its training, which goes on when it is asked for more."""

    network: Network
    dataset: Dataset
    events: Generator[Event, Command | None, None]


def begin(spec: RunSpec, settings: Settings) -> LocalTraining:
    """Return the training of a spec that has been checked. Raises DatasetError."""
    digits = settings.library.load_to_train(
        spec.dataset, spec.train_examples, spec.extra_dataset, spec.label_noise, spec.seed
    )
    rng = np.random.default_rng(spec.seed)
    network = spec.network(settings.library.info(spec.dataset))
    network.initialize(spec.initializer, rng)
    keep_compiled_in(settings.cache_dir)
    events = training.train(
        network,
        digits.training,
        digits.test,
        spec.hyperparameters(),
        rng,
        compiled=spec.is_compiled,
    )
    return LocalTraining(network, digits, events)
