"""The descent, seen: the cost along the way downhill, as a curve over the learning rate.

A step of gradient descent goes from θ to θ − η ∇C. The gradient gives the direction; how far to go
the learning rate η decides. C(θ − r ∇C) shows for each rate r what that step would come to: with a
small one the cost falls a little, with a good one much, and with one that is too large it is over
the top, and rises on the other side of the valley.
"""

import math
from typing import NamedTuple

import numpy as np

from nn_core.datasets import Examples
from nn_core.descent import default_learning_rate
from nn_core.events import RecalledStep
from nn_core.line import Line, in_parts
from nn_core.network import Network
from nn_core.sensitivity import cost_and_gradient

OCTAVES = 6  # to each side of the learning rate, in which the lowest cost is looked for
INTERVALS = 32  # of the curve


class DescentCurve(NamedTuple):
    """The mean cost of a batch after a step in one direction, for many learning rates."""

    examples: int
    cost: float  # before the step, which is that of the rate 0
    learning_rate: float  # the one that the training has: always one of the rates
    rates: list[float]  # ascending from 0
    costs: list[float]  # one for each rate; what overflows is not finite
    best: float  # the rate of the lowest cost; NaN if none is finite


def along_gradient(network: Network, examples: Examples, learning_rate: float) -> DescentCurve:
    """Return C(θ − r ∇C) over r, the learning rate. Penalty and dropout are left out.

    That is the step of plain gradient descent with all examples as its batch, whatever the
    optimizer is. The network is not changed.
    """
    _, gradient = cost_and_gradient(network, examples)
    gradient.theta *= -1
    # Around a rate of 0 there is nothing to look at: then look around one that would train.
    usual = default_learning_rate("sgd", network.cost_name, network.output_name)
    line = Line(network, gradient, in_parts(examples))
    return _curve(line, learning_rate, learning_rate or usual)


def along_step(network: Network, step: RecalledStep) -> DescentCurve:
    """Return the cost of a step's batch along that step, C(θ + (r/η) Δ) over r, in 64 bits.

    θ is from before the step, Δ its nudge and η its learning rate, so r = η is the step as it was
    made. For plain gradient descent Δ/η is −∇C. Momentum, RMSprop and Adam go another way than
    straight downhill, so it is the line that the step was made along; and so do penalties and
    dropout, which are in Δ but not in the cost. Of ``network`` only the architecture counts, and it
    is not changed.

    Raises ValueError for a learning rate of 0, with which there was no step.
    """
    if not step.learning_rate:
        raise ValueError("a step with a learning rate of 0 goes nowhere")
    before = network.in_64_bits()
    before.parameters.theta[:] = step.theta
    direction = before.parameters.zeros_like()
    direction.theta[:] = step.nudge
    direction.theta /= step.learning_rate
    line = Line(before, direction, [(step.x, step.y)])
    return _curve(line, step.learning_rate, step.learning_rate)


def _curve(line: Line, learning_rate: float, scale: float) -> DescentCurve:
    """Return the costs along a line, at rates of which the picture shows all that there is.

    First the lowest cost is looked for at ``scale`` times 1/64, 1/32, … 64. The curve goes to
    twice that rate, or twice the learning rate if that is larger, so that it shows what is too
    small as well as what is over the top. Both rates are on it.
    """
    coarse = [scale * 2.0**octave for octave in range(-OCTAVES, OCTAVES + 1)]
    lowest = coarse[_lowest(line.costs(coarse))]
    end = 2 * max(learning_rate, lowest)
    even = [end * interval / INTERVALS for interval in range(INTERVALS + 1)]
    rates = sorted({*even, learning_rate, lowest})
    costs = line.costs(rates)
    place = _lowest(costs)
    best = rates[place] if math.isfinite(costs[place]) else math.nan
    return DescentCurve(line.examples, costs[0], learning_rate, rates, costs, best)


def _lowest(costs: list[float]) -> int:
    """Return the place of the lowest cost; what is not finite counts as infinitely high."""
    return int(np.argmin([cost if math.isfinite(cost) else math.inf for cost in costs]))
