"""Batches: the examples of one epoch, in the order in which it trains them.

They are gathered and scaled a chunk at a time. Many small batches share a chunk, because each call
of NumPy takes about a microsecond, however little it does. A large batch is cut into several
chunks, because all of it would fall out of the processor's cache.
"""

import numpy as np
from numpy.typing import DTypeLike, NDArray

from nn_core.datasets.examples import Examples
from nn_core.parameters import FloatArray

CHUNK = 500  # examples


class Batches:
    """The examples in this order: ``order`` is a permutation of their row numbers."""

    def __init__(self, examples: Examples, order: NDArray[np.intp], dtype: DTypeLike) -> None:
        self._examples = examples
        self._order = order
        self._dtype = dtype
        self._first = self._end = 0  # the chunk is order[first:end]

    def part(self, first: int, end: int) -> tuple[FloatArray, FloatArray, NDArray[np.intp]]:
        """Return the batch order[first:end], or as much of it as goes into one chunk.

        That is x, the images, of shape (examples, pixels), y, their one-hot labels, of shape
        (examples, classes), and the labels. They are views of the chunk: don't write to them.
        """
        size = end - first
        end = min(end, first + CHUNK)
        if first < self._first or end > self._end:
            # As many whole batches as a chunk holds; of a larger batch, one chunk.
            self._gather(first, max(1, CHUNK // size) * size)
        part = slice(first - self._first, end - self._first)
        return self._x[part], self._y[part], self._labels[part]

    def spoilt(self, first: int, examples: int) -> NDArray[np.bool]:
        """Return for so many examples, the first of them order[first], whether they are spoilt."""
        assert self._examples.spoilt is not None
        return self._examples.spoilt.take(self._order[first : first + examples])

    def _gather(self, first: int, examples: int) -> None:
        """Make a chunk of so many examples, or as many as there are left."""
        rows = self._order[first : first + min(examples, CHUNK)]
        self._x, self._y = self._examples.batch(rows, self._dtype)
        # As argmax returns them: to compare numbers of one type takes half the time.
        self._labels = self._examples.labels.take(rows).astype(np.intp)
        self._first, self._end = first, first + len(rows)
