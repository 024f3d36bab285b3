"""The plan of a sweep: the specs of its runs, all of them checked before any begins."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Annotated, Any, NamedTuple

from pydantic import ConfigDict, TypeAdapter, ValidationError

from app.runs.spec import RunSpec, SpecError, check_against
from app.settings import Settings
from app.sweeps import halving, tpe
from app.sweeps.asked import RangeIn, SweepIn
from app.sweeps.space import Axis, Point, Range, Values, grid, sample, size, spread

WHOLE = ("batch_size", "epochs", "train_examples", "seed")
NUMBERS = (
    *WHOLE, "learning_rate", "momentum", "l1", "l2", "dropout", "label_noise", "steps_per_second",
)  # fmt: skip
DEFAULT_RUNS = 16  # of a search that has no end of its own
MOST_COMBINATIONS = 1_000_000
MOST_CORNERS = 200  # that are checked: each takes a fraction of a millisecond


class PlanError(ValueError):
    """A field of what was asked for is wrong; ``loc`` says which."""

    def __init__(self, loc: Sequence[str | int], message: str) -> None:
        super().__init__(message)
        self.loc = tuple(loc)


class Planned(NamedTuple):
    """A run of the sweep: what is varied, and its whole spec."""

    varied: Point
    spec: RunSpec


class Plan(NamedTuple):
    """A sweep's runs; Optuna's are only known once it is asked."""

    axes: list[Axis]
    members: list[Planned]
    most: int  # runs


def plan_of(asked: SweepIn, settings: Settings) -> Plan:
    """Return the runs of a sweep. Raises PlanError."""
    if asked.search == "optuna" and not tpe.is_installed():
        raise PlanError(("search",), tpe.INSTALL)
    axes = axes_of(asked)
    if asked.search == "halving":
        _require_equal_ends(asked)
    most = _most(asked, axes, settings)
    if asked.search == "optuna":
        for corner in _corners(axes):
            member_of(asked, corner, settings)
        return Plan(axes, [], most)
    values = [axis for axis in axes if isinstance(axis, Values)]
    if asked.search == "random" or len(values) < len(axes):
        points = sample(axes, most, asked.seed)
    else:
        points = grid(values, most, asked.seed)
    return Plan(axes, [member_of(asked, point, settings) for point in points], most)


def axes_of(asked: SweepIn) -> list[Axis]:
    """Return the fields that are varied, with their values. Raises PlanError."""
    return [_axis(field, asked) for field in asked.vary]


def member_of(asked: SweepIn, point: Point, settings: Settings) -> Planned:
    """Return the run with these values. Raises PlanError, naming them."""
    chosen = asked.base.model_dump(exclude_unset=True) | point
    try:
        spec = RunSpec.model_validate(chosen)
        check_against(spec, settings)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        field = str(problem["loc"][0]) if problem["loc"] else ""
        raise _refused(field, problem["msg"].removeprefix("Value error, "), point) from error
    except SpecError as error:
        raise _refused(error.field, str(error), point) from error
    return Planned(point, spec)


def name_of(varied: Point) -> str:
    """Return what tells a run of a sweep from its others, in words."""
    named = {field.replace("_", " "): text_of(value) for field, value in varied.items()}
    return ", ".join(f"{field} {text}" for field, text in named.items())


def text_of(value: Any) -> str:
    """Return a value of a field in words."""
    match value:
        case float():
            return f"{value:.4g}"
        case list():
            return "-".join(map(str, value)) or "none"
        case _:
            return str(value)


def _refused(field: str, words: str, point: Point) -> PlanError:
    place = ("vary" if field in point else "base", field)
    return PlanError(place, f"{words} (with {name_of(point)})")


def _axis(field: str, asked: SweepIn) -> Axis:
    """Return a field with its values, each of them checked. Raises PlanError."""
    place = ("vary", field)
    varied = asked.vary[field]
    if field not in RunSpec.model_fields:
        raise PlanError(place, "there is no such field")
    if isinstance(varied, list):
        return Values(field, _distinct([_checked(field, v, i) for i, v in enumerate(varied)]))
    if field not in NUMBERS:
        raise PlanError(place, "this is no number: give a list of values")
    is_whole = field in WHOLE
    low, high = (round(end) if is_whole else end for end in (varied.low, varied.high))
    for name, end in (("from", low), ("to", high)):
        _checked(field, end, name)
    if varied.count is None or asked.search == "optuna":
        if asked.search == "grid":
            raise PlanError((*place, "count"), "a grid has to know how many values there are")
        if low == high:
            return Values(field, [low])
        return Range(field, low, high, varied.scale, is_whole)
    return Values(field, spread(low, high, varied.scale, varied.count, is_whole=is_whole))


def filled_in(varied: list[Any] | RangeIn, field: str) -> Any:
    """Return what was asked of a field with every default, and the values that it stands for."""
    if isinstance(varied, list):
        return varied
    told = varied.model_dump(by_alias=True)
    if varied.count is not None:
        low, high, is_whole = varied.low, varied.high, field in WHOLE
        told["values"] = spread(low, high, varied.scale, varied.count, is_whole=is_whole)
    return told


@cache
def _type_of(field: str) -> TypeAdapter[Any]:
    info = RunSpec.model_fields[field]
    config = ConfigDict(strict=True, allow_inf_nan=False)
    kind: Any = Annotated[info.annotation, info]
    return TypeAdapter(kind, config=config)


def _checked(field: str, value: Any, place: int | str) -> Any:
    """Return a value that its field can have. Raises PlanError."""
    try:
        return _type_of(field).validate_python(value)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_input=False)
        # One that may be of several kinds fails once for each.
        words = " · or: ".join(dict.fromkeys(p["msg"] for p in problems))
        raise PlanError(("vary", field, place), words.replace("Value error, ", "")) from error


def _distinct(values: list[Any]) -> list[Any]:
    return list({repr(value): value for value in values}.values())


def _require_equal_ends(asked: SweepIn) -> None:
    """Raise PlanError unless all runs have the same number of epochs, which has parts."""
    if "epochs" in asked.vary:
        raise PlanError(("vary", "epochs"), "halving compares runs after the same epochs")
    if asked.base.epochs is None or not halving.rungs(asked.base.epochs):
        raise PlanError(("base", "epochs"), "halving takes at least two epochs")


def _most(asked: SweepIn, axes: Sequence[Axis], settings: Settings) -> int:
    """Return how many runs there may be. Raises PlanError."""
    most, allowed = asked.runs, settings.max_sweep_runs
    if most is not None and most > allowed:
        raise PlanError(("runs",), f"this server allows {allowed:,} runs in a sweep")
    total = size(axes)
    if MOST_COMBINATIONS < total < float("inf"):
        raise PlanError(("vary",), f"there are {total:,.0f} combinations: vary less")
    if most is None and asked.search in ("grid", "halving") and allowed < total < float("inf"):
        raise PlanError(
            ("vary",),
            f"there are {total:,.0f} combinations, and this server allows {allowed:,} runs in a "
            "sweep: vary less, or say how many of them with `runs`",
        )
    open_end = asked.search in ("random", "optuna") or total == float("inf")
    wanted = most or (DEFAULT_RUNS if open_end else allowed)
    return int(min(wanted, total, allowed))


def _corners(axes: Sequence[Axis]) -> Iterator[Point]:
    """Yield all combinations of values and of the ends of ranges: the rest is in between."""
    ends = [
        axis if isinstance(axis, Values) else Values(axis.field, [axis.low, axis.high])
        for axis in axes
    ]
    yield from grid(ends, MOST_CORNERS, 0)
