"""Initializers: where the parameters start.

If all neurons of a layer started equal they would get equal gradients and stay equal forever, so
the weights start random. How large they should be depends on how many inputs a neuron adds up: too
large and its activation saturates (the sigmoid is flat where z is large: σ′ ≈ 0, and the neuron
hardly learns), too small and the signal fades from layer to layer.
"""

from collections.abc import Callable

import numpy as np

from nn_core.parameters import Parameters


def xavier(parameters: Parameters, rng: np.random.Generator) -> None:
    """Weights uniform in ±√(6 / (inputs + neurons)), biases 0.

    Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks"
    (2010), equation 16. Made for activations that are symmetric and steep at 0; good for sigmoid.
    """
    parameters.theta[:] = 0
    for weights in parameters.weights:
        neurons, inputs = weights.shape
        limit = np.sqrt(6 / (inputs + neurons))
        weights[:] = rng.uniform(-limit, limit, weights.shape)


def he(parameters: Parameters, rng: np.random.Generator) -> None:
    """Weights normal with mean 0 and variance 2 / inputs, biases 0.

    He et al., "Delving deep into rectifiers" (2015), equation 10. Made for ReLU, which silences
    half of its inputs.
    """
    parameters.theta[:] = 0
    for weights in parameters.weights:
        inputs = weights.shape[1]
        weights[:] = rng.normal(0, np.sqrt(2 / inputs), weights.shape)


def standard_normal(parameters: Parameters, rng: np.random.Generator) -> None:
    """Every weight and bias normal with mean 0 and variance 1, as in Nielsen's first network.

    With 784 inputs, many neurons start saturated and learn slowly: worth seeing.
    """
    parameters.theta[:] = rng.standard_normal(parameters.theta.size)


def zeros(parameters: Parameters, _rng: np.random.Generator) -> None:
    """Everything 0: the neurons of a layer stay alike and the network hardly learns."""
    parameters.theta[:] = 0


Initializer = Callable[[Parameters, np.random.Generator], None]

INITIALIZERS: dict[str, Initializer] = {
    "xavier": xavier,
    "he": he,
    "standard-normal": standard_normal,
    "zeros": zeros,
}
