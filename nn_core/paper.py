"""A picture from elsewhere becomes light ink on a dark ground, as the pad's drawings are.

Somebody's picture of a digit may be dark ink on white, or a photograph of paper that lies half in
the shade. Two questions decide what is done. Which shade is the ground? The one that most of the
frame's edge has. And is it the same everywhere? If all shades lie close to two, ink and ground, the
picture is turned where it must be and stays as it is otherwise. If not, each place is compared
with the paper around it.
"""

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nn_core.digit_image import parts_of
from nn_core.parameters import FloatArray
from nn_core.scaling import resize_by_area

Ground = Literal["dark", "light"]

SIDE = 160  # pixels along the longer side of what is looked at: enough to see a stroke
EDGE = 0.03  # of the longer side: how wide the frame's edge is
DARK, LIGHT, MOST = 1 / 3, 2 / 3, 3 / 4  # a ground is dark if most of the edge is darker than that
PLAIN = 0.9  # of the edge has no ink in a picture with room around it
DRAWN = 0.01  # of the whole range: no more varies a ground that a program drew
HALF = 0.5
NOISE = 0.04  # of the whole range: as much may a shade vary and still be the same

# A depth is how far a shade is on the way from the ground, 0, to the ink, 1.
GROUND_FROM, GROUND_SPREAD, INK_TO = -0.2, 0.3, 1.25  # in an even picture
FAINT, FULL = 0.35, 0.65  # where it is not: less is no ink, more is all ink, grey between

AROUND = 0.15  # of the longer side: what is around a place; wider than a stroke of a pen
SHADE = 1 / 16  # added before a logarithm: what is nearly black has no depth to speak of
DEEPEST = 1 / 200  # of the picture: surely ink

SWAPPED = "Dark ink on a light ground: light and dark were swapped."
CLEANED = "The ground is not clean: what is faint on it was left out."
EVENED = "The light is uneven: each place was compared with the ground around it."


class Ink(NamedTuple):
    """What was drawn in a picture: light on dark, in any range."""

    shades: FloatArray
    notes: list[str]  # what was done, in words


def ground_of(picture: NDArray[Any]) -> Ground | None:
    """Return whether a picture, its shades from 0 to 1, has a dark or a light ground.

    None is neither: its edge has both, or what is between them.
    """
    edge = edge_of(picture)
    if np.mean(edge < DARK) >= MOST:
        return "dark"
    return "light" if np.mean(edge > LIGHT) >= MOST else None


def light_on_dark(picture: FloatArray) -> Ink:
    """Return the ink in a picture whose shades go from 0 to 1, and what was done to find it.

    Light ink on an even dark ground is returned as it is.
    """
    small = _shrunk(picture)
    edge = edge_of(small)
    is_drawn = np.mean(edge < small.min() + DRAWN) >= PLAIN  # by a program, as on the pad
    if is_drawn or np.ptp(small) < NOISE:
        return Ink(picture, [])
    ground, ink = _ground_and_ink(small, edge)
    depth = (small - ground) / (ink - ground)
    depth_of_edge = (edge - ground) / (ink - ground)
    if not _is_even(depth, _is_plain(depth_of_edge) and ink > ground):
        return _compared_with_around(small)
    notes = [SWAPPED] if ink < ground else []
    if _is_clean((picture - ground) / (ink - ground)):
        return Ink(1 - picture if notes else picture, notes)
    return Ink(_decided(_slide(depth, 1, np.mean)), [*notes, CLEANED])


def _shrunk(picture: FloatArray) -> FloatArray:
    """Return a picture with a longer side of at most SIDE."""
    scale = SIDE / max(picture.shape)
    if scale >= 1:
        return picture
    rows, columns = (max(1, round(length * scale)) for length in picture.shape)
    return resize_by_area(picture, rows, columns)


def edge_of(picture: NDArray[Any]) -> NDArray[Any]:
    """Return the pixels at the edge of a picture's frame, in one row."""
    width = max(1, round(EDGE * max(picture.shape)))
    is_edge = np.ones(picture.shape, bool)
    is_edge[width:-width, width:-width] = False
    return picture[is_edge]


def _ground_and_ink(picture: FloatArray, edge: FloatArray) -> tuple[float, float]:
    """Return the usual shade of the ground, which has most of the edge, and that of the ink."""
    threshold = _threshold(picture)
    darker, lighter = picture[picture <= threshold], picture[picture > threshold]
    shades = float(np.median(darker)), float(np.median(lighter))
    return shades[::-1] if np.mean(edge > threshold) > HALF else shades


