"""The least change flips what a network reads, is small, and leaves a digit image one."""

import numpy as np
import pytest

from nn_core import Network
from nn_core.datasets import Dataset
from nn_core.digit_image import are_digit_images
from nn_core.image_kind import ImageKind
from nn_core.least_change import NoChangeError, least_change, reads
from tests.nn_core.toy_problems import random_network
from tests.pretrained import FEW, PRETRAINED, pretrained


def test_of_a_linear_network_it_is_the_way_straight_to_the_boundary() -> None:
    rng = np.random.default_rng(0)
    network = random_network([9, 3], [], "softmax", "cross-entropy", rng)
    image = np.full((3, 3), 0.5)
    z = network.weighted_inputs(0, image.reshape(1, -1))[0]
    best, second = np.argsort(-z)[:2]
    weights = network.parameters.weights[0]
    distance = (z[best] - z[second]) / np.linalg.norm(weights[best] - weights[second])
    found = least_change(network, image, int(second), ImageKind((3, 3), "whole"))
    np.testing.assert_allclose(found.change, distance, atol=0.006)  # whole shades are 0.004 apart
    assert reads(network, found.image, ImageKind((3, 3), "whole")) == second


def test_what_is_read_as_the_digit_already_stays(digits: Dataset) -> None:
    network = pretrained("pretrained")
    image = digits.test.images[0].reshape(28, 28)
    found = least_change(network, image / 255, reads(network, image, digits.kind), digits.kind)
    assert np.array_equal(found.image, image)
    assert found.change == 0


def test_what_can_t_be_read_is_told() -> None:
    network = Network([9, 3])
    network.parameters.biases[0][:] = [1, 0, -1]  # whatever the image is
    with pytest.raises(NoChangeError, match="read as 2"):
        least_change(network, np.full((3, 3), 0.5), 2, ImageKind((3, 3), "whole"))


@pytest.mark.hypothesis  # so that ``make test-long`` takes all 100
@pytest.mark.parametrize("name", PRETRAINED)
def test_it_flips_with_less_than_a_step_by_the_gradient_s_signs(digits: Dataset, name: str) -> None:
    network = pretrained(name)
    x, _ = digits.test.batch(np.arange(min(100, FEW)))
    flipped = smaller = 0
    for number, image in enumerate(x):
        digit = int(network.forward(image[None])[-1].argmax())
        to = (digit + 1 + number % 9) % 10
        try:
            found = least_change(network, image.reshape(28, 28), to, digits.kind)
        except NoChangeError:
            continue
        assert reads(network, found.image, digits.kind) == to
        assert are_digit_images(found.image[None]).all()
        np.testing.assert_allclose(
            found.change, np.linalg.norm(found.image.ravel() / 255 - image), rtol=1e-5
        )
        flipped += 1
        smaller += found.change <= by_signs(network, image, to)
    assert flipped >= 0.95 * len(x)
    assert smaller >= 0.95 * len(x)


def by_signs(network: Network, image: np.ndarray, to: int) -> float:
    """Return how long the shortest step along the signs of a gradient is that flips; or infinity.

    The gradient is that of the cost of a network that should read the digit (Goodfellow, Shlens
    and Szegedy, "Explaining and Harnessing Adversarial Examples", 2015), by differences. The step
    need not be a picture that is read as it is.
    """
    beside = 1e-3 * np.eye(image.size)
    wide = network.in_64_bits()
    z = np.log(wide.forward(np.concatenate([image + beside, image - beside]))[-1] + 1e-300)[:, to]
    signs = np.sign(z[: image.size] - z[image.size :])
    steps = np.clip(image + np.linspace(0.001, 1, 1000)[:, None] * signs, 0, 1)
    read = network.forward(steps.astype(np.float32))[-1].argmax(axis=1)
    lengths = np.linalg.norm(steps - image, axis=1)
    return float(lengths[read == to].min(initial=np.inf))
