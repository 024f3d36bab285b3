"""Drawings made of MNIST's digits: the middle line of each, drawn again by another hand and pen.

MNIST's digits were written on paper and scanned. On a screen people draw with a pen of one width,
thin or thick for the size of the digit, and with a hand that wobbles. So a digit is thinned to a
line one pixel wide, the line is bent, slanted and stretched, and drawn with a round pen. And some
people write in ways that MNIST's writers, all American, hardly ever did: a 1 with a flag or a
foot, a 7 with a bar. Those strokes are added to some.
"""

import numpy as np
from numpy.typing import NDArray

from nn_core.digit_image import digit_image
from nn_core.parameters import FloatArray

ENLARGED = 2  # how many times, before it is thinned: the line is finer then
INK = 110  # of 255
CANVAS = 64  # rows and columns of a drawing
BOX = 60  # that the drawing itself fits into: three pixels for each of a digit image's 20
THINNEST, THICKEST = 0.04, 0.2  # pens, as shares of the drawing's longer side
CHUNK = 1000  # digits that are thinned at a time

FLAG, FOOT, BAR = 0.35, 0.2, 0.25  # how many of the 1s and 7s get one

# The eight neighbours of a pixel, clockwise from the one above: rows down, columns to the right.
AROUND = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))


def redraw(
    lines: list[FloatArray], labels: NDArray[np.uint8], rng: np.random.Generator
) -> NDArray[np.uint8]:
    """Return a drawing of each line as its digit image, ``uint8`` of shape (examples, 784)."""
    images = np.empty((len(lines), 784), np.uint8)
    pens = np.exp(rng.uniform(np.log(THINNEST), np.log(THICKEST), len(lines)))
    for image, line, label, pen in zip(images, lines, labels, pens, strict=True):
        points = deform(add_strokes(line, int(label), rng), rng)
        image[:] = np.rint(digit_image(draw(points, pen)) * 255).ravel()
    return images


def middle_lines(images: NDArray[np.uint8]) -> list[FloatArray]:
    """Return the middle line of each digit: points (x, y), shape (points, 2).

    ``images`` are digits of shape (examples, 784).
    """
    lines = []
    for start in range(0, len(images), CHUNK):
        digits = images[start : start + CHUNK].reshape(-1, 28, 28)
        enlarged = _enlarge(_enlarge(digits.astype(np.float32), 1), 2)
        lines += [_points(line) for line in _thin(enlarged > INK)]
    return lines


def add_strokes(line: FloatArray, label: int, rng: np.random.Generator) -> FloatArray:
    """Give some of the 1s a flag, a foot or both, and some of the 7s a bar."""
    strokes = [line]
    height = np.ptp(line[:, 1])
    if label == 1 and rng.random() < FLAG:
        top = line[line[:, 1].argmin()]
        strokes.append(_stroke(top, top + height * rng.uniform((-0.45, 0.1), (-0.12, 0.45))))
    if label == 1 and rng.random() < FOOT:
        foot = line[line[:, 1].argmax()]
        left, right = height * rng.uniform(0.12, 0.35, 2)
        strokes.append(_stroke(foot - np.array([left, 0]), foot + np.array([right, 0])))
    if label == 7 and rng.random() < BAR:  # noqa: PLR2004 - a seven
        y = line[:, 1].min() + height * rng.uniform(0.4, 0.62)
        stem = line[np.abs(line[:, 1] - y).argmin()]
        left, right = height * rng.uniform(0.15, 0.35, 2)
        rise = height * rng.uniform(-0.05, 0.08)
        strokes.append(_stroke(stem - np.array([left, 0]), stem + np.array([right, -rise])))
    return np.concatenate(strokes)


