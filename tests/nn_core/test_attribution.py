"""Attributions sum to the difference that the image makes, for every kind of network."""

import numpy as np
import pytest

from nn_core.attribution import integrated_gradients, output_gradient
from nn_core.datasets import Dataset
from tests.nn_core.toy_problems import ACTIVATION_NAMES, OUTPUT_COST_PAIRS, random_network
from tests.pretrained import FEW, PRETRAINED, pretrained


@pytest.mark.parametrize("activation", ACTIVATION_NAMES)
@pytest.mark.parametrize(("output", "cost"), OUTPUT_COST_PAIRS)
def test_the_gradient_is_that_of_the_output(activation: str, output: str, cost: str) -> None:
    rng = np.random.default_rng(1)
    network = random_network([6, 5, 4, 3], activation, output, cost, rng)
    x = rng.random((2, 6))
    gradient = output_gradient(network, x, 1)
    for pixel in range(6):
        beside = np.zeros(6)
        beside[pixel] = 1e-6
        difference = network.forward(x + beside)[-1] - network.forward(x - beside)[-1]
        np.testing.assert_allclose(
            gradient[:, pixel], difference[:, 1] / 2e-6, rtol=1e-5, atol=1e-8
        )


def test_of_a_linear_output_each_pixel_has_its_weight_times_its_difference() -> None:
    rng = np.random.default_rng(2)
    network = random_network([6, 3], [], "identity", "squared-error", rng)
    x, baseline = rng.random((2, 6))
    found = integrated_gradients(network, x, baseline, 2)
    expected = network.parameters.weights[0][2] * (x - baseline)
    np.testing.assert_allclose(found.attributions, expected, rtol=1e-12)
    np.testing.assert_allclose(found.sum, found.output - found.baseline_output, rtol=1e-12)


@pytest.mark.hypothesis  # so that ``make test-long`` takes all 200
@pytest.mark.parametrize("name", PRETRAINED)
@pytest.mark.parametrize("baseline", ["empty", "mean"])
def test_the_sum_is_the_difference_of_the_outputs(
    digits: Dataset, name: str, baseline: str
) -> None:
    network = pretrained(name)
    sample, _ = digits.training.batch(np.arange(1000))
    ground = np.zeros(784, np.float32) if baseline == "empty" else sample.mean(axis=0)
    x, _ = digits.test.batch(np.arange(min(200, FEW)))
    for image in x:
        digit = int(network.forward(image[None])[-1].argmax())
        found = integrated_gradients(network, image, ground, digit)
        difference = found.output - found.baseline_output
        assert abs(found.sum - difference) <= max(0.01 * abs(difference), 1e-3)
        np.testing.assert_allclose(found.output, network.forward(image[None])[-1][0, digit], 1e-4)


def test_so_it_is_of_an_output_that_rises_and_falls_on_the_way(digits: Dataset) -> None:
    network = pretrained("pretrained-large")
    x, _ = digits.test.batch(np.array([69, 196]))
    for image, digit in zip(x, (9, 6), strict=True):
        found = integrated_gradients(network, image, np.zeros(784), digit)
        assert found.output < 0.01  # it is not read
        np.testing.assert_allclose(found.sum, found.output - found.baseline_output, atol=1e-3)
