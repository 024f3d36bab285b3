"""The data sets: images, and what class each belongs to.

``load("digits-5k")`` works anywhere: those digits ship with the package. MNIST and its siblings are
looked for in a directory of yours, and among what ``download.download`` has brought.
"""

from nn_core.datasets.errors import DatasetError, DownloadError, UnknownDatasetError
from nn_core.datasets.examples import Dataset, Examples
from nn_core.datasets.library import Library, is_here, load
from nn_core.datasets.registry import DATASETS, DatasetInfo

__all__ = [
    "DATASETS",
    "Dataset",
    "DatasetError",
    "DatasetInfo",
    "DownloadError",
    "Examples",
    "Library",
    "UnknownDatasetError",
    "is_here",
    "load",
]
