"""The same seed gives the same bits, however many threads BLAS would use."""

import os
import subprocess
import sys

import numpy as np
from threadpoolctl import threadpool_info, threadpool_limits

from nn_core.blas_threads import one_blas_thread

TRAIN = """
import hashlib, numpy as np
from nn_core import Hyperparameters, Network, load_dataset, train
digits = load_dataset()
rng = np.random.default_rng(0)
network = Network([784, 256, 128, 10])
network.initialize("xavier", rng)
chosen = Hyperparameters(batch_size="full", epochs=2)
for event in train(network, digits.training, None, chosen, rng):
    pass
print(hashlib.sha256(network.parameters.theta.tobytes()).hexdigest())
"""


def test_the_same_seed_gives_the_same_bits_whatever_the_threads() -> None:
    networks = {
        subprocess.run(
            [sys.executable, "-c", TRAIN],
            env={**os.environ, "OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for threads in ("1", "2", "4")
    }
    assert len(networks) == 1


def threads_of_blas() -> list[int]:
    return [
        library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"
    ]


def test_afterwards_there_are_as_many_as_before() -> None:
    assert np.ones((2, 2)) @ np.ones(2) is not None
    with threadpool_limits(2, user_api="blas"):
        before = threads_of_blas()
        with one_blas_thread():
            assert set(threads_of_blas()) == {1}
        assert threads_of_blas() == before
