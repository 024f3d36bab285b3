"""The registry: which data sets there are, where each comes from, and how to load it."""

from dataclasses import dataclass
from pathlib import Path

from nn_core.datasets.examples import Dataset, Examples
from nn_core.datasets.idx import DatasetError, load_idx

EMBEDDED_DIR = Path(__file__).parent / "embedded"
DEFAULT_CACHE_DIR = Path.home() / ".cache" / "nudge"

FILES = (
    "train-images-idx3-ubyte.gz",
    "train-labels-idx1-ubyte.gz",
    "t10k-images-idx3-ubyte.gz",
    "t10k-labels-idx1-ubyte.gz",
)
"""Each data set is four IDX files with the names that MNIST gave them, gzipped or not."""


@dataclass(frozen=True)
class DatasetInfo:
    """What is known of a data set before any of it is loaded."""

    name: str
    title: str
    training_examples: int
    test_examples: int
    licence: str
    input_shape: tuple[int, int] = (28, 28)
    classes: int = 10


DATASETS = {
    info.name: info
    for info in (
        DatasetInfo(
            "digits-5k", "5,000 digits of MNIST, shipped with Nudge", 4000, 1000, "CC BY-SA 3.0"
        ),
        DatasetInfo("mnist", "MNIST, 70,000 handwritten digits", 60000, 10000, "CC BY-SA 3.0"),
    )
}


def is_here(name: str, data_dir: Path | None) -> bool:
    """Return whether the files of this data set are on this machine."""
    return _directory(name, data_dir) is not None


def load(
    name: str = "digits-5k", data_dir: Path | None = None, cache_dir: Path = DEFAULT_CACHE_DIR
) -> Dataset:
    """Load a data set by its name.

    ``data_dir`` is a directory with a folder for each data set, named like it, with its four
    files; it is only read. ``cache_dir`` is where unpacked copies are kept.

    Raises DatasetError if there is no such data set, it is not here, or one of its files is broken.
    """
    if name not in DATASETS:
        raise DatasetError(f"no data set is called {name!r}; there are {', '.join(DATASETS)}")
    info = DATASETS[name]
    directory = _directory(name, data_dir)
    if directory is None:
        looked = "its four IDX files must be in a data directory, and no data directory is set"
        if data_dir:
            missing = [file for file in FILES if not _find(data_dir / name, file).exists()]
            looked = f"{data_dir / name} has no {', '.join(missing)}"
        raise DatasetError(f"{name} is not here: {looked}")
    training_images, training_labels, test_images, test_labels = (
        _find(directory, file) for file in FILES
    )
    return Dataset(
        name,
        _examples(training_images, training_labels, info, cache_dir),
        _examples(test_images, test_labels, info, cache_dir),
        info.input_shape,
        info.classes,
    )


def _directory(name: str, data_dir: Path | None) -> Path | None:
    """Return the directory that has all files of this data set."""
    places = [EMBEDDED_DIR / name] + ([data_dir / name] if data_dir else [])
    for place in places:
        if all(_find(place, file).exists() for file in FILES):
            return place
    return None


def _find(directory: Path, file: str) -> Path:
    """Return the unpacked file if there is one, else the gzipped one."""
    unpacked = directory / file.removesuffix(".gz")
    return unpacked if unpacked.exists() else directory / file


def _examples(images_path: Path, labels_path: Path, info: DatasetInfo, cache_dir: Path) -> Examples:
    """Load a file of images and the file with their labels, and check that they fit."""
    images = load_idx(images_path, cache_dir)
    labels = load_idx(labels_path, cache_dir)
    if images.shape[1:] != info.input_shape:
        rows, columns = info.input_shape
        message = (
            f"{images_path}: its shape is {images.shape}, "
            f"not that of {rows}x{columns} images, (examples, {rows}, {columns})"
        )
        raise DatasetError(message)
    if labels.shape != (len(images),):
        raise DatasetError(
            f"{labels_path}: its shape is {labels.shape}, "
            f"not a label for each of the {len(images)} images"
        )
    if labels.max() >= info.classes:
        raise DatasetError(
            f"{labels_path}: it has the label {labels.max()}; "
            f"the classes are 0 to {info.classes - 1}"
        )
    return Examples(images.reshape(len(images), -1), labels, info.classes, info.input_shape)
