"""Sensitivity: what the gradient says of one parameter, beside what is true.

∂C/∂θᵢ is the slope of the cost along the parameter θᵢ. So after a small nudge ε the cost should be
C(θ) + ε ∂C/∂θᵢ: that is on the tangent. What it really is differs from that by about ε²: the cost
is curved.
"""

import math
from typing import NamedTuple

import numpy as np

from nn_core.datasets import Examples
from nn_core.line import Line, in_parts
from nn_core.network import Network
from nn_core.parameters import Parameters

TO_EACH_SIDE = 20  # points of a curve


class NudgeCosts(NamedTuple):
    """The mean cost of some examples, and what becomes of it when one parameter is nudged."""

    cost: float  # C(θ)
    slope: float  # ∂C/∂θᵢ, by backpropagation
    predicted: float  # C(θ) + ε ∂C/∂θᵢ
    measured: float  # C(θ + ε eᵢ), where eᵢ is 1 at i and 0 elsewhere
    curve: list[tuple[float, float]] | None  # t and C(θ + t eᵢ), for t from −reach to +reach


def nudge_costs(
    network: Network, examples: Examples, index: int, amount: float, reach: float | None = None
) -> NudgeCosts:
    """Return what it would do to the cost to nudge the parameter ``index``, i, by ``amount``, ε.

    With a ``reach`` it also returns the cost after 41 evenly spaced nudges from −reach to +reach:
    the middle one is 0. The network is not changed. Everything is computed in 64 bits, because the
    differences are small, and without penalty, dropout or augmentation. A cost that overflows is
    not finite.

    Raises ValueError for an index that θ does not have, or an amount that is not finite.
    """
    if not math.isfinite(amount):
        raise ValueError(f"a parameter can't be nudged by {amount:g}: it would not be finite")
    _, gradient = cost_and_gradient(network, examples)
    direction = gradient.zeros_like()
    direction.nudge(index, 1.0)  # eᵢ
    line = Line(network, direction, in_parts(examples))
    slope = float(gradient.theta[index])
    cost = line.cost(0)
    curve = None
    if reach is not None:
        amounts = [reach * place / TO_EACH_SIDE for place in range(-TO_EACH_SIDE, TO_EACH_SIDE + 1)]
        curve = list(zip(amounts, line.costs(amounts), strict=True))
    return NudgeCosts(cost, slope, cost + amount * slope, line.cost(amount), curve)


@np.errstate(all="ignore")  # what overflows is not finite, and is told as it is
def cost_and_gradient(network: Network, examples: Examples) -> tuple[float, Parameters]:
    """Return the mean cost of some examples and its gradient, in 64 bits and without penalty."""
    network = network.in_64_bits()
    cost = 0.0
    gradient, gradient_of_part = (network.parameters.zeros_like() for _ in range(2))
    for x, y in in_parts(examples):
        # The cost is a mean over all examples, so each part adds its share to the gradient.
        cost += network.backpropagate(x, y, gradient_of_part, len(examples)).cost
        gradient.theta += gradient_of_part.theta
    return cost / len(examples), gradient
