"""The data sets: images, and what class each belongs to.

``load("digits-5k")`` works anywhere: those digits ship with the package. MNIST and its siblings are
looked for in a directory of yours, and among what ``download.download`` has brought. A ``Library``
knows them all, and takes in files of your own.
"""

from nn_core.datasets.errors import (
    BadDataError,
    DatasetError,
    DownloadError,
    NameTakenError,
    StorageError,
    TooLargeError,
    TooManyDatasetsError,
    UnknownDatasetError,
)
from nn_core.datasets.examples import Dataset, Examples
from nn_core.datasets.library import Library, is_here, load
from nn_core.datasets.limits import UploadLimits
from nn_core.datasets.offered_file import Offered
from nn_core.datasets.registry import DATASETS, DatasetInfo

__all__ = [
    "DATASETS",
    "BadDataError",
    "Dataset",
    "DatasetError",
    "DatasetInfo",
    "DownloadError",
    "Examples",
    "Library",
    "NameTakenError",
    "Offered",
    "StorageError",
    "TooLargeError",
    "TooManyDatasetsError",
    "UnknownDatasetError",
    "UploadLimits",
    "is_here",
    "load",
]
