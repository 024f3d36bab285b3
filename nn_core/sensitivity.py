"""Sensitivity: what the gradient says of one parameter, beside what is true.

∂C/∂θᵢ is the slope of the cost along the parameter θᵢ. So after a small nudge ε the cost should be
C(θ) + ε ∂C/∂θᵢ: that is on the tangent. What it really is differs from that by about ε²: the cost
is curved.
"""

from typing import NamedTuple

import numpy as np

from nn_core.datasets import Examples
from nn_core.datasets.batches import Batches
from nn_core.evaluation import evaluate
from nn_core.network import Network


class NudgeCosts(NamedTuple):
    """The mean cost of some examples, and what becomes of it when one parameter is nudged."""

    cost: float  # C(θ)
    predicted: float  # C(θ) + ε ∂C/∂θᵢ, by backpropagation
    measured: float  # C(θ + ε eᵢ), where eᵢ is 1 at i and 0 elsewhere


def nudge_costs(network: Network, examples: Examples, index: int, amount: float) -> NudgeCosts:
    """Return what it would do to the cost to nudge the parameter ``index``, i, by ``amount``, ε.

    The network is not changed. Everything is computed in 64 bits, because the differences are
    small, and without penalty, dropout or augmentation. A cost that overflows is not finite.

    Raises ValueError for an index that θ does not have, or an amount that is not finite.
    """
    before, after = _in_64_bits(network), _in_64_bits(network)
    after.parameters.nudge(index, amount)
    cost, slope = _cost_and_slope(before, examples, index)
    measured, _ = evaluate(after, examples)
    return NudgeCosts(cost, cost + amount * slope, measured)


def _in_64_bits(network: Network) -> Network:
    """Return a copy of the network, with the same parameters in 64 bits."""
    copy = Network(
        network.layer_sizes,
        network.activation_names,
        network.output_name,
        network.cost_name,
        np.float64,
    )
    copy.parameters.theta[:] = network.parameters.theta
    return copy


@np.errstate(all="ignore")  # what overflows is not finite, and is told as it is
def _cost_and_slope(network: Network, examples: Examples, index: int) -> tuple[float, float]:
    """Return the mean cost, and its derivative by one parameter: an element of the gradient."""
    cost = slope = 0.0
    gradient = network.parameters.zeros_like()
    in_order = Batches(examples, np.arange(len(examples)), gradient.theta.dtype)
    first = 0
    while first < len(examples):
        x, y, _ = in_order.part(first, len(examples))
        # The cost is a mean over all examples, so each part adds its share to the gradient.
        cost += network.backpropagate(x, y, gradient, len(examples)).cost
        slope += float(gradient.theta[index])
        first += len(x)
    return cost / len(examples), slope
