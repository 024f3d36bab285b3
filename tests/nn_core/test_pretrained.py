"""The pretrained network that ships: what its card says is so."""

import re
from importlib import resources

from nn_core import checkpoints, evaluate
from nn_core.datasets import Dataset


def test_its_card_tells_its_score_on_mnists_test_set(mnist: Dataset) -> None:
    file = resources.files("nn_core.pretrained").joinpath("pretrained.safetensors").read_bytes()
    network, metadata = checkpoints.load(file).network, checkpoints.load(file).metadata

    assert network.layer_sizes == (784, 16, 16, 10)
    _, accuracy = evaluate(network, mnist.test)
    stated = re.search(r"reads ([\d.]+)% of\s+MNIST's 10,000 test digits", metadata["card"])
    assert stated
    assert stated[1] == f"{accuracy * 100:.1f}"
    assert accuracy > 0.93
