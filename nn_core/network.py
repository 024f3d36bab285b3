"""The network: the forward pass, the cost, and its gradient by backpropagation.

The same algorithm as in ``by_hand.py``, for a whole batch of examples at once: the examples are the
rows of a matrix, so one matrix product does for all of them what a loop did for each.

Letters: x the inputs, W and b a layer's weights and biases, z = a_previous Wᵀ + b its weighted
inputs, a = f(z) its activations, y the one-hot truth, C the cost, δ = ∂C/∂z.

x, z, a, y and δ have a row for each example: shape (examples, neurons). W has shape (neurons,
neurons of the layer before) and b (neurons,), as in ``by_hand.py``. There a is a column, and
z = W a + b; here each a is a row, so the product is the other way round, with W transposed.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from nn_core.activations import ACTIVATIONS
from nn_core.costs import OUTPUTS_AND_COSTS
from nn_core.initializers import INITIALIZERS
from nn_core.parameters import FloatArray, Parameters


class BatchResult(NamedTuple):
    """What a batch showed: the sum of its examples' costs, and their outputs, a row for each."""

    cost: float
    outputs: FloatArray


class Network:
    """A fully connected network with any number of layers of any width.

    ``layer_sizes`` names the input first and the output last: 784, 16, 16, 10. ``activation`` is
    one name for all hidden layers or a list with one for each. ``output`` and ``cost`` are names,
    too. All parameters start at 0: call ``initialize``, or write to ``parameters``.

    Raises ValueError for a name that does not exist, a pair of output and cost that does not
    belong together, or a list of activations of the wrong length.
    """

    def __init__(
        self,
        layer_sizes: Sequence[int],
        activation: str | Sequence[str] = "sigmoid",
        output: str = "sigmoid",
        cost: str = "squared-error",
        dtype: DTypeLike = np.float32,
    ) -> None:
        if len(layer_sizes) < 2 or min(layer_sizes) < 1:  # noqa: PLR2004 - an input and an output
            raise ValueError(
                f"a network has an input and an output of 1 or more, not {layer_sizes}"
            )
        hidden = len(layer_sizes) - 2
        names = [activation] * hidden if isinstance(activation, str) else list(activation)
        if len(names) != hidden:
            raise ValueError(
                f"{len(names)} activations for {hidden} hidden layers: give one for each"
            )
        for name in names:
            if name not in ACTIVATIONS:
                raise ValueError(
                    f"no activation is called {name!r}; there are {', '.join(ACTIVATIONS)}"
                )
        if (output, cost) not in OUTPUTS_AND_COSTS:
            pairs = ", ".join(f"{o} with {c}" for o, c in OUTPUTS_AND_COSTS)
            raise ValueError(
                f"{output!r} outputs do not go with the cost {cost!r}; there are {pairs}"
            )
        self.activation_names = tuple(names)
        self.output_name = output
        self.cost_name = cost
        self._activations = [ACTIVATIONS[name] for name in names]
        self._output = OUTPUTS_AND_COSTS[output, cost]
        self.parameters = Parameters(layer_sizes, dtype)
        self._ones = np.ones(0, dtype)  # as many as a batch has examples: ones @ δ sums δ over them
        self._share = np.ones((), dtype)  # 1 / (the examples of a batch): what each counts
        self._share_of = 1  # so many examples

    @property
    def layer_sizes(self) -> tuple[int, ...]:
        """The number of neurons of each layer, the input first."""
        return self.parameters.layer_sizes

    def in_64_bits(self) -> "Network":
        """Return a copy with the same parameters in 64 bits, to measure small differences with."""
        copy = Network(
            self.layer_sizes, self.activation_names, self.output_name, self.cost_name, np.float64
        )
        copy.parameters.theta[:] = self.parameters.theta
        return copy

    def initialize(self, initializer: str, rng: np.random.Generator) -> None:
        """Set the parameters to where training starts, by the initializer of that name.

        Raises ValueError for an unknown name.
        """
        if initializer not in INITIALIZERS:
            names = ", ".join(INITIALIZERS)
            raise ValueError(f"no initializer is called {initializer!r}; there are {names}")
        INITIALIZERS[initializer](self.parameters, rng)

    @np.errstate(all="ignore")  # a diverging network overflows; training notices it by the cost
    def forward(self, x: FloatArray) -> list[FloatArray]:
        """Return every layer's activations for inputs x, shape (examples, inputs).

        One array for each layer, shape (examples, neurons): the hidden layers, then the outputs.
        """
        _, hidden, z = self._forward(x)
        return [*hidden, self._output.function(z)]

    @np.errstate(all="ignore")
    def evaluate(self, x: FloatArray, y: FloatArray) -> BatchResult:
        """Return the sum of the examples' costs, and the outputs, for inputs x and truth y."""
        return self.evaluate_from(0, self.weighted_inputs(0, x), y)

    @np.errstate(all="ignore")
    def evaluate_from(self, layer: int, z: FloatArray, y: FloatArray) -> BatchResult:
        """Return what ``evaluate`` does, for the weighted inputs z of a layer, number 0 the first.

        z has shape (examples, neurons of that layer) and may be overwritten.
        """
        for behind, activation in enumerate(self._activations[layer:], layer + 1):
            z = self.weighted_inputs(behind, activation.function(z))
        outputs = self._output.function(z.copy())  # it may overwrite z, which the cost needs
        return BatchResult(self._output.cost(z, outputs, y), outputs)

    def weighted_inputs(self, layer: int, a: FloatArray) -> FloatArray:
        """Return z = a Wᵀ + b of one layer, for the activations a of the layer before."""
        # np.dot is the product @, with less overhead: that counts where a batch is small.
        z: FloatArray = np.dot(a, self.parameters.weights[layer].T)
        z += self.parameters.biases[layer]
        return z

    def backpropagate(
        self,
        x: FloatArray,
        y: FloatArray,
        gradient: Parameters,
        average_over: int | None = None,
        dropout: float = 0.0,
        rng: np.random.Generator | None = None,
    ) -> BatchResult:
        """Write ∇C into ``gradient``: how sensitive the cost is to each parameter.

        x has shape (examples, inputs), y is the one-hot truth, shape (examples, outputs), both of
        the parameters' type. ``gradient`` is that of the mean cost over ``average_over`` examples,
        which are the rows of x unless x is only a part of a batch. The cost returned is the *sum*
        over the rows of x, so that parts can be added up.

        Each hidden activation is set to 0 with probability ``dropout``, 0 ≤ dropout < 1. NumPy
        warns of numbers that overflow, unless this is called within ``np.errstate``, as training
        does.

        Raises ValueError for dropout without an ``rng``.
        """
        if dropout and rng is None:
            raise ValueError("dropout draws what it drops: give it an rng")
        masks = []
        if dropout and rng:
            hidden = self.layer_sizes[1:-1]
            masks = [dropout_mask((len(x), neurons), dropout, rng) for neurons in hidden]
        inputs, activations, z = self._forward(x, masks)
        outputs = self._output.function(z.copy())  # it may overwrite z, which the cost needs

        # Walk back: δ = ∂C/∂z of the output layer first, then of each layer before it.
        delta = self._output.delta(outputs, y)
        examples = average_over or len(x)
        if self._share_of != examples:
            self._share_of, self._share = examples, np.array(1 / examples, delta.dtype)
        delta *= self._share  # C is a mean. NumPy takes an array in half the time of a number.
        if len(self._ones) != len(x):
            self._ones = np.ones(len(x), delta.dtype)
        for layer in reversed(range(len(inputs))):
            # z = a_previous Wᵀ + b, so ∂C/∂W = δᵀ a_previous and ∂C/∂b = δ, both summed over the
            # examples: the first by the product itself, the second by a row of ones times δ, which
            # is several times as fast as delta.sum(axis=0).
            np.dot(delta.T, inputs[layer], out=gradient.weights[layer])
            np.dot(self._ones, delta, out=gradient.biases[layer])
            if layer > 0:
                # We can't influence the previous activations directly, so pass it on: ∂C/∂a = δ W.
                delta = np.dot(delta, self.parameters.weights[layer])
                if masks:
                    delta *= masks[layer - 1]
                # And through the activation function of that hidden layer, δ = ∂C/∂a · f′(z): it
                # is number layer − 1, since number 0 is the first after the inputs.
                delta *= self._activations[layer - 1].derivative(activations[layer - 1])
        return BatchResult(self._output.cost(z, outputs, y), outputs)

    @np.errstate(all="ignore")
    def back_to_inputs(
        self, activations: Sequence[FloatArray], layer: int, delta: FloatArray
    ) -> FloatArray:
        """Return ∂F/∂x, shape (examples, inputs), for any F whose ∂F/∂z of a layer is ``delta``.

        ``activations`` are what ``forward`` returned for x; layer number 0 is the first. This is
        the walk back of ``backpropagate``, without the parameters and one layer further.
        """
        for behind in range(layer, 0, -1):
            delta = np.dot(delta, self.parameters.weights[behind])
            delta *= self._activations[behind - 1].derivative(activations[behind - 1])
        return np.dot(delta, self.parameters.weights[0])

    def _forward(
        self, x: FloatArray, masks: Sequence[FloatArray] = ()
    ) -> tuple[list[FloatArray], list[FloatArray], FloatArray]:
        """Return each layer's inputs, the hidden layers' activations, and z of the output layer.

        A layer's inputs are the activations of the layer before, less what dropout's ``masks``
        drop; the first layer's are x. Both are kept: the weights are multiplied with the inputs,
        but f′ needs the activations as they were before anything was dropped.
        """
        inputs = [x]
        activations = []
        for layer, activation in enumerate(self._activations):
            a = activation.function(self.weighted_inputs(layer, inputs[-1]))
            activations.append(a)
            inputs.append(a * masks[layer] if masks else a)
        return inputs, activations, self.weighted_inputs(len(activations), inputs[-1])


def dropout_mask(shape: tuple[int, ...], dropout: float, rng: np.random.Generator) -> FloatArray:
    """Return 0 where an activation is dropped and 1 / (1 − dropout) where it is kept.

    The kept ones are scaled up so that the next layer's weighted inputs keep their mean, and
    nothing need be changed when the network is used ("inverted" dropout; Srivastava et al., 2014).
    """
    kept = rng.random(shape, dtype=np.float32) >= dropout
    return kept * np.float32(1 / (1 - dropout))
