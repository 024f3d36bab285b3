"""Hyperparameters that change while a network trains."""

from typing import Any

import numpy as np
import pytest

from nn_core.events import (
    Change,
    Changed,
    Epoch,
    Progress,
    Status,
)
from tests.nn_core.test_training_commands import started
from tests.nn_core.toy_problems import toy_network


def test_a_change_takes_effect_at_the_next_step() -> None:
    network = toy_network()
    training = started(network)
    next(training)

    changed = training.send(Change({"learning_rate": 0.0}))

    assert isinstance(changed, Changed)
    assert changed.step == 1
    assert changed.hyperparameters.learning_rate == 0
    assert changed.hyperparameters.batch_size == 5
    theta = network.parameters.theta.copy()
    for _ in range(3):
        event = next(training)
    assert np.array_equal(network.parameters.theta, theta)
    assert isinstance(event, Epoch)
    assert event.learning_rate == 0
    training.send(Change({"learning_rate": 0.5}))
    next(training)
    assert not np.array_equal(network.parameters.theta, theta)


@pytest.mark.parametrize(
    "change",
    [
        {"learning_rate": 0.01},
        {"momentum": 0.1},
        {"l1": 0.1},
        {"l2": 0.1},
        {"dropout": 0.5},
        {"batch_size": 2},
        {"batch_size": "full"},
    ],
    ids=str,
)
def test_each_of_them_makes_a_difference_and_only_from_then_on(change: dict[str, Any]) -> None:
    changed, plain = toy_network(), toy_network()
    training, reference = (started(network, optimizer="momentum") for network in (changed, plain))
    for _ in range(3):
        next(training)
        next(reference)
    training.send(Change(change))
    assert np.array_equal(changed.parameters.theta, plain.parameters.theta)
    for _ in range(2):
        next(training)
        next(reference)
    assert not np.array_equal(changed.parameters.theta, plain.parameters.theta)


def test_a_change_of_batch_size_leaves_out_no_example_and_uses_none_twice() -> None:
    training = started(toy_network(), batch_size=8, epochs=2)
    steps = [next(training)]
    training.send(Change({"batch_size": 5}))
    steps += [next(training) for _ in range(3)]
    assert [type(step) for step in steps] == [Progress, Progress, Progress, Epoch]  # 8 + 5 + 5 + 2
    *_, last = training
    assert last == Status("finished", 2, 8)


def test_a_change_to_no_rate_is_one_to_a_good_rate() -> None:
    training = started(toy_network())
    training.send(Change({"learning_rate": None}))
    event = next(training)
    assert isinstance(event, Progress)
