"""A neural network written from scratch in NumPy, to be read and to be used.

Read ``by_hand`` first: one example, one layer at a time. ``network`` is the same for a whole
batch, and ``training`` drives it.

>>> import numpy as np
>>> from nn_core import Hyperparameters, Network, load_dataset, train
>>> digits = load_dataset("digits-5k")
>>> rng = np.random.default_rng(seed=0)
>>> network = Network([784, 16, 16, 10])
>>> network.initialize("xavier", rng)
>>> for event in train(network, digits.training, digits.test, Hyperparameters(epochs=1), rng):
...     pass
>>> event.status
'finished'
"""

from nn_core.datasets import load as load_dataset
from nn_core.evaluation import evaluate
from nn_core.events import Hyperparameters
from nn_core.network import Network
from nn_core.parameters import Parameters
from nn_core.training import train

__all__ = ["Hyperparameters", "Network", "Parameters", "evaluate", "load_dataset", "train"]
