"""Examples: images as unsigned bytes, and the class of each.

The images stay bytes, wherever they lie; each batch is gathered and scaled as it is needed.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import DTypeLike, NDArray

from nn_core.image_kind import ImageKind
from nn_core.parameters import FloatArray


@dataclass(frozen=True, eq=False)
class Examples:
    """Images, ``uint8`` of shape (examples, pixels), and labels, ``uint8`` of shape (examples,).

    ``input_shape`` is the rows and columns of an image, None where the numbers are no picture.
    ``spoilt`` says of each example whether its label was replaced by a random one, shape
    (examples,); None where none was.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    classes: int
    input_shape: tuple[int, int] | None = None
    spoilt: NDArray[np.bool] | None = None

    def __len__(self) -> int:
        """Return the number of examples."""
        return len(self.labels)

    def first(self, examples: int | None) -> "Examples":
        """Return only the first so many examples; all of them for None."""
        spoilt = None if self.spoilt is None else self.spoilt[:examples]
        return replace(
            self, images=self.images[:examples], labels=self.labels[:examples], spoilt=spoilt
        )

    def and_those_of(self, *others: "Examples") -> "Examples":
        """Return these examples and then the others, which have the same shape and classes.

        That is a copy, in memory, where these may lie in a file.
        """
        images = np.concatenate([self.images, *(other.images for other in others)])
        labels = np.concatenate([self.labels, *(other.labels for other in others)])
        spoilt = None
        if self.spoilt is not None:
            more = [np.zeros(len(other), bool) for other in others]
            spoilt = np.concatenate([self.spoilt, *more])
        return replace(self, images=images, labels=labels, spoilt=spoilt)

    def batch(
        self, rows: NDArray[np.intp], dtype: DTypeLike = np.float32
    ) -> tuple[FloatArray, FloatArray]:
        """Return x, the images of these rows scaled to 0–1, and y, their one-hot labels.

        x has shape (rows, pixels), y (rows, classes).
        """
        x = self.images.take(rows, axis=0).astype(dtype)
        x *= x.dtype.type(1 / 255)
        y = np.eye(self.classes, dtype=dtype).take(self.labels.take(rows), axis=0)
        return x, y


@dataclass(frozen=True, eq=False)
class Dataset:
    """A training set and a test set of the same kind."""

    name: str
    training: Examples
    test: Examples
    input_shape: tuple[int, int]  # rows, columns
    classes: int
    kind: ImageKind  # to be saved with a network that learned from it
