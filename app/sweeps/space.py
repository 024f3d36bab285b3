"""Search spaces: which values each field takes, and which combinations of them are tried.

An axis is a field with its values: a list of them, or a range from one number to another. What is
drawn at random is drawn by a seed, so the same sweep has the same runs.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

Scale = Literal["linear", "log"]
Point = dict[str, Any]  # a value for each field that is varied

DIGITS = 12  # of a number between two others: 0.3, and not 0.30000000000000004
DRAWS = 20  # for each run that is wanted, until a space counts as exhausted


@dataclass(frozen=True)
class Values:
    """A field that takes one of these values."""

    field: str
    values: Sequence[Any]

    def draw(self, rng: np.random.Generator) -> Any:
        """Return one of them."""
        return self.values[int(rng.integers(len(self.values)))]


@dataclass(frozen=True)
class Range:
    """A field that takes any number of a range, both ends included."""

    field: str
    low: float
    high: float
    scale: Scale
    is_whole: bool

    def draw(self, rng: np.random.Generator) -> Any:
        """Return a number; on a logarithmic scale each factor of ten is as likely as the next."""
        share = rng.random()
        if self.scale == "log":
            number = self.low * (self.high / self.low) ** share
        else:
            number = self.low + (self.high - self.low) * share
        return min(max(_rounded(number, is_whole=self.is_whole), self.low), self.high)


Axis = Values | Range


def spread(low: float, high: float, scale: Scale, count: int, *, is_whole: bool) -> list[Any]:
    """Return ``count`` numbers from one to another, evenly apart or each as many times the last.

    Whole ones are rounded, and each is there once: they may be fewer.
    """
    numbers = np.geomspace(low, high, count) if scale == "log" else np.linspace(low, high, count)
    exact = [*map(float, numbers)]
    exact[0] = low
    if count > 1:
        exact[-1] = high
    return list(dict.fromkeys(_rounded(number, is_whole=is_whole) for number in exact))


def size(axes: Sequence[Axis]) -> float:
    """Return how many combinations there are: infinity if one of the fields takes any number."""
    return math.prod(len(axis.values) if isinstance(axis, Values) else math.inf for axis in axes)


def grid(axes: Sequence[Values], most: int, seed: int) -> list[Point]:
    """Return all combinations, the last field's values changing fastest.

    If there are more than ``most``, these are so many of them, drawn at random.
    """
    sizes = [len(axis.values) for axis in axes]
    total = math.prod(sizes)
    places: Sequence[int] = range(total)
    if total > most:
        drawn = np.random.default_rng(seed).choice(total, most, replace=False)
        places = sorted(map(int, drawn))
    return [_combination(axes, sizes, place) for place in places]


def sample(axes: Sequence[Axis], most: int, seed: int) -> list[Point]:
    """Return up to ``most`` combinations, drawn at random; none of them twice."""
    rng = np.random.default_rng(seed)
    wanted = int(min(most, size(axes)))
    points: dict[str, Point] = {}
    for _ in range(DRAWS * wanted):
        point = {axis.field: axis.draw(rng) for axis in axes}
        points.setdefault(repr(point), point)
        if len(points) == wanted:
            break
    return list(points.values())


def _combination(axes: Sequence[Values], sizes: Sequence[int], place: int) -> Point:
    """Return the combination at a place in the grid: the digits of a number, of mixed bases."""
    return {
        axis.field: axis.values[digit]
        for axis, digit in zip(axes, _digits(place, sizes), strict=True)
    }


def _digits(place: int, sizes: Sequence[int]) -> Iterator[int]:
    for index in range(len(sizes)):
        place_value = math.prod(sizes[index + 1 :])
        yield place // place_value % sizes[index]


def _rounded(number: float, *, is_whole: bool) -> float | int:
    return round(number) if is_whole else float(f"{number:.{DIGITS}g}")
