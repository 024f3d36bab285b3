"""Nudges by hand, while a network trains or is paused."""

import numpy as np
import pytest

from nn_core import Hyperparameters, checkpoints, train
from nn_core.events import (
    Nudge,
    Nudged,
    Pause,
    Progress,
    Resume,
    Save,
    Saved,
    Stop,
)
from tests.nn_core.test_training_commands import EXAMPLES, is_at, started
from tests.nn_core.toy_problems import OPTIMIZER_NAMES, toy_examples, toy_network


def test_a_parameter_is_nudged_between_two_steps() -> None:
    network = toy_network()
    training = started(network)
    next(training)
    before = network.parameters.theta.copy()

    value = float(before[7] + np.float32(0.5))
    assert training.send(Nudge(7, 0.5)) == Nudged(1, 7, value)
    changed = np.flatnonzero(network.parameters.theta != before)
    assert changed.tolist() == [7]
    assert network.parameters.theta[7] == value
    event = next(training)
    assert isinstance(event, Progress)
    assert event.step == 2


@pytest.mark.parametrize("optimizer", OPTIMIZER_NAMES)
def test_a_nudge_while_paused_is_one_while_training(optimizer: str) -> None:
    thetas = []
    for paused in (False, True):
        network = toy_network()
        training = started(network, optimizer=optimizer)
        next(training)
        if paused:
            training.send(Pause())
        training.send(Nudge(7, 0.5))
        if paused:
            assert is_at(next(training), "paused", 1)
            training.send(Resume())
        *_, last = training
        assert is_at(last, "finished", 12)
        thetas.append(network.parameters.theta.copy())
    assert np.array_equal(thetas[0], thetas[1])


def test_what_was_nudged_is_saved() -> None:
    plain, saved = toy_network(), toy_network(seed=1)
    training = started(plain, optimizer="adam")
    next(training)
    training.send(Nudge(0, -1.0))
    event = training.send(Save())
    assert isinstance(event, Saved)
    file = checkpoints.save_training(plain, event.memory)
    list(training)

    memory = checkpoints.load_training(file, saved)
    chosen = Hyperparameters(batch_size=5, epochs=3, optimizer="adam")
    list(train(saved, toy_examples(EXAMPLES), None, chosen, memory=memory))
    assert np.array_equal(saved.parameters.theta, plain.parameters.theta)


@pytest.mark.parametrize(("index", "amount"), [(-1, 1.0), (10**6, 1.0), (0, np.nan), (0, 1e39)])
def test_a_nudge_that_can_not_be_made_changes_nothing(index: int, amount: float) -> None:
    network = toy_network()
    training = started(network)
    theta = network.parameters.theta.copy()
    with pytest.raises(ValueError, match=r"no parameter|finite"):
        training.send(Nudge(index, amount))
    assert np.array_equal(network.parameters.theta, theta)


def test_a_training_that_has_ended_is_not_nudged() -> None:
    network = toy_network()
    training = started(network)
    training.send(Stop())
    theta = network.parameters.theta.copy()
    assert is_at(training.send(Nudge(0, 1.0)), "stopped", 0)
    assert np.array_equal(network.parameters.theta, theta)
