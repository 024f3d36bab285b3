"""The landscape: the cost over a plane through θ, as a picture of hills and valleys.

θ has 13,002 elements, so its cost can't be drawn. A plane through one point θ* can: with two
directions d and e in the space of θ, C(θ* + α d + β e) is a function of two numbers. What it shows
depends on the directions:

- ``along_paths``: the two principal directions of a training's own path, the kept networks θₜ − θ*,
  centred on the last. No other plane is as near to all of them. How near is told by the share of
  their variance that lies in it. (Li et al., "Visualizing the Loss Landscape of Neural Nets", 2018,
  section 7.)
- ``at_random``: two random directions, scaled neuron by neuron so that each neuron's part of a
  direction is as long as its own weights are, the biases left alone (Li et al., section 4). Without
  that, a network with large weights looks flat only because each step is small to it.
- ``random_walk``: as many steps as the path has, as long as its own, but in random directions. The
  principal directions of a random walk hold most of its variance, too (Antognini and
  Sohl-Dickstein, "PCA of high dimensional random walks with comparison to neural network training",
  2018): so a high share and a neat curve alone say nothing about learning.

A plane is cheap: the first layer's weighted inputs are z + α dz + β ez, so three products serve for
all of its points, and only what lies behind is computed for each.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nn_core.datasets import Examples
from nn_core.line import in_parts
from nn_core.network import Network
from nn_core.parameters import FloatArray, Parameters

MARGIN = 0.25  # of the path's extent, beyond it on each side


class Plane:
    """C(θ* + α d + β e), the mean cost of some examples, as a function of α and β.

    ``network`` gives θ*, and is not changed. ``directions`` has shape (2, parameters). Everything
    is computed in 64 bits, without penalty and dropout.
    """

    @np.errstate(all="ignore")  # what overflows is not finite, and is told as it is
    def __init__(self, network: Network, directions: FloatArray, examples: Examples) -> None:
        start = network.in_64_bits()
        self._theta = start.parameters.theta
        self._directions = directions
        self._moved = start.in_64_bits()
        first, second = (_as_parameters(start.layer_sizes, part) for part in directions)
        self._parts = []  # z(0, 0), dz and ez of the first layer, and y
        for x, y in in_parts(examples):
            dz, ez = (x @ part.weights[0].T + part.biases[0] for part in (first, second))
            self._parts.append((start.weighted_inputs(0, x), dz, ez, y))
        self.examples = len(examples)
        self._behind = start.parameters.layers[0].size  # where the second layer begins in θ

    @np.errstate(all="ignore")
    def cost(self, alpha: float, beta: float) -> float:
        """Return the cost at a point. What overflows is not finite."""
        behind = self._behind
        d, e = self._directions[:, behind:]
        self._moved.parameters.theta[behind:] = self._theta[behind:] + alpha * d + beta * e
        total = sum(
            self._moved.evaluate_from(0, z + alpha * dz + beta * ez, y).cost
            for z, dz, ez, y in self._parts
        )
        return total / self.examples

    def costs(self, alphas: Iterable[float], betas: Iterable[float]) -> NDArray[np.float64]:
        """Return the cost over a grid: shape (alphas, betas)."""
        betas = list(betas)
        return np.array([[self.cost(alpha, beta) for beta in betas] for alpha in alphas])


class Directions(NamedTuple):
    """Two directions, and where the points of a path lie along them."""

    directions: FloatArray
    """Shape (2, parameters)."""
    places: FloatArray
    """α and β of each point: shape (points, 2). It is the point of the plane nearest to it."""
    explained: FloatArray
    """Which share of the points' squared distances from θ* lies along each: shape (2,).

    The second is what it adds to the first. Together they are 1 if all points lie in the plane.
    """


def along_paths(away: FloatArray) -> Directions:
    """Return the principal directions of two points or more, the rows θₜ − θ* of ``away``.

    They are of length 1, at right angles, and turned so that the first point is at α, β ≤ 0.
    """
    _, _, directions = np.linalg.svd(away, full_matrices=False)
    return _seen_from(away, directions[:2])


def at_random(network: Network, away: FloatArray, rng: np.random.Generator) -> Directions:
    """Return two random directions, each neuron's part as long as that neuron's weights."""
    weights = network.in_64_bits().parameters
    directions = []
    for _ in range(2):
        direction = weights.zeros_like()
        for part, own in zip(direction.weights, weights.weights, strict=True):
            noise = rng.standard_normal(part.shape)
            wanted, length = (np.linalg.norm(rows, axis=1, keepdims=True) for rows in (own, noise))
            part[:] = noise * wanted / length
        directions.append(direction.theta)
    return _seen_from(away, np.stack(directions))


def random_walk(away: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Return a walk that ends at θ*, with steps as long as the path's and random directions."""
    steps = np.diff(away, axis=0)
    lengths = np.linalg.norm(steps, axis=1, keepdims=True)
    walk = rng.standard_normal(steps.shape)
    walk *= lengths / np.linalg.norm(walk, axis=1, keepdims=True)
    return np.concatenate([-np.cumsum(walk[::-1], axis=0)[::-1], np.zeros((1, away.shape[1]))])


def grid_around(places: FloatArray, points: int) -> tuple[FloatArray, FloatArray]:
    """Return evenly spaced α and β around the places of a path, and θ*, which is at 0, 0."""
    axes = []
    for axis in (0, 1):
        low, high = min(0.0, places[:, axis].min()), max(0.0, places[:, axis].max())
        other = np.ptp(places[:, 1 - axis])
        beyond = MARGIN * max(high - low, other / 4, 1e-6)  # so that the grid is no thin strip
        axes.append(np.linspace(low - beyond, high + beyond, points))
    return axes[0], axes[1]


def cost_of(network: Network, theta: FloatArray, examples: Examples) -> float:
    """Return the mean cost of a network like this one with other parameters, in 64 bits."""
    moved = network.in_64_bits()
    moved.parameters.theta[:] = theta
    return sum(moved.evaluate(x, y).cost for x, y in in_parts(examples)) / len(examples)


def _seen_from(away: FloatArray, directions: FloatArray) -> Directions:
    """Return the nearest points of the plane of two directions, turned as ``along_paths`` says."""
    q, r = np.linalg.qr(directions.T)  # q has the same plane, at right angles and of length 1
    along = away @ q
    total = float((away**2).sum())
    shares = (along**2).sum(axis=0) / total if total else np.zeros(2)
    places = np.linalg.solve(r, along.T).T if np.abs(np.diag(r)).min() > 0 else along * 0
    turn = np.where(places[0] > 0, -1.0, 1.0)
    return Directions(directions * turn[:, None], places * turn, shares)


def _as_parameters(layer_sizes: Sequence[int], theta: FloatArray) -> Parameters:
    parameters = Parameters(layer_sizes, np.float64)
    parameters.theta[:] = theta
    return parameters
