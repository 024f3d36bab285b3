"""Silencing: what a network does without some of its neurons, in a copy.

A silenced neuron's activation is 0 for every image, so the layers behind it are told nothing of
what it found. In a copy of the parameters that takes only its own row: its weights become 0, and
its bias a number b with f(b) = 0. What the neuron's absence costs says how much the network relies
on it, which need not be the neuron that lights up most.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nn_core.datasets import Examples
from nn_core.line import in_parts
from nn_core.network import Network
from nn_core.parameters import FloatArray, Parameters

# f(0) = 0 for all activation functions but the sigmoid, which is 0 only in the limit: in 32 bits it
# is below −104, and in 64 below −746.
SILENT_BIAS = {"sigmoid": -1000.0}

Neuron = tuple[int, int]  # its layer, number 0 the first hidden one, and its place there


def neuron_of(text: str) -> Neuron:
    """Return the neuron that is written as "L:N". Raises ValueError for what is none."""
    layer, neuron = text.split(":")
    return int(layer), int(neuron)


def silenced(network: Network, neurons: Iterable[Neuron]) -> Network:
    """Return a copy of the network in which these hidden neurons' activations are 0.

    Raises ValueError for a neuron that is in no hidden layer.
    """
    copy = Network(
        network.layer_sizes,
        network.activation_names,
        network.output_name,
        network.cost_name,
        network.parameters.theta.dtype,
    )
    copy.parameters.theta[:] = network.parameters.theta
    for layer, neuron in neurons:
        require_hidden(network.layer_sizes, layer, neuron)
        copy.parameters.weights[layer][neuron] = 0
        copy.parameters.biases[layer][neuron] = SILENT_BIAS.get(network.activation_names[layer], 0)
    return copy


def held_at_zero(layer_sizes: Iterable[int], neurons: Iterable[Neuron]) -> NDArray[np.bool]:
    """Return which elements of θ are weights to or from these hidden neurons, or their biases.

    A network in which all of them are 0 has, for what it reads, no such neurons.

    Raises ValueError for a neuron that is in no hidden layer.
    """
    marked = Parameters(tuple(layer_sizes))
    for layer, neuron in neurons:
        require_hidden(marked.layer_sizes, layer, neuron)
        marked.weights[layer][neuron] = 1
        marked.biases[layer][neuron] = 1
        marked.weights[layer + 1][:, neuron] = 1
    return marked.theta > 0


def require_hidden(layer_sizes: tuple[int, ...], layer: int, neuron: int) -> None:
    """Raise ValueError for a neuron that is in no hidden layer."""
    hidden = layer_sizes[1:-1]
    if not 0 <= layer < len(hidden) or not 0 <= neuron < hidden[layer]:
        there_are = ", ".join(f"{i}:0 to {i}:{size - 1}" for i, size in enumerate(hidden))
        raise ValueError(
            f"there is no hidden neuron {layer}:{neuron}: this network has {there_are or 'none'}"
        )


class Absences(NamedTuple):
    """What the absence of each neuron costs, on the same examples."""

    cost: float  # mean, with all neurons that are there
    right: int  # how many of the examples are read right then
    costs: list[list[float]]  # without each neuron, a list for each hidden layer
    rights: list[list[int]]


@np.errstate(all="ignore")
def absences(network: Network, examples: Examples) -> Absences:
    """Return the cost and the number read right without each hidden neuron, one at a time.

    The layer behind a neuron loses just what came from it: z − a wᵀ, with w its column of weights.
    So only what lies behind that is computed anew. In 64 bits, because the differences are small.
    """
    network = network.in_64_bits()
    hidden = network.layer_sizes[1:-1]
    cost, right = 0.0, 0
    costs = [np.zeros(neurons) for neurons in hidden]
    rights = [np.zeros(neurons, np.intp) for neurons in hidden]
    for x, y in in_parts(examples):
        *activations, _ = network.forward(x)
        result = network.evaluate(x, y)
        cost, right = cost + result.cost, right + _right(result.outputs, y)
        for layer, a in enumerate(activations):
            z = network.weighted_inputs(layer + 1, a)
            for neuron, weights in enumerate(network.parameters.weights[layer + 1].T):
                without = z - a[:, neuron, None] * weights
                result = network.evaluate_from(layer + 1, without, y)
                costs[layer][neuron] += result.cost
                rights[layer][neuron] += _right(result.outputs, y)
    count = len(examples)
    return Absences(
        cost / count,
        right,
        [(of_layer / count).tolist() for of_layer in costs],
        [of_layer.tolist() for of_layer in rights],
    )


def _right(outputs: FloatArray, y: FloatArray) -> int:
    return int(np.count_nonzero(outputs.argmax(axis=1) == y.argmax(axis=1)))
