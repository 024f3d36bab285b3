"""A silenced neuron is a network without it."""

from itertools import product

import numpy as np
import pytest

from nn_core.evaluation import evaluate
from nn_core.silencing import absences, held_at_zero, silenced
from tests.nn_core.toy_problems import ACTIVATION_NAMES, toy_examples, toy_network


@pytest.mark.parametrize("activation", ACTIVATION_NAMES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_its_activation_is_0_and_the_layer_behind_is_told_nothing(
    activation: str, dtype: type[np.floating]
) -> None:
    network = toy_network(activation=activation, dtype=dtype)
    before = network.parameters.theta.copy()
    x, _ = toy_examples().batch(np.arange(20), dtype)
    first, second, outputs = silenced(network, [(0, 3), (1, 0), (1, 2)]).forward(x)
    assert np.array_equal(network.parameters.theta, before)
    assert not first[:, 3].any()
    assert not second[:, [0, 2]].any()

    edited = toy_network(activation=activation, dtype=dtype)
    edited.parameters.weights[1][:, 3] = 0
    edited.parameters.weights[2][:, [0, 2]] = 0
    np.testing.assert_allclose(outputs, edited.forward(x)[-1], rtol=1e-5)


@pytest.mark.parametrize("neuron", [(2, 0), (-1, 0), (0, 5), (1, -1)])
def test_what_is_no_hidden_neuron_is_told(neuron: tuple[int, int]) -> None:
    network = toy_network()
    with pytest.raises(ValueError, match="0:0 to 0:4, 1:0 to 1:3"):
        silenced(network, [neuron])
    with pytest.raises(ValueError, match="no hidden neuron"):
        held_at_zero(network.layer_sizes, [neuron])


def test_what_is_held_at_0_are_its_weights_on_both_sides_and_its_bias() -> None:
    network = toy_network()
    held = held_at_zero(network.layer_sizes, [(0, 3)])
    assert held.sum() == 12 + 1 + 4
    x, _ = toy_examples().batch(np.arange(20))
    expected = silenced(network, [(0, 3)]).forward(x)[-1]
    network.parameters.theta[held] = 0
    np.testing.assert_allclose(network.forward(x)[-1], expected, rtol=1e-5)


@pytest.mark.parametrize("hidden", [(5, 4), (3,), ()])
def test_absences_are_the_figures_of_networks_without_each(hidden: tuple[int, ...]) -> None:
    network = toy_network(hidden)
    examples = toy_examples(600)  # more than a chunk
    found = absences(network, examples)
    cost, accuracy = evaluate(network, examples)
    np.testing.assert_allclose(found.cost, cost, rtol=1e-5)
    assert found.right == round(accuracy * 600)
    assert [len(of_layer) for of_layer in found.costs] == list(hidden)
    for layer, neurons in enumerate(hidden):
        for neuron in product([layer], range(neurons)):
            cost, accuracy = evaluate(silenced(network, [neuron]), examples)
            np.testing.assert_allclose(found.costs[layer][neuron[1]], cost, rtol=1e-5)
            assert found.rights[layer][neuron[1]] == round(accuracy * 600)
