"""The least change: the smallest change of an image, found, with which the network reads a digit.

What the network reads is the output with the largest weighted input z. So the digit d is read where
the margin

    m(x) = z_d − max z_k over k ≠ d

is positive, and the least change leads to the nearest point of the boundary m = 0. It is looked for
by the fast minimum-norm attack (Pintor et al., "Fast Minimum-norm Adversarial Attacks through
Adaptive Norm Constraints", 2021). The change δ has to stay within a sphere around the image, of
radius r. Each round makes a step uphill on m and shrinks or widens the sphere: where the digit is
read, r becomes less than the length of δ, so that something smaller is tried; where it is not, r
grows to where the boundary would be if m were linear. Both steps and changes of r become smaller
from round to round. The smallest change that is read as d is what was found: there may be a smaller
one.

The pixels stay between 0 and 1. An image that is made as MNIST's are stays one: its ink still
fills the same box, beside which it is faint at most, and some of it is white. So a network that is
sent this image reads it as it is.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nn_core.digit_image import BOX, FAINT, SIDE
from nn_core.image_kind import ImageKind
from nn_core.input_image import input_image
from nn_core.network import Network
from nn_core.parameters import FloatArray

ROUNDS = 300
WHITE = 255
OFF = 0.9  # pixels from the middle to the centre of mass: a digit image's are less than 1 apart
STARTS = (1, 2, 4, 8)  # how far from the image further searches begin
FARTHER = (0, 1, 1.02, 1.05, 1.1)  # times the change: none, what was found, and a little more
TINY = 1e-12


class NoChangeError(Exception):
    """No change was found that makes the network read this digit."""


class LeastChange(NamedTuple):
    """An image that is read as another digit, and how far it is from where it began."""

    image: NDArray[np.uint8]
    """Shape (rows, columns): sent as a PNG, the network reads the digit."""
    change: float
    """√Σ (difference)² over the pixels, each from 0 to 1."""


def least_change(network: Network, image: FloatArray, digit: int, kind: ImageKind) -> LeastChange:
    """Return an image that is read as ``digit``, as near to this one as was found.

    ``image`` has the kind's shape, with pixels from 0 to 1. Raises NoChangeError.
    """
    room = _Room(image.astype(np.float64), kind)
    start = image.ravel().astype(np.float64)
    # Where the first search finds nothing, others begin elsewhere, at the same places each time.
    rng = np.random.default_rng(0)
    for distance in (0, *STARTS):
        away = rng.standard_normal(start.size)
        away *= distance / np.linalg.norm(away)
        found = _search(network.in_64_bits(), start, start + away, digit, room)
        for farther in FARTHER:
            shades = _rounded(room.nearest(start + farther * (found - start))).reshape(kind.shape)
            if reads(network, shades, kind) == digit:
                return LeastChange(shades, float(np.linalg.norm(shades / WHITE - image)))
    raise NoChangeError(
        f"no change of this drawing was found that is read as {kind.name_of(digit)}"
    )


def reads(network: Network, shades: NDArray[np.uint8], kind: ImageKind) -> int:
    """Return what the network reads in a picture that it is sent."""
    seen = input_image(shades, kind).pixels
    return int(network.forward(seen.reshape(1, -1))[-1].argmax())


@np.errstate(all="ignore")
def _search(
    network: Network, start: FloatArray, x: FloatArray, digit: int, room: "_Room"
) -> FloatArray:
    """Return the image nearest to ``start`` that was found from x on, shape (inputs,).

    The first step is of length 1, the last a hundredth of that. What a network is sent has whole
    shades, so it is asked about those. Where none is read as the digit, it is the last one.
    """
    best = x
    shortest = radius = math.inf
    for round_ in range(ROUNDS):
        cosine = (1 + math.cos(math.pi * round_ / ROUNDS)) / 2
        shown = _rounded(x) / WHITE
        margin, slope = _margin(network, shown, digit)
        slope = room.open_to(x, slope)
        steepness = float(np.linalg.norm(slope)) + TINY
        length = float(np.linalg.norm(shown - start))
        share = 0.05 * cosine + 1e-4  # by which the sphere shrinks or widens
        if margin > 0:
            if length < shortest:
                best, shortest = shown, length
            radius = min(radius, shortest) * (1 - share)
        elif shortest < math.inf:
            radius *= 1 + share
        else:
            radius = length - margin / steepness
        change = x - start + (0.01 + 0.99 * cosine) * slope / steepness
        length = float(np.linalg.norm(change))
        if length > radius:
            change *= radius / length
        x = room.nearest(start + change)
    return best if shortest < math.inf else x


def _rounded(x: FloatArray) -> NDArray[np.uint8]:
    """Return the whole shades, from 0 to 255, nearest to an image from 0 to 1."""
    return np.rint(x.clip(0, 1) * WHITE).astype(np.uint8)


def _margin(network: Network, x: FloatArray, digit: int) -> tuple[float, FloatArray]:
    """Return m(x) and ∂m/∂x, shape (inputs,)."""
    activations = network.forward(x[None])
    last = len(activations) - 1
    inputs = [x[None], *activations][last]
    z = network.weighted_inputs(last, inputs)[0]
    others = z.copy()
    others[digit] = -math.inf
    rival = int(others.argmax())
    delta = np.zeros((1, len(z)))
    delta[0, digit], delta[0, rival] = 1, -1
    return float(z[digit] - z[rival]), network.back_to_inputs(activations, last, delta)[0]


class _Room:
    """The images that a change may lead to."""

    def __init__(self, image: FloatArray, kind: ImageKind) -> None:
        low, high = np.zeros_like(image), np.ones_like(image)
        self._slants: list[FloatArray] = []  # each v says that v · x may not be positive
        if kind.drawing == "digits":
            faintest = FAINT  # beside the box
            ink = np.rint(image * WHITE) > FAINT
            if max(map(_length, _lines(ink))) < BOX - 1:
                faintest, ink = 0, image > 0  # it was a faint scan
            high[:] = faintest / WHITE
            high[tuple(map(_stretch, _lines(ink)))] = 1
            # The box still reaches from the first row with ink to the last, and so do the columns.
            for lines, shades, least in zip(
                _lines(ink), (image, image.T), (low, low.T), strict=True
            ):
                for end in (lines[0], lines[-1]):
                    least[end, shades[end].argmax()] = (faintest + 1) / WHITE
            low[image == image.max()] = image.max()
            # The centre of mass stays within OFF of the middle: Σ x (c − middle ∓ OFF) ≤ 0.
            across = np.broadcast_to(np.arange(SIDE) + 0.5 - SIDE / 2, image.shape)
            for place in (across, -across, across.T, -across.T):
                self._slants.append((place - OFF).ravel() * (high > 0).ravel())
        self._low, self._high = low.ravel(), high.ravel()

    def open_to(self, x: FloatArray, slope: FloatArray) -> FloatArray:
        """Return the slope without what leads out of the room from x."""
        is_open = np.where(slope > 0, x < self._high, x > self._low)
        return slope * is_open

    def nearest(self, x: FloatArray) -> FloatArray:
        """Return an image in the room near x."""
        for slant in self._slants:
            over = float(slant @ x)
            if over > 0:
                x = x - slant * (over / float(slant @ slant))
        return np.clip(x, self._low, self._high)


def _lines(ink: NDArray[np.bool]) -> list[NDArray[np.intp]]:
    """Return the numbers of the rows with ink, and those of the columns."""
    return [np.flatnonzero(ink.any(axis=1 - axis)) for axis in (0, 1)]


def _length(lines: NDArray[np.intp]) -> int:
    """Return how far it is from the first line to the last."""
    return int(lines[-1] - lines[0]) + 1


def _stretch(lines: NDArray[np.intp]) -> slice:
    """Return where ink may be along one axis: where it is, widened to BOX pixels around it."""
    wider = max(0, BOX - _length(lines))
    first = min(max(0, int(lines[0]) - wider // 2), SIDE - BOX)
    return slice(first, max(int(lines[-1]) + 1, first + BOX))
