"""Gradient descent and its relatives: from the gradient ∇C to the nudge Δ that θ is given.

An optimizer is a rule about vectors. θ, the gradient g and the nudge Δ have one element for each
parameter, and so has whatever an optimizer remembers of earlier gradients. η is the learning rate.
All write Δ into ``nudge``; θ += Δ is left to the caller. μ is the momentum, β a decay, ε is
``EPSILON``, and t the number of steps made.

RMSprop and Adam need a running mean of g or g², in which a gradient counts β times as much as the
next newer one. They keep it as a *sum*, s ← β s + g², which saves a pass over the vector. The
weights of t gradients add up to (1 − βᵗ) / (1 − β), so a sum divided by that is the mean, ŝ.

The rules and their constants are those of PyTorch's optimizers of the same names, so that results
can be compared.
"""

import math
from dataclasses import dataclass

import numpy as np

from nn_core.parameters import FloatArray, Parameters

RMSPROP_DECAY = 0.99
ADAM_DECAY_1 = 0.9
ADAM_DECAY_2 = 0.999
EPSILON = 1e-8  # keeps the division by √s finite where a parameter has had no gradient at all


@dataclass
class Descent:
    """An optimizer's memory: its vectors, each as long as θ, and how many steps it has made.

    ``sgd`` remembers nothing, ``momentum``, ``nesterov`` and ``rmsprop`` one vector, ``adam`` two.
    """

    name: str
    vectors: list[FloatArray]
    steps: int = 0

    def nudge(
        self, gradient: FloatArray, learning_rate: float, momentum: float, nudge: FloatArray
    ) -> None:
        """Write Δ for this gradient into ``nudge``."""
        self.steps += 1
        match self.name:
            case "sgd":
                # Δ = −η g: straight downhill.
                np.multiply(gradient, -learning_rate, out=nudge)
            case "momentum":
                # v ← μ v + g, Δ = −η v: a ball that keeps rolling.
                (v,) = self.vectors
                v *= momentum
                v += gradient
                np.multiply(v, -learning_rate, out=nudge)
            case "nesterov":
                # v ← μ v + g, Δ = −η (g + μ v): momentum that looks one step ahead.
                (v,) = self.vectors
                v *= momentum
                v += gradient
                np.multiply(v, momentum, out=nudge)
                nudge += gradient
                nudge *= -learning_rate
            case "rmsprop":
                # Δ = −η g / (√ŝ + ε), ŝ the running mean of g²: each parameter at its own scale.
                # The weights of very many gradients add up to 1 / (1 − β): that is used from the
                # first step on.
                (s,) = self.vectors
                _decay_and_add_square(s, gradient, RMSPROP_DECAY, nudge)
                weight = 1 / (1 - RMSPROP_DECAY)
                _divide_by_root(gradient, s, weight, nudge)
                nudge *= -learning_rate * math.sqrt(weight)
            case "adam":
                # Δ = −η m̂ / (√ŝ + ε), m̂ and ŝ the running means of g and g², exact from the
                # first step on: Kingma and Ba (2015), algorithm 1, with sums for means.
                m, s = self.vectors
                m *= ADAM_DECAY_1
                m += gradient
                _decay_and_add_square(s, gradient, ADAM_DECAY_2, nudge)
                weight_m = (1 - ADAM_DECAY_1**self.steps) / (1 - ADAM_DECAY_1)
                weight_s = (1 - ADAM_DECAY_2**self.steps) / (1 - ADAM_DECAY_2)
                _divide_by_root(m, s, weight_s, nudge)
                nudge *= -learning_rate * math.sqrt(weight_s) / weight_m


def _decay_and_add_square(
    s: FloatArray, gradient: FloatArray, decay: float, scratch: FloatArray
) -> None:
    """Make s = decay · s + gradient²."""
    np.multiply(gradient, gradient, out=scratch)
    s *= decay
    s += scratch


def _divide_by_root(
    numerator: FloatArray, s: FloatArray, weight: float, quotient: FloatArray
) -> None:
    """Make quotient = numerator / (√s + ε √weight).

    As ŝ = s / weight, that is numerator / (√ŝ + ε), divided by √weight: the caller multiplies by
    √weight, together with −η, in one pass.
    """
    np.sqrt(s, out=quotient)
    quotient += EPSILON * math.sqrt(weight)
    np.divide(numerator, quotient, out=quotient)


MEMORY = {"sgd": 0, "momentum": 1, "nesterov": 1, "rmsprop": 1, "adam": 2}
"""How many vectors each optimizer remembers."""


def start(optimizer: str, parameters: Parameters) -> Descent:
    """Return the optimizer of this name with nothing remembered yet.

    Raises ValueError for an unknown name.
    """
    _require_optimizer(optimizer)
    return Descent(optimizer, [np.zeros_like(parameters.theta) for _ in range(MEMORY[optimizer])])


def _require_optimizer(name: str) -> None:
    if name not in MEMORY:
        raise ValueError(f"no optimizer is called {name!r}; there are {', '.join(MEMORY)}")


def default_learning_rate(optimizer: str, cost: str, output: str = "sigmoid") -> float:
    """Return a learning rate that trains the digits well with this optimizer and cost."""
    _require_optimizer(optimizer)
    return LEARNING_RATES[optimizer]["identity" if output == "identity" else cost]


# Found by training 784-16-16-10 on digits-5k. Identity outputs have a row of their own: nothing
# squashes them, so their squared error is steeper and plain gradient descent needs smaller steps.
LEARNING_RATES = {
    "sgd": {"squared-error": 1.0, "cross-entropy": 0.5, "identity": 0.2},
    "momentum": {"squared-error": 0.1, "cross-entropy": 0.05, "identity": 0.02},
    "nesterov": {"squared-error": 0.1, "cross-entropy": 0.05, "identity": 0.02},
    "rmsprop": {"squared-error": 0.002, "cross-entropy": 0.002, "identity": 0.002},
    "adam": {"squared-error": 0.005, "cross-entropy": 0.003, "identity": 0.005},
}


def add_penalties(gradient: Parameters, parameters: Parameters, l1: float, l2: float) -> None:
    """Add the gradient of the penalty l1 · Σ|w| + l2/2 · Σw² to ``gradient``.

    The sums are over all weights and no biases: it is large weights that make the outputs change
    sharply with the inputs; a bias only shifts z. The gradient is l1 · sign(w) + l2 · w.
    """
    for layer, weights in enumerate(parameters.weights):
        if l2:
            gradient.weights[layer] += l2 * weights
        if l1:
            gradient.weights[layer] += l1 * np.sign(weights)
