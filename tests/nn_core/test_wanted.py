"""What a neuron wants to see excites it more than anything that it was trained on."""

import numpy as np
import pytest

from nn_core.datasets import Dataset
from nn_core.wanted import excitement, wanted
from tests.nn_core.toy_problems import ACTIVATION_NAMES, OUTPUT_COST_PAIRS, random_network
from tests.pretrained import PRETRAINED, pretrained


@pytest.mark.parametrize("activation", ACTIVATION_NAMES)
@pytest.mark.parametrize(("output", "cost"), OUTPUT_COST_PAIRS)
@pytest.mark.parametrize("layer", [0, 1, 2])
def test_the_slope_is_that_of_what_the_activation_rises_with(
    activation: str, output: str, cost: str, layer: int
) -> None:
    rng = np.random.default_rng(1)
    network = random_network([6, 5, 4, 3], activation, output, cost, rng)
    x = rng.random((1, 6))
    _, slope = excitement(network, x, layer, 1)
    beside = 1e-6 * np.eye(6)
    above, below = (
        excitement(network, x + beside, layer, 1)[0],
        excitement(network, x - beside, layer, 1)[0],
    )
    np.testing.assert_allclose(slope[0], (above - below) / 2e-6, rtol=1e-5, atol=1e-8)
    images = rng.random((50, 6))
    activations = network.forward(images)[layer][:, 1]
    in_order = activations[np.argsort(excitement(network, images, layer, 1)[0])]
    assert (np.diff(in_order) >= -1e-15).all()


def test_in_the_first_layer_it_is_white_where_the_weights_are_positive() -> None:
    network = random_network(
        [12, 4, 3], "tanh", "sigmoid", "cross-entropy", np.random.default_rng(3)
    )
    found = wanted(network, 0, 2, (3, 4))
    assert np.array_equal(found.image, (network.parameters.weights[0][2] > 0).reshape(3, 4))
    z = network.weighted_inputs(0, found.image.reshape(1, -1))[0, 2]
    np.testing.assert_allclose(found.excitement, z, rtol=1e-12)


@pytest.mark.parametrize("name", PRETRAINED)
def test_class_images_excite_more_than_any_training_digit(digits: Dataset, name: str) -> None:
    network = pretrained(name)
    x, _ = digits.training.batch(np.arange(4000), np.float64)
    wide = network.in_64_bits()
    for digit in range(10):
        among_digits = excitement(wide, x, 2, digit)[0].max()
        noise = wanted(network, 2, digit, (28, 28))
        smooth = wanted(network, 2, digit, (28, 28), smoothness=1)
        assert noise.excitement > among_digits
        assert smooth.excitement > among_digits
        roughness = [
            sum(float((np.diff(found.image, axis=axis) ** 2).sum()) for axis in (0, 1))
            for found in (noise, smooth)
        ]
        assert roughness[1] < roughness[0] / 3
