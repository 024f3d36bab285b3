"""The search spaces: grids, samples and ranges."""

import math

from hypothesis import given
from hypothesis import strategies as st

from app.sweeps.space import Axis, Range, Values, grid, sample, size, spread

ends = st.floats(1e-6, 1e6).flatmap(lambda low: st.tuples(st.just(low), st.floats(low, 1e6)))
scales = st.sampled_from(["linear", "log"])
values = st.lists(st.integers(0, 9), min_size=1, max_size=5, unique=True)
lists = st.lists(values, min_size=1, max_size=4).map(
    lambda found: [Values(f"field_{i}", each) for i, each in enumerate(found)]
)
ranges = st.builds(
    lambda both, scale: Range("range", both[0], both[1], scale, is_whole=False), ends, scales
)


@given(ends, scales, st.integers(1, 50))
def test_numbers_are_spread_from_one_end_to_the_other(
    both: tuple[float, float], scale: str, count: int
) -> None:
    low, high = both
    numbers = spread(low, high, scale, count, is_whole=False)  # type: ignore[arg-type]
    assert math.isclose(numbers[0], low, rel_tol=1e-11)
    assert numbers == sorted(numbers)
    if count > 1:
        assert math.isclose(numbers[-1], high, rel_tol=1e-11)
    if count > 2 and high > 1.01 * low:
        assert len(numbers) == count
        steps = [b / a if scale == "log" else b - a for a, b in zip(numbers, numbers[1:])]  # noqa: B905, RUF007
        assert all(math.isclose(step, steps[0], rel_tol=1e-3) for step in steps)


@given(st.integers(1, 1000), st.integers(0, 1000), scales, st.integers(1, 50))
def test_whole_numbers_are_rounded_and_there_once(
    low: int, more: int, scale: str, count: int
) -> None:
    numbers = spread(low, low + more, scale, count, is_whole=True)  # type: ignore[arg-type]
    assert all(isinstance(number, int) and low <= number <= low + more for number in numbers)
    assert len(set(numbers)) == len(numbers) <= count


@given(lists, st.integers(1, 30), st.integers(0, 99))
def test_a_grid_has_each_combination_once_or_so_many_of_them(
    axes: list[Values], most: int, seed: int
) -> None:
    whole = grid(axes, 10_000, 0)
    assert len(whole) == size(axes) == len({repr(point) for point in whole})
    assert all(point[axis.field] in axis.values for point in whole for axis in axes)
    part = grid(axes, most, seed)
    assert len(part) == min(most, len(whole))
    assert part == [point for point in whole if point in part]  # in the grid's order
    assert grid(axes, most, seed) == part


@given(lists, st.none() | ranges, st.integers(1, 30), st.integers(0, 99))
def test_a_sample_is_drawn_by_its_seed_and_nothing_twice(
    axes: list[Axis], drawn: Range | None, most: int, seed: int
) -> None:
    axes = [*axes, drawn] if drawn else axes
    points = sample(axes, most, seed)
    assert points == sample(axes, most, seed)
    assert len({repr(point) for point in points}) == len(points) <= min(most, size(axes))
    for point in points:
        for axis in axes:
            value = point[axis.field]
            if isinstance(axis, Range):
                assert axis.low <= value <= axis.high
            else:
                assert value in axis.values


def test_on_a_logarithmic_scale_each_factor_of_ten_is_as_likely() -> None:
    points = sample([Range("rate", 1e-4, 1, "log", is_whole=False)], 4000, 0)
    for exponent in range(-4, 0):
        share = sum(10**exponent <= point["rate"] < 10 ** (exponent + 1) for point in points)
        assert 900 < share < 1100
