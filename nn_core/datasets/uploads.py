"""Uploaded data sets: an .npz or a CSV is checked, split, and kept like any other data set.

Each has a folder with the four IDX files, not gzipped, so they are mapped into memory and shared by
all processes, and a small JSON file that says what they are. A folder is filled under another name
first: whoever sees it sees all of it.
"""

import errno
import hashlib
import json
import math
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nn_core.datasets.csv_file import read_csv
from nn_core.datasets.errors import (
    BadDataError,
    NameTakenError,
    StorageError,
    TooLargeError,
    TooManyDatasetsError,
    UnknownDatasetError,
)
from nn_core.datasets.idx import write_idx
from nn_core.datasets.npz import read_npz
from nn_core.datasets.registry import DATASETS, FILES, DatasetInfo
from nn_core.digit_image import are_digit_images, has_several_parts
from nn_core.image_kind import Drawing
from nn_core.paper import Ground, ground_of

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
ABOUT = "about.json"
TEST_SHARE = 0.2  # of each class, where no test part is given
BLOCK = 4096  # images that are copied at a time
ZIP = (b"PK\3\4", b"PK\5\6")
SAMPLE = 500  # images, about, that are looked at to tell what all are like
PARTED = 0.5  # of the images of a digit may come in several parts, as a 5 whose bar is set apart
AGREE = 2 / 3  # of a sample have the ground that the data set is said to have
NPY = b"\x93NUMPY"


@dataclass(frozen=True)
class UploadLimits:
    """How large an uploaded data set may be, and how many of them there may be."""

    unpacked_bytes: int = 256 * 2**20
    pixels: int = 2**16  # of one image
    classes: int = 256  # at most: a label is a byte
    datasets: int = 20


class Part(NamedTuple):
    """Some of the images, ``uint8`` of shape (images, rows, columns), and a label for each."""

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    chosen: NDArray[np.intp]  # which of them, and in which order

    def write(self, images_path: Path, labels_path: Path) -> None:
        """Write two IDX files, a block of images at a time: never all of them once more."""
        starts = range(0, len(self.chosen), BLOCK)
        blocks = (self.images[self.chosen[start : start + BLOCK]] for start in starts)
        write_idx(images_path, (len(self.chosen), *self.images.shape[1:]), blocks)
        write_idx(labels_path, self.chosen.shape, [self.labels[self.chosen]])


def add(
    path: Path, directory: Path, name: str | None, filename: str | None, limits: UploadLimits
) -> DatasetInfo:
    """Take an .npz or CSV file in as a data set, and return what is known of it.

    ``directory`` is where such data sets are kept. Without a name it gets one from the ``filename``
    that its owner has for it, or else from its content. The same content under the same name is
    the same data set.

    Raises BadDataError, TooLargeError, NameTakenError, TooManyDatasetsError, StorageError.
    """
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if name is None:
        name = _free_name(directory, filename, digest)
    elif not NAME.fullmatch(name):
        raise BadDataError(
            "name", "a name has up to 40 small letters, digits and hyphens, and no hyphen first"
        )
    if name in DATASETS:
        raise NameTakenError(f"{name} is the name of a data set that Nudge knows: choose another")
    if (known := _known(directory, name)) is not None:
        return _same_or_taken(name, known, digest)
    if len(find(directory)) >= limits.datasets:
        raise TooManyDatasetsError(
            f"there are {limits.datasets} uploaded data sets here, which is all that is "
            "allowed: delete one first"
        )
    training, test = _read(path, limits)
    try:
        if not _keep(directory, name, training, test, digest):
            return _same_or_taken(name, _known(directory, name), digest)
    except OSError as error:
        raise StorageError(
            f"the data set can't be written to {directory} ({error.strerror or error})"
        ) from error
    return info(directory, name)


def find(directory: Path) -> list[DatasetInfo]:
    """Return the data sets that are kept in a directory, by name."""
    try:
        names = sorted(entry.name for entry in directory.iterdir())
    except OSError:  # there is none yet
        return []
    return [
        known.info
        for name in names
        if NAME.fullmatch(name) and (known := _known(directory, name)) is not None
    ]


def info(directory: Path, name: str) -> DatasetInfo:
    """Return what is known of one of them. Raises UnknownDatasetError."""
    known = _known(directory, name) if NAME.fullmatch(name) else None
    if known is None:
        raise UnknownDatasetError(f"no data set is called {name!r}")
    return known.info


def remove(directory: Path, name: str) -> None:
    """Delete one of them. Who has it mapped keeps it. Raises UnknownDatasetError."""
    info(directory, name)
    with tempfile.TemporaryDirectory(dir=directory, prefix=".gone-") as scratch:
        try:
            (directory / name).rename(Path(scratch) / name)  # it vanishes at once
        except FileNotFoundError as error:
            raise UnknownDatasetError(f"no data set is called {name!r}") from error


# What a file becomes


def _read(path: Path, limits: UploadLimits) -> tuple[Part, Part]:
    """Return the part to train with and the part to test with."""
    with path.open("rb") as file:
        start = file.read(6)
    if not start:
        raise BadDataError("file", "the file is empty")
    if start == NPY:
        raise BadDataError(
            "file", "this is a single array: save images and labels together, with numpy.savez"
        )
    arrays = read_npz(path, limits.unpacked_bytes) if start.startswith(ZIP) else read_csv(path)
    images = [_as_pictures(array, limits) for array in arrays[0::2]]
    labels = [_as_bytes(array, limits) for array in arrays[1::2]]
    if images[0].shape[1:] != images[-1].shape[1:]:
        message = (
            f"the images to train with have the shape {images[0].shape[1:]}, "
            f"those to test with {images[-1].shape[1:]}"
        )
        raise BadDataError("x_test", message)
    rng = np.random.default_rng(0)
    if len(images) == 2:  # noqa: PLR2004 - the second is there to test with
        to_train = rng.permutation(len(labels[0]))
        to_test = np.arange(len(labels[1]))
    else:
        is_test = _choose_test(labels[0], rng)
        to_train = rng.permutation(np.flatnonzero(~is_test))
        to_test = rng.permutation(np.flatnonzero(is_test))
    return Part(images[0], labels[0], to_train), Part(images[-1], labels[-1], to_test)


