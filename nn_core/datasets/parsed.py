"""What was offered becomes a data set: bytes, numbered classes, a part to train and one to test."""

import math
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nn_core.datasets.errors import BadDataError, TooLargeError
from nn_core.datasets.idx import write_idx
from nn_core.datasets.labels import classes_of
from nn_core.datasets.limits import UploadLimits
from nn_core.datasets.offered import Content
from nn_core.datasets.pixels import as_bytes
from nn_core.datasets.upload_notes import notes_on

TEST_SHARE = 0.2  # of each class, where no test part is given
BLOCK = 4096  # images that are copied at a time


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


class Parsed(NamedTuple):
    """A data set that is good, and is not kept yet."""

    training: Part
    test: Part
    classes: int
    class_names: tuple[str, ...] | None
    notes: tuple[str, ...]


def parse(content: Content, limits: UploadLimits) -> Parsed:
    """Return the data set: a part to train with, a part to test with, and its classes."""
    parts = content.parts
    images = [
        _as_pictures(part, limits) for part in as_bytes((part.name, part.images) for part in parts)
    ]
    classes = classes_of([part.labels for part in parts], limits.classes)
    labels = classes.labels
    if images[0].shape[1:] != images[-1].shape[1:]:
        message = (
            f"the images to train with have the shape {images[0].shape[1:]}, "
            f"those to test with {images[-1].shape[1:]}"
        )
        raise BadDataError(parts[-1].name, message)
    rng = np.random.default_rng(0)
    if len(parts) == 2:  # noqa: PLR2004 - the second is there to test with
        to_train = rng.permutation(len(labels[0]))
        to_test = np.arange(len(labels[1]))
    else:
        is_test = _choose_test(labels[0], rng)
        to_train = rng.permutation(np.flatnonzero(~is_test))
        to_test = rng.permutation(np.flatnonzero(is_test))
    notes = (*content.notes, *notes_on(images, classes))
    training = Part(images[0], labels[0], to_train)
    test = Part(images[-1], labels[-1], to_test)
    return Parsed(training, test, classes.number, classes.names, notes)


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


def _choose_test(labels: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.bool]:
    """Choose the same share of each class, and one at least of each that has two."""
    is_test = np.zeros(len(labels), bool)
    for label in np.unique(labels):
        examples = np.flatnonzero(labels == label)
        share = max(1, round(TEST_SHARE * len(examples))) if len(examples) > 1 else 0
        is_test[rng.permutation(examples)[:share]] = True
    return is_test
