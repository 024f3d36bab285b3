"""The default settings read digits: the promise of the README, over five seeds."""

import numpy as np
import pytest

from nn_core import Hyperparameters, Network, train
from nn_core.costs import OUTPUTS_AND_COSTS
from nn_core.datasets import Dataset
from nn_core.descent import MEMORY
from nn_core.events import Epoch, Status


def test_the_default_run_reads_nine_digits_in_ten(digits: Dataset) -> None:
    accuracies = []
    for seed in range(5):
        rng = np.random.default_rng(seed)
        network = Network([784, 16, 16, 10])
        network.initialize("xavier", rng)
        *_, epoch, end = train(network, digits.training, digits.test, rng=rng)
        assert end == Status("finished", 30, 30 * 125)
        assert isinstance(epoch, Epoch)
        assert epoch.test_accuracy is not None
        accuracies.append(epoch.test_accuracy)
    assert np.mean(accuracies) >= 0.90
    assert min(accuracies) >= 0.88


@pytest.mark.parametrize("optimizer", MEMORY)
@pytest.mark.parametrize(("output", "cost"), OUTPUTS_AND_COSTS)
def test_the_default_rate_of_every_choice_learns(
    digits: Dataset, optimizer: str, output: str, cost: str
) -> None:
    rng = np.random.default_rng(0)
    network = Network([784, 16, 16, 10], output=output, cost=cost)
    network.initialize("xavier", rng)
    chosen = Hyperparameters(optimizer, epochs=8)
    *_, epoch, _ = train(network, digits.training, digits.test, chosen, rng)
    assert isinstance(epoch, Epoch)
    assert epoch.test_accuracy is not None
    assert epoch.test_accuracy > 0.85
