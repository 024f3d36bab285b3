"""The cost along a straight line through θ: C(θ + t·d), for a direction d and any number t.

For d = −∇C that is what a step downhill would do, for each learning rate t; for d = eᵢ, which is 1
at i and 0 elsewhere, what it would do to nudge one parameter by t.

Two things make it cheap, so that it can be measured for many t:

- Layers before the first that d touches do not change, so their activations are computed once.
- The weighted inputs of that first layer are linear in t: with dW and db for d's part of it,
  z(t) = a_previous (W + t dW)ᵀ + b + t db = z(0) + t · dz. So both products are computed once, and
  only what lies behind them for each t. Where d touches the first layer, which has nearly all of
  the parameters, that is nearly all of the work.
"""

from collections.abc import Iterable, Iterator

import numpy as np

from nn_core.datasets import Examples
from nn_core.datasets.batches import CHUNK, Batches
from nn_core.network import Network
from nn_core.parameters import FloatArray, Parameters


class Line:
    """C(θ + t·d), the mean cost of a batch, as a function of t.

    The network gives θ, and is not changed; ``direction`` is d. Everything is computed in 64 bits,
    because the differences are small, and without penalty or dropout. The batch comes in one or
    several parts: x, shape (examples, inputs), and the one-hot truth y, shape (examples, outputs).
    """

    @np.errstate(all="ignore")  # what overflows is not finite, and is told as it is
    def __init__(
        self,
        network: Network,
        direction: Parameters,
        batch: Iterable[tuple[FloatArray, FloatArray]],
    ) -> None:
        start = network.in_64_bits()
        self._theta = start.parameters
        self._direction = direction
        self._moved = start.in_64_bits()  # its layers behind the first are put to θ + t·d
        touched = (layer for layer, part in enumerate(direction.layers) if part.any())
        self._first = first = next(touched, 0)  # the first layer that d touches
        self._parts = []  # of each part of the batch: z(0) and dz of that layer, and y
        self.examples = 0
        for x, y in batch:
            a = [x, *start.forward(x)][first]  # the activations of the layer before
            dz = a @ direction.weights[first].T + direction.biases[first]
            self._parts.append((start.weighted_inputs(first, a), dz, y))
            self.examples += len(x)

    @np.errstate(all="ignore")
    def cost(self, t: float) -> float:
        """Return C(θ + t·d). What overflows is not finite."""
        layers = list(zip(self._theta.layers, self._direction.layers, strict=True))
        for layer in range(self._first + 1, len(layers)):
            theta, direction = layers[layer]
            self._moved.parameters.layers[layer][:] = theta + t * direction
        cost = sum(
            self._moved.evaluate_from(self._first, z + t * dz, y).cost for z, dz, y in self._parts
        )
        return cost / self.examples

    def costs(self, ts: Iterable[float]) -> list[float]:
        """Return C(θ + t·d) for each t."""
        return [self.cost(t) for t in ts]


def in_parts(examples: Examples) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Yield x and y of all examples, in their order and in 64 bits, a chunk at a time."""
    in_order = Batches(examples, np.arange(len(examples)), np.float64)
    for first in range(0, len(examples), CHUNK):
        x, y, _labels = in_order.part(first, len(examples))
        yield x, y
