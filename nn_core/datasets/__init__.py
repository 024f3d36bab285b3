"""The data sets: digit images and what digit each shows.

``load("digits-5k")`` works anywhere: those digits ship with the package. MNIST's four files are
looked for in a directory of yours.
"""

from nn_core.datasets.examples import Dataset, Examples
from nn_core.datasets.idx import DatasetError
from nn_core.datasets.registry import DATASETS, DatasetInfo, is_here, load

__all__ = [
    "DATASETS",
    "Batches",
    "Dataset",
    "DatasetError",
    "DatasetInfo",
    "Examples",
    "is_here",
    "load",
]
