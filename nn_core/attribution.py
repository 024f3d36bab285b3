"""Attribution: how much each pixel has to do with an output, by integrated gradients.

∂a/∂x says how an output changes with each pixel right here. Where the output is nearly 0 or 1 that
is next to nothing for all pixels: the sigmoid is flat there. So the gradient is taken all along the
straight line from a baseline, an image that shows no digit, to this one, and averaged:

    attribution of pixel i = (xᵢ − x̄ᵢ) · mean of ∂a/∂xᵢ over the points x̄ + t (x − x̄), 0 ≤ t ≤ 1

By the fundamental theorem of calculus the attributions of all pixels sum to a(x) − a(x̄): each has
its share of the difference that the image makes, and nothing is left over. (Sundararajan, Taly and
Yan, "Axiomatic Attribution for Deep Networks", 2017.)
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nn_core.costs import OUTPUTS_AND_COSTS
from nn_core.network import Network
from nn_core.parameters import FloatArray

FEWEST_POINTS = 64
MOST_POINTS = 32_768  # an output that is not read may rise and fall steeply on the way
MOST_AT_ONCE = 256  # points
NUMBERS_AT_ONCE = 2**21  # in these, 16 MiB: of large images there are fewer at once
TOLERANCE = 2e-3  # of the difference between the sum and what it should be, as a share of that
SMALLEST = 0.1  # difference of outputs to which that share applies; below, it is a share of this


class Attribution(NamedTuple):
    """How much each pixel has to do with an output."""

    attributions: NDArray[np.float64]
    """One for each input, shape (inputs,): for the output if positive, against it if negative."""
    output: float  # a(x)
    baseline_output: float  # a(x̄)

    @property
    def sum(self) -> float:
        """Return the sum of all attributions: output − baseline_output, but for rounding."""
        return float(self.attributions.sum())


@np.errstate(all="ignore")  # a network that overflows gives numbers that are not finite
def integrated_gradients(
    network: Network, x: FloatArray, baseline: FloatArray, output: int
) -> Attribution:
    """Return the attributions of one output for the image x; both images have shape (inputs,).

    The mean is over evenly spaced points, in 64 bits: 64, then twice as many until the sum is right
    within 0.2%, or 0.0002 if that is more; at most 32,768.
    """
    network = network.in_64_bits()
    baseline = baseline.astype(np.float64)
    difference = x - baseline
    ends = network.forward(np.stack([baseline, x]))[-1][:, output]
    wanted = ends[1] - ends[0]
    points = FEWEST_POINTS
    at_once = max(1, min(MOST_AT_ONCE, NUMBERS_AT_ONCE // x.size))
    while True:
        total = np.zeros_like(difference)
        for first in range(0, points, at_once):
            place = np.arange(first, min(first + at_once, points))
            t = (place + 0.5) / points  # the middle of each of so many equal stretches
            total += output_gradient(network, baseline + t[:, None] * difference, output).sum(0)
        attributions = difference * total / points
        is_right = abs(attributions.sum() - wanted) <= TOLERANCE * max(abs(wanted), SMALLEST)
        if is_right or points == MOST_POINTS:
            return Attribution(attributions, float(ends[1]), float(ends[0]))
        points *= 2


def output_gradient(network: Network, x: FloatArray, output: int) -> FloatArray:
    """Return ∂a/∂x of one output, for images x of shape (examples, inputs): the same shape."""
    activations = network.forward(x)
    a = activations[-1]
    # The squared error's δ is ∂a/∂z times 2(a − y). With y = a − e/2, where e is 1 at this output
    # and 0 elsewhere, 2(a − y) = e, and so δ is how this output alone changes with each z.
    half = np.zeros_like(a)
    half[:, output] = 0.5
    delta = OUTPUTS_AND_COSTS[network.output_name, "squared-error"].delta(a, a - half)
    return network.back_to_inputs(activations, len(activations) - 1, delta)