def _as_pictures(images: NDArray[np.uint8], limits: UploadLimits) -> NDArray[np.uint8]:
    """Return images with rows and columns: so many pixels are a square if they can be one."""
    count, *shape = images.shape
    pixels = math.prod(shape)
    if pixels > limits.pixels:
        raise TooLargeError(
            f"the images have {pixels:,} pixels each; {limits.pixels:,} are allowed"
        )
    if len(shape) == 1:
        side = math.isqrt(pixels)
        shape = [side, side] if side * side == pixels else [1, pixels]
    return images.reshape(count, *shape)


def _as_bytes(labels: NDArray[Any], limits: UploadLimits) -> NDArray[np.uint8]:
    """Return the labels as bytes, if they can be the numbers of classes."""
    smallest, largest = int(labels.min()), int(labels.max())
    if smallest < 0:
        raise BadDataError("labels", f"there is the label {smallest}; classes are numbered from 0")
    if largest >= limits.classes:
        message = (
            f"there is the label {largest}; classes are numbered from 0, "
            f"and {limits.classes} are allowed"
        )
        raise BadDataError("labels", message)
    return labels.astype(np.uint8)


def _choose_test(labels: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.bool]:
    """Choose the same share of each class, and one at least of each that has two."""
    is_test = np.zeros(len(labels), bool)
    for label in np.unique(labels):
        examples = np.flatnonzero(labels == label)
        share = max(1, round(TEST_SHARE * len(examples))) if len(examples) > 1 else 0
        is_test[rng.permutation(examples)[:share]] = True
    return is_test


# How it is kept


def _keep(directory: Path, name: str, training: Part, test: Part, digest: str) -> bool:
    """Write a data set down; return False if another has got its name meanwhile."""
    about = {
        "sha256": digest,
        "training_examples": len(training.chosen),
        "test_examples": len(test.chosen),
        "input_shape": training.images.shape[1:],
        "classes": 1 + int(max(training.labels.max(), test.labels.max())),
        "drawing": _drawing_of(training, test),
        "ground": _ground_of(training.images),
    }
    directory.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=directory, prefix=".part-") as scratch:
        folder = Path(scratch) / name
        folder.mkdir()
        files = [folder / file.removesuffix(".gz") for file in FILES]
        training.write(files[0], files[1])
        test.write(files[2], files[3])
        (folder / ABOUT).write_text(json.dumps(about))
        try:
            folder.rename(directory / name)
        except OSError as error:
            if error.errno in (errno.EEXIST, errno.ENOTEMPTY):
                return False
            raise
    return True


def _drawing_of(training: Part, test: Part) -> Drawing:
    """Return how a drawing becomes an image like these.

    They are digits if every one of them is a digit image already, and if there is no class whose
    images come in several parts: of letters the dots matter, and from a digit they are removed.
    """
    for part in (training, test):
        for start in range(0, len(part.images), BLOCK):
            if not are_digit_images(part.images[start : start + BLOCK]).all():
                return "whole"
    sample = slice(None, None, 1 + len(training.images) // SAMPLE)
    labels = training.labels[sample]
    parted = np.array([has_several_parts(image) for image in training.images[sample]])
    shares = [parted[labels == label].mean() for label in np.unique(labels)]
    return "whole" if max(shares) > PARTED else "digits"


def _ground_of(images: NDArray[np.uint8]) -> Ground | None:
    """Return the ground that most of the images have, if they agree on one."""
    grounds = [ground_of(image / 255) for image in images[:: 1 + len(images) // SAMPLE]]
    most = max(grounds, key=grounds.count)
    return most if grounds.count(most) >= AGREE * len(grounds) else None


class Known(NamedTuple):
    """What is noted of a data set that is kept."""

    digest: str  # SHA-256 of the file that it was made from
    info: DatasetInfo


def _known(directory: Path, name: str) -> Known | None:
    """Return what is noted of a data set; None if there is none."""
    try:
        about = json.loads((directory / name / ABOUT).read_text())
        rows, columns = about["input_shape"]
        info = DatasetInfo(
            name,
            f"{name}, an uploaded data set",
            about["training_examples"],
            about["test_examples"],
            licence=None,
            input_shape=(rows, columns),
            classes=about["classes"],
            drawing=about.get("drawing", "whole"),
            ground=about.get("ground", "dark"),
        )
        return Known(about["sha256"], info)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _same_or_taken(name: str, known: Known | None, digest: str) -> DatasetInfo:
    """Return the data set that has this name if it is the same one."""
    if known is not None and known.digest == digest:
        return known.info
    raise NameTakenError(f"another data set is called {name}: choose another name, or delete it")


def _free_name(directory: Path, filename: str | None, digest: str) -> str:
    """Return a name for a data set that has none, made of its file's name or of its content."""
    stem = Path(filename or "").stem.lower()
    name = re.sub("[^a-z0-9]+", "-", stem)[:40].strip("-") or f"own-{digest[:8]}"
    known = _known(directory, name)
    if name not in DATASETS and (known is None or known.digest == digest):
        return name
    return f"{name[:31]}-{digest[:8]}"
