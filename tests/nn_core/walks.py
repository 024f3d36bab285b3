"""A walk through a small network, and what must be true of every walk."""

import re
from types import ModuleType

import numpy as np

from nn_core import Network, by_hand
from nn_core.walk import Walk, walk
from tests.nn_core.toy_problems import random_batch, random_network


def walked(
    hidden: list[int],
    activation: str | list[str] = "sigmoid",
    output: str = "sigmoid",
    cost: str = "squared-error",
    module: ModuleType = by_hand,
    learning_rate: float = 0.5,
) -> tuple[Network, Walk]:
    rng = np.random.default_rng(0)
    network = random_network([7, *hidden, 3], activation, output, cost, rng)
    x, y = random_batch(network, 1, rng)
    return network, walk(network, x[0], y[0], learning_rate, module)


def assert_each_line_assigns_its_name(walk: Walk) -> None:
    lines = walk.source.text.splitlines()
    for step in walk.steps:
        line = lines[step.line - 1]
        assert re.search(rf"(?<![\w.]){re.escape(step.name)} [-+]?= ?", line), (step, line)
