"""JAX, a whole epoch compiled: ``lax.scan`` over its batches within one ``jit``.

The images stay bytes, as in this project, and are gathered and scaled within the compiled step.
"""

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from numpy.typing import NDArray

from benchmarks.contestants.task import LEARNING_RATE, starting_network
from nn_core.datasets import Examples


def cost_of(parameters, x, y):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return the mean over the batch of the sum of squared errors."""
    a = x
    for weights, biases in parameters:
        a = jax.nn.sigmoid(a @ weights.T + biases)
    return jnp.square(a - y).sum() / len(x)


@jax.jit
def compiled_epoch(parameters, batches, images, labels):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Train a batch for each row of ``batches``."""

    def step(parameters, rows):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        x = images[rows].astype(jnp.float32) * (1 / 255)
        y = jax.nn.one_hot(labels[rows], 10)
        cost, gradient = jax.value_and_grad(cost_of)(parameters, x, y)
        nudged = jax.tree.map(lambda p, g: p - LEARNING_RATE * g, parameters, gradient)
        return nudged, cost

    parameters, costs = lax.scan(step, parameters, batches)
    return parameters, costs.sum()


class Contestant:
    """One call of a compiled function for each epoch."""

    def __init__(self, examples: Examples) -> None:
        self.images, self.labels = jnp.asarray(examples.images), jnp.asarray(examples.labels)
        start = starting_network().parameters
        layers = zip(start.weights, start.biases, strict=True)
        self.parameters = [(jnp.asarray(w), jnp.asarray(b)) for w, b in layers]

    def epoch(self, batch_size: int, order: NDArray[np.intp]) -> float:
        """Train one epoch in this order, and return the sum of its batches' costs."""
        batches = jnp.asarray(order.astype(np.int32).reshape(-1, batch_size))
        self.parameters, cost = compiled_epoch(self.parameters, batches, self.images, self.labels)
        return float(cost)  # and wait for it

    def theta(self) -> NDArray[np.float32]:
        """Return all parameters as one vector."""
        return np.concatenate([np.ravel(p) for layer in self.parameters for p in layer])
