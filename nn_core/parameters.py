"""The parameters of a network: one vector, θ.

Every weight and every bias of the network is an element of θ, so "nudge all parameters a little
downhill" is arithmetic on one vector. Each layer's weights and biases are *views* into θ: to write
to ``weights[0]`` is to write to the first elements of θ, and the other way round.

A gradient has one element for each parameter, so it is a ``Parameters``, too.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Self

import numpy as np
from numpy.typing import DTypeLike, NDArray

FloatArray = NDArray[np.floating]

LINE = 16  # numbers of 4 bytes, or 8 of 8: a line of the cache, 64 bytes


class Parameters:
    """θ, and each layer's weights and biases as views into it.

    ``layer_sizes`` is the number of neurons of each layer, the input first: 784, 16, 16, 10. A
    layer's weights have shape (neurons of this layer, neurons of the previous layer), its biases
    (neurons of this layer,). θ holds the first layer's weights row by row, then its biases, then
    the second layer's weights, and so on.

    Change θ in place, as in ``parameters.theta -= nudge`` or ``parameters.theta[:] = 0``: after
    ``parameters.theta = other`` the weights and biases would still be views of the old array.

    >>> Parameters([784, 16, 16, 10]).theta.size
    13002
    """

    def __init__(self, layer_sizes: Sequence[int], dtype: DTypeLike = np.float32) -> None:
        self.layer_sizes = tuple(layer_sizes)
        self.theta: FloatArray = aligned_zeros(count_parameters(layer_sizes), dtype)
        self.layers: list[FloatArray] = []  # for each layer its stretch of θ
        self.weights: list[FloatArray] = []
        self.biases: list[FloatArray] = []
        start = 0
        for previous, neurons in pairwise(self.layer_sizes):
            end = start + neurons * previous + neurons
            layer = self.theta[start:end]
            self.layers.append(layer)
            self.weights.append(layer[: neurons * previous].reshape(neurons, previous))
            self.biases.append(layer[neurons * previous :])
            start = end

    def zeros_like(self) -> Self:
        """Return new parameters of the same shape and type, all zero."""
        return type(self)(self.layer_sizes, self.theta.dtype)

    def copy(self) -> Self:
        """Return a copy that shares nothing with this one."""
        copy = self.zeros_like()
        copy.theta[:] = self.theta
        return copy

    def nudge(self, index: int, amount: float) -> None:
        """Add an amount to the parameter with this place in θ.

        Raises ValueError for a place that θ does not have, and where no finite number would come
        of it; nothing has changed then.
        """
        self._require(index)
        with np.errstate(over="ignore"):
            nudged = self.theta.dtype.type(float(self.theta[index]) + amount)
        if not np.isfinite(nudged):
            raise ValueError(f"a parameter can't be nudged by {amount:g}: it would not be finite")
        self.theta[index] = nudged

    def set(self, index: int, value: float) -> None:
        """Set the parameter with this place in θ to a value.

        Raises what ``nudge`` raises.
        """
        self._require(index)
        with np.errstate(over="ignore"):
            rounded = self.theta.dtype.type(value)
        if not np.isfinite(rounded):
            raise ValueError(f"a parameter can't be {value:g}: it would not be finite")
        self.theta[index] = rounded

    def _require(self, index: int) -> None:
        """Raise ValueError for a place that θ does not have."""
        if not 0 <= index < self.theta.size:
            raise ValueError(
                f"there is no parameter {index:,}: the {self.theta.size:,} of this network are "
                f"numbered from 0 to {self.theta.size - 1:,}"
            )

    def __getstate__(self) -> tuple[tuple[int, ...], FloatArray]:
        return self.layer_sizes, self.theta

    def __setstate__(self, state: tuple[tuple[int, ...], FloatArray]) -> None:
        # A copy, or one that comes from another process, has views of its own θ.
        layer_sizes, theta = state
        self.__init__(layer_sizes, theta.dtype)  # type: ignore[misc]
        self.theta[:] = theta

    def named(self) -> Iterator[tuple[str, FloatArray]]:
        """Yield each layer's arrays with the names they have in files: ``weights.0`` and so on."""
        for layer, (weights, biases) in enumerate(zip(self.weights, self.biases, strict=True)):
            yield f"weights.{layer}", weights
            yield f"biases.{layer}", biases


def aligned_zeros(size: int, dtype: DTypeLike) -> FloatArray:
    """Return a vector of zeros that begins where a line of the processor's cache does.

    NumPy begins it at any 16 bytes; then every fourth number or so that a product fetches lies
    across two lines, which takes up to twice as long.
    """
    room: FloatArray = np.zeros(size + LINE, dtype)
    first = -(room.ctypes.data // room.itemsize) % (LINE * 4 // room.itemsize)
    return room[first : first + size]


def count_parameters(layer_sizes: Sequence[int]) -> int:
    """Return how many weights and biases a network with these layers has."""
    return sum(neurons * previous + neurons for previous, neurons in pairwise(layer_sizes))
