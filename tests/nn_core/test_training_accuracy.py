"""The default settings read digits: the promise of the README, over five seeds."""

import numpy as np

from nn_core import Network, train
from nn_core.datasets import Dataset
from nn_core.training import Epoch, Status


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