def _threshold(picture: FloatArray) -> float:
    """Return the shade that divides a picture best into a darker and a lighter part.

    That is Otsu's: the means of the two parts are as far apart as can be, measured by
    n₁·n₂·(m₁ − m₂)², where n are the numbers of pixels and m the means.
    """
    count, bounds = np.histogram(picture, 256)
    darker = np.cumsum(count)[:-1]  # for each bound inside: it has at least one pixel on each side
    lighter = count.sum() - darker
    total = np.cumsum(count * (bounds[:-1] + bounds[1:]) / 2)
    between = total[:-1] / darker - (total[-1] - total[:-1]) / lighter
    return float(bounds[1 + np.argmax(darker * lighter * between**2)])


def _is_plain(depth_of_edge: FloatArray) -> bool:
    """Return whether hardly any ink touches the edge."""
    return bool(np.mean(depth_of_edge < HALF) >= PLAIN)


def _is_even(depth: FloatArray, ink_may_vary: bool) -> bool:  # noqa: FBT001
    """Return whether a picture has two shades, whatever is between them, and no third.

    Paper in the shade is neither like the paper in the light nor like the ink. A pen that was
    pressed more and less makes ink of several shades.
    """
    ground, ink = depth[depth < HALF], depth[depth >= HALF]
    least, low, high = np.percentile(ground, (0.5, 5, 95))
    even_ground = least > GROUND_FROM and high - low < GROUND_SPREAD
    return bool(even_ground and (ink_may_vary or np.percentile(ink, 98) < INK_TO))


def _is_clean(depth: FloatArray) -> bool:
    """Return whether the ground hardly varies: at the edge, and nowhere away from the ink."""
    edge = edge_of(depth)
    return bool(depth.min() > -NOISE and np.percentile(edge[edge < HALF], 90) < NOISE)


def _compared_with_around(picture: FloatArray) -> Ink:
    """Return the ink in an unevenly lit picture.

    Half the light makes half of each shade, on paper and on ink: their logarithms are as far
    apart in the shade as in the light. The ground at a place with dark ink is what is left when
    the picture is widened, each place to the lightest around it, and narrowed again, each to the
    darkest: what is narrower than that is gone (a closing).
    """
    blurred = _slide(picture, 1, np.mean)
    around = max(2, round(AROUND / 2 * max(picture.shape)))
    # Strokes are less than what is around them. So if they are dark, they are far from the mean
    # and the rest is near it: the cubes of the differences add up to less than 0.
    difference = blurred - _slide(blurred, 2 * around, np.mean)
    is_dark_ink = np.sum(difference**3) < 0
    brightness = np.log(SHADE + blurred) * (1 if is_dark_ink else -1)
    ground = _slide(_slide(brightness, around, np.max), around, np.min)
    depth = ground - brightness
    deepest = np.sort(depth, axis=None)[-max(1, round(DEEPEST * depth.size)) :].mean()
    ink = _without_what_hangs_on_the_edge(_decided(depth / deepest))
    return Ink(ink, [SWAPPED, EVENED] if is_dark_ink else [EVENED])


def _decided(depth: FloatArray) -> FloatArray:
    """Return 0 where there is no ink and 1 where there is, with grey edges between."""
    return np.clip((depth - FAINT) / (FULL - FAINT), 0, 1)


def _slide(picture: FloatArray, reach: int, of: Callable[..., FloatArray]) -> FloatArray:
    """Return the mean, or whatever ``of`` is, of the square around each pixel."""
    for axis in (0, 1):
        beside = [(reach, reach) if axis == this else (0, 0) for this in (0, 1)]
        padded = np.pad(picture, beside, mode="edge")
        windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1, axis)
        picture = of(windows, axis=-1)
    return picture


def _without_what_hangs_on_the_edge(ink: FloatArray) -> FloatArray:
    """Return the ink without the parts that touch the edge: paper ends there, or a shadow does.

    The largest part stays, as it is what was drawn.
    """
    part = parts_of(ink > 0)
    size = np.bincount(part.ravel(), ink.ravel())
    hangs = np.zeros(len(size), bool)
    for side in (part[0], part[-1], part[:, 0], part[:, -1]):
        hangs[side] = True
    hangs[size.argmax()] = False
    return ink * ~hangs[part]
