"""Drawings made of MNIST's digits: the middle line of each, drawn again with a round pen.

MNIST's digits were written with a pen on paper and scanned. On a screen people draw with a line of
one width, thin or thick, with a mouse that wobbles, wider or narrower than on paper. So a digit is
thinned to a line one pixel wide, the line is bent as another hand would, and drawn with some pen.
"""

import numpy as np
from numpy.typing import NDArray

from nn_core.digit_image import digit_image
from nn_core.parameters import FloatArray

ENLARGED = 2  # a line that is one pixel wide is finer in an image twice as large
DARK = 110  # of 255: this much ink is inside of a line
CANVAS = 48  # rows and columns of a drawing, which becomes a digit image of 20×20 in 28×28
PENS = (0.04, 0.22)  # the narrowest and the widest pen, as a share of the drawing's side
NEIGHBOURS = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))  # clockwise


def redrawn(images: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Return each digit drawn anew, and made a digit image: both of shape (examples, 784)."""
    result = np.empty_like(images)
    for first in range(0, len(images), 1000):
        for row, line in enumerate(middle_lines(images[first : first + 1000]), first):
            pen = np.exp(rng.uniform(*np.log(PENS)))
            result[row] = np.rint(255 * digit_image(draw(bend(line, rng), pen))).ravel()
    return result


def middle_lines(images: NDArray[np.uint8]) -> list[FloatArray]:
    """Return the middle line of each digit: points (row, column), shape (points, 2)."""
    enlarged = images.reshape(-1, 28, 28).repeat(ENLARGED, 1).repeat(ENLARGED, 2).astype(np.float32)
    for axis in (1, 2):  # smooth the steps
        before, after = np.roll(enlarged, 1, axis), np.roll(enlarged, -1, axis)
        enlarged = (before + 2 * enlarged + after) / 4
    return [np.argwhere(line).astype(np.float32) for line in thinned(enlarged > DARK)]


def thinned(ink: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Thin what is drawn to lines one pixel wide (Zhang and Suen, 1984), all images at once.

    A pixel at the edge goes if it is neither the end of a line nor what holds two parts together,
    first from the lower right, then from the upper left, until nothing changes.
    """
    ink = ink.copy()
    changed = True
    while changed:
        changed = False
        for corner in (0, 4):
            padded = np.pad(ink, ((0, 0), (1, 1), (1, 1)))
            around = [
                padded[:, 1 + down : 1 + down + ink.shape[1], 1 + right : 1 + right + ink.shape[2]]
                for down, right in NEIGHBOURS
            ]
            neighbours = np.sum(around, axis=0, dtype=np.uint8)
            begins = [~around[i - 1] & around[i] for i in range(8)]
            parts = np.sum(begins, axis=0, dtype=np.uint8)
            a, b, c, d = (around[(corner + side) % 8] for side in (0, 2, 4, 6))
            gone = ink & (neighbours >= 2) & (neighbours <= 6) & (parts == 1)
            gone &= ~(a & b & c) & ~(b & c & d)
            ink ^= gone
            changed |= bool(gone.any())
    return ink


def bend(line: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Return a line as another hand would draw it: turned, slanted, wider or narrower, wobbly."""
    points = (line - line.mean(axis=0)) / (20 * ENLARGED)
    # Slow waves bend the whole digit; fast ones are a hand that trembles.
    for waves, size in ((3.0, 0.03), (9.0, 0.006)):
        directions, phases = rng.normal(0, waves, (2, 4)), rng.uniform(0, 2 * np.pi, 4)
        points = points + np.sin(points @ directions + phases) @ rng.normal(0, size, (4, 2))
    angle, slant = np.radians(rng.normal(0, (5, 9)))
    aspect = np.exp(rng.normal(0, 0.2))
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return points @ np.array([[1, -np.tan(slant)], [0, aspect]]) @ turn


def draw(line: FloatArray, pen: float) -> FloatArray:
    """Draw a line with a round pen: CANVAS × CANVAS pixels, from 0 to 1."""
    box = CANVAS - 2
    points = line - (line.max(axis=0) + line.min(axis=0)) / 2
    points *= box * (1 - pen) / max(2 * np.abs(points).max(), 1e-3)
    # The distance of each pixel p to the nearest point q, by |p − q|² = |p|² + |q|² − 2 p·q.
    pixels = np.indices((CANVAS, CANVAS)).reshape(2, -1).T - (CANVAS - 1) / 2
    nearest = ((points**2).sum(axis=1) - 2 * pixels @ points.T).min(axis=1)
    distance = np.sqrt(np.maximum((pixels**2).sum(axis=1) + nearest, 0))
    # Points are up to a pixel and a half apart: the pen is a little wider than its distance to one.
    return np.clip(pen * box / 2 - distance + 0.5, 0, 1).reshape(CANVAS, CANVAS)
