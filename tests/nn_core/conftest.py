"""The digits that the tests of nn_core share."""

from pathlib import Path

import pytest

from nn_core.datasets import Dataset, load


@pytest.fixture(scope="session")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Return digits-5k, unpacked into a cache directory that no other test run has touched."""
    return load("digits-5k", cache_dir=tmp_path_factory.mktemp("digits"))


@pytest.fixture(scope="session")
def mnist(mnist_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Return MNIST itself, unpacked into a cache directory of this test run."""
    return load("mnist", mnist_data_dir, tmp_path_factory.mktemp("mnist"))
