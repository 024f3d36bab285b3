"""The network once more, from the definitions, as autograd can differentiate it."""

from itertools import pairwise
from typing import Any

import autograd
import autograd.numpy as anp

from nn_core import Network
from nn_core.parameters import FloatArray

ACTIVATION_DEFINITIONS = {
    "sigmoid": lambda z: 1 / (1 + anp.exp(-z)),
    "tanh": anp.tanh,
    "relu": lambda z: anp.where(z > 0, z, 0.0),
    "leaky-relu": lambda z: anp.where(z > 0, z, 0.01 * z),
    "identity": lambda z: z,
}


def softmax_definition(z: Any) -> Any:
    e = anp.exp(z)
    return e / anp.sum(e, axis=1, keepdims=True)


OUTPUT_DEFINITIONS = {**ACTIVATION_DEFINITIONS, "softmax": softmax_definition}
COST_DEFINITIONS = {
    ("sigmoid", "cross-entropy"): lambda a, y: (
        -anp.sum(y * anp.log(a) + (1 - y) * anp.log(1 - a), axis=1)
    ),
    ("softmax", "cross-entropy"): lambda a, y: -anp.sum(y * anp.log(a), axis=1),
}


def squared_error_definition(a: Any, y: Any) -> Any:
    return anp.sum((a - y) ** 2, axis=1)


def layers_of(theta: Any, layer_sizes: tuple[int, ...]) -> list[tuple[Any, Any]]:
    """Cut θ into weights and biases."""
    layers = []
    start = 0
    for previous, neurons in pairwise(layer_sizes):
        weights = anp.reshape(theta[start : start + neurons * previous], (neurons, previous))
        start += neurons * previous
        layers.append((weights, theta[start : start + neurons]))
        start += neurons
    return layers


def cost_of_theta(
    theta: Any,
    network: Network,
    x: FloatArray,
    y: FloatArray,
    masks: list[FloatArray] | None = None,
) -> Any:
    """The mean cost as a pure function of θ; ``masks`` say what dropout dropped."""
    *hidden_layers, last_layer = layers_of(theta, network.layer_sizes)
    a: Any = x
    for index, (weights, biases) in enumerate(hidden_layers):
        a = ACTIVATION_DEFINITIONS[network.activation_names[index]](a @ weights.T + biases)
        if masks:
            a = a * masks[index]
    outputs = OUTPUT_DEFINITIONS[network.output_name](a @ last_layer[0].T + last_layer[1])
    pair = (network.output_name, network.cost_name)
    return anp.mean(COST_DEFINITIONS.get(pair, squared_error_definition)(outputs, y))


def gradient_by_autograd(
    network: Network, x: FloatArray, y: FloatArray, masks: list[FloatArray] | None = None
) -> FloatArray:
    theta = network.parameters.theta.copy()
    gradient: FloatArray = autograd.grad(cost_of_theta)(theta, network, x, y, masks)
    return gradient
