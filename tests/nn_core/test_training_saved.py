"""A saved training goes on, bit for bit."""

import numpy as np
import pytest

from nn_core import Hyperparameters, checkpoints, train
from nn_core.events import (
    Epoch,
    Event,
)
from tests.nn_core.test_training_commands import EXAMPLES, is_at, save, started
from tests.nn_core.toy_problems import OPTIMIZER_NAMES, toy_examples, toy_network


def without_times(events: list[Event]) -> list[Event]:
    return [
        event._replace(seconds=0, examples_per_second=0) if isinstance(event, Epoch) else event
        for event in events
    ]


@pytest.mark.parametrize("steps", [0, 3, 4, 9])  # before the first, in an epoch, between two
@pytest.mark.parametrize(("dropout", "augment"), [(0.0, False), (0.3, False), (0.3, True)])
@pytest.mark.parametrize("optimizer", OPTIMIZER_NAMES)
def test_a_saved_training_goes_on_bit_for_bit(
    optimizer: str, dropout: float, *, augment: bool, steps: int
) -> None:
    chosen = Hyperparameters(
        optimizer, batch_size=5, epochs=4, dropout=dropout, augment=augment, l2=1e-3
    )
    network, training_set, test_set = toy_network(), toy_examples(23), toy_examples(9, seed=1)
    training = train(network, training_set, test_set, chosen, np.random.default_rng(5))
    next(training)
    for _ in range(steps):
        next(training)

    file = checkpoints.save_training(network, save(training))
    expected = without_times(list(training))

    restored = toy_network(seed=99)
    memory = checkpoints.load_training(file, restored)
    again = train(restored, training_set, test_set, chosen, np.random.default_rng(77), memory)
    assert is_at(next(again), "training", steps)
    assert without_times(list(again)) == expected
    assert np.array_equal(restored.parameters.theta, network.parameters.theta)


def test_saving_changes_nothing() -> None:
    saved, plain = toy_network(), toy_network()
    list(started(plain, dropout=0.3))
    training = started(saved, dropout=0.3)
    for _ in range(12):
        next(training)
        save(training)
    assert np.array_equal(saved.parameters.theta, plain.parameters.theta)


def test_what_was_saved_can_be_gone_on_from_twice() -> None:
    network = toy_network()
    training = started(network, optimizer="adam")
    for _ in range(3):
        next(training)
    theta, memory = network.parameters.theta.copy(), save(training)
    ends = []
    for _ in range(2):
        network.parameters.theta[:] = theta
        chosen = Hyperparameters("adam", batch_size=5, epochs=3)
        list(train(network, toy_examples(EXAMPLES), None, chosen, memory=memory))
        ends.append(network.parameters.theta.copy())
    assert np.array_equal(ends[0], ends[1])
    assert memory.step == 3


def test_what_was_saved_stays_as_it_is_while_the_training_goes_on() -> None:
    training = started(toy_network(), optimizer="momentum")
    next(training)
    memory = save(training)
    velocity, rng = memory.descent.vectors[0].copy(), dict(memory.rng)
    list(training)
    assert (memory.step, memory.position, memory.descent.steps) == (1, 5, 1)
    assert np.array_equal(memory.descent.vectors[0], velocity)
    assert memory.rng == rng
