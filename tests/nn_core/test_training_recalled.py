"""The last step, recalled: what it was made of, and that it changes nothing to ask."""

import numpy as np
import pytest

from nn_core import Hyperparameters, train
from nn_core.descent_curve import along_step
from nn_core.events import Change, Nudge, Progress, RecalledStep, RecallStep, Save, Saved, Status
from tests.nn_core.test_training_commands import Training, is_at, started
from tests.nn_core.toy_problems import OPTIMIZER_NAMES, toy_examples, toy_network


def recalled(training: Training) -> RecalledStep:
    event = training.send(RecallStep())
    assert isinstance(event, RecalledStep)
    return event


def test_it_is_what_the_step_was_made_of() -> None:
    network = toy_network()
    training = started(network, learning_rate=0.5)
    before = network.parameters.theta.copy()
    event = next(training)
    step = recalled(training)
    assert isinstance(event, Progress)
    assert (step.epoch, step.step, step.learning_rate) == (0, 1, 0.5)
    assert np.array_equal(step.theta, before)
    assert np.array_equal(step.theta + step.nudge, network.parameters.theta)
    assert (step.x.shape, step.y.shape) == ((5, 12), (5, 3))
    gradient = network.parameters.zeros_like()
    then = toy_network()
    assert then.backpropagate(step.x, step.y, gradient).cost / 5 == event.cost
    assert np.array_equal(step.nudge, -0.5 * gradient.theta)


def test_it_stays_what_it_was() -> None:
    network = toy_network()
    training = started(network, learning_rate=0.5)
    next(training)
    first = recalled(training)
    copies = [np.copy(part) for part in (first.x, first.y, first.theta, first.nudge)]
    training.send(Change({"learning_rate": 0.1, "batch_size": 3}))
    training.send(Nudge(0, 1.0))
    again = recalled(training)
    assert again.learning_rate == 0.5
    for _ in range(6):
        next(training)
    for step in (first, again):
        for part, copy in zip((step.x, step.y, step.theta, step.nudge), copies, strict=True):
            assert np.array_equal(part, copy)
    assert recalled(training).learning_rate == 0.1


def test_the_step_that_completes_an_epoch_is_recalled() -> None:
    training = started(toy_network())
    for _ in range(4):
        next(training)
    step = recalled(training)
    assert (step.epoch, step.step, len(step.x)) == (1, 4, 5)


def test_there_is_none_before_the_first_and_after_divergence() -> None:
    training = started(toy_network())
    assert is_at(training.send(RecallStep()), "training", 0)
    network = toy_network(activation="identity", output="identity")
    training = started(network, learning_rate=1e30)
    while not isinstance(event := next(training), Status):
        pass
    assert is_at(training.send(RecallStep()), "diverged", event.step)


@pytest.mark.parametrize("optimizer", OPTIMIZER_NAMES)
def test_to_look_at_every_step_changes_no_bit(optimizer: str) -> None:
    saved = []
    for looks in (False, True):
        network = toy_network()
        chosen = Hyperparameters(optimizer, batch_size=5, epochs=4, dropout=0.3, augment=True)
        training = train(network, toy_examples(23), None, chosen, np.random.default_rng(5))
        next(training)
        for _ in range(17):
            next(training)
            if looks:
                along_step(network, recalled(training))
        event = training.send(Save())
        assert isinstance(event, Saved)
        memory = event.memory
        saved.append((memory.rng, [network.parameters.theta, *memory.descent.vectors]))
    (rng, plain), (same_rng, looked_at) = saved
    assert rng == same_rng
    assert all(map(np.array_equal, plain, looked_at))
