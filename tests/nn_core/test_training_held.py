"""What is held at 0 stays there, whatever the optimizer does."""

import pytest

from nn_core import Hyperparameters, train
from nn_core.silencing import held_at_zero
from tests.nn_core.toy_problems import OPTIMIZER_NAMES, toy_examples, toy_network


@pytest.mark.parametrize("optimizer", OPTIMIZER_NAMES)
def test_held_parameters_stay_at_0_and_the_others_learn(optimizer: str) -> None:
    network = toy_network()
    held = held_at_zero(network.layer_sizes, [(0, 1), (1, 3)])
    network.parameters.theta[held] = 0
    before = network.parameters.theta.copy()
    chosen = Hyperparameters(optimizer=optimizer, epochs=3, l2=0.01)
    for _ in train(network, toy_examples(), None, chosen, held=held):
        pass
    assert not network.parameters.theta[held].any()
    assert (network.parameters.theta[~held] != before[~held]).all()