def deform(line: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Return the line as another hand would draw it: turned, slanted, wider or narrower, wobbly."""
    points = (line - line.mean(axis=0)) / 20  # of about the size 1
    # Slow waves over the whole digit bend it; faster ones are a hand that trembles.
    for waves, size in ((3, 0.035), (9, 0.008)):
        directions, phases = rng.normal(0, waves, (2, 4)), rng.uniform(0, 2 * np.pi, 4)
        points = points + np.sin(points @ directions + phases) @ rng.normal(0, size, (4, 2))
    angle, slant = np.radians(rng.normal(0, (5, 9)))
    width = np.exp(rng.normal(0, 0.2))
    shear = np.array([[width, 0], [-np.tan(slant), 1]])
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return points @ shear @ turn


def draw(points: FloatArray, pen: float) -> NDArray[np.float32]:
    """Draw with a round pen wherever there is a point; return CANVAS × CANVAS pixels, from 0 to 1.

    ``pen`` is the pen's width as a share of the drawing's longer side.
    """
    radius = pen * BOX / 2
    middle = (points.max(axis=0) + points.min(axis=0)) / 2
    size = max(np.ptp(points, axis=0).max(), 1e-3)
    q = ((points - middle) * (BOX - 2 * radius) / size).astype(np.float32)
    row, column = np.indices((CANVAS, CANVAS), np.float32).reshape(2, -1) - (CANVAS - 1) / 2
    p = np.stack([column, row], axis=1)
    # The distance of each pixel p to the nearest point q, by |p − q|² = |p|² + |q|² − 2 p·q.
    squares = (p**2).sum(axis=1) + ((q**2).sum(axis=1) - 2 * p @ q.T).min(axis=1)
    distance = np.sqrt(np.maximum(squares, 0))
    return np.clip(radius - distance + 0.5, 0, 1).reshape(CANVAS, CANVAS)


def _stroke(start: FloatArray, end: FloatArray) -> FloatArray:
    """Return points on the straight line from start to end, a quarter of a pixel apart."""
    steps = max(2, int(4 * np.hypot(*(end - start))))
    return start + np.linspace(0, 1, steps)[:, None] * (end - start)


def _enlarge(images: NDArray[np.float32], axis: int) -> NDArray[np.float32]:
    """Return the images ENLARGED times as long in that direction, linearly interpolated."""
    length = images.shape[axis]
    place = (np.arange(length * ENLARGED, dtype=np.float32) + 0.5) / ENLARGED - 0.5
    before = np.floor(place).astype(np.intp).clip(0, length - 2)
    share = np.expand_dims(place - before, axis=[0, 3 - axis]).clip(0, 1)
    return images.take(before, axis) * (1 - share) + images.take(before + 1, axis) * share


def _thin(ink: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Thin what is drawn to lines one pixel wide, shape (examples, rows, columns).

    Zhang and Suen (1984): take away the rim, now from below and the right, now from above and the
    left, wherever that neither breaks a line nor shortens one, until nothing more can go.
    """
    ink = ink.copy()
    rows, columns = ink.shape[1:]
    changed = True
    while changed:
        changed = False
        for side in range(2):
            framed = np.pad(ink, ((0, 0), (1, 1), (1, 1)))
            around = [
                framed[:, 1 + down : 1 + down + rows, 1 + right : 1 + right + columns]
                for down, right in AROUND
            ]
            neighbours = sum(one.astype(np.uint8) for one in around)
            begins = sum(
                (~one & following).astype(np.uint8)
                for one, following in zip(around, around[1:] + around[:1], strict=True)
            )
            up, right_, down_, left = around[::2]
            if side == 0:
                rim = ~(up & right_ & down_) & ~(right_ & down_ & left)
            else:
                rim = ~(up & right_ & left) & ~(up & down_ & left)
            gone = ink & rim & (begins == 1) & (neighbours > 1) & (neighbours < 7)  # noqa: PLR2004
            ink ^= gone
            changed |= bool(gone.any())
    return ink


def _points(line: NDArray[np.bool_]) -> FloatArray:
    """Return the pixels of a thin line, and the middles between neighbours, as points (x, y)."""
    framed = np.pad(line, 1)
    rows, columns = line.shape
    points = [np.argwhere(line).astype(np.float64)]
    for down, right in AROUND[1:5]:
        neighbour = framed[1 + down : 1 + down + rows, 1 + right : 1 + right + columns]
        points.append(np.argwhere(line & neighbour) + np.array([down, right]) / 2)
    return np.concatenate(points)[:, ::-1] / ENLARGED
