"""Optuna's TPE sampler, asked which run to begin next, given those that were told before.

It is asked anew each time, with a seed of its own, so the answer depends on nothing but what is
known by then: a server that was killed goes on as if it had not been.
"""

from collections.abc import Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from app.sweeps.space import Axis, Point, Range

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution
    from optuna.trial import FrozenTrial

INSTALL = "Optuna is not installed here: pip install 'nudge-playground[sweeps]'"


def is_installed() -> bool:
    """Return whether there is an Optuna to ask."""
    return find_spec("optuna") is not None


def suggest(
    axes: Sequence[Axis], seed: int, told: Sequence[tuple[Point, float | None, bool]]
) -> Point:
    """Return the values to try next. Blocks for as long as Optuna takes to import.

    ``told`` are the runs before: their values, their test accuracy as far as it is known, and
    whether they have ended.
    """
    import optuna  # noqa: PLC0415 - it takes long to import, and is rarely used

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    sampler = optuna.samplers.TPESampler(seed=(seed + len(told)) % 2**32, constant_liar=True)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    distributions = {axis.field: _distribution(axis) for axis in axes}
    by_field = {axis.field: axis for axis in axes}
    for point, accuracy, has_ended in told:
        study.add_trial(_trial(point, accuracy, distributions, by_field, has_ended=has_ended))
    asked = study.ask(distributions).params
    return {
        field: value if isinstance(axis := by_field[field], Range) else axis.values[value]
        for field, value in asked.items()
    }


def _distribution(axis: Axis) -> "BaseDistribution":
    from optuna import distributions  # noqa: PLC0415

    if not isinstance(axis, Range):
        return distributions.CategoricalDistribution(range(len(axis.values)))
    log = axis.scale == "log"
    if axis.is_whole:
        return distributions.IntDistribution(int(axis.low), int(axis.high), log=log)
    return distributions.FloatDistribution(axis.low, axis.high, log=log)


def _trial(
    point: Point,
    accuracy: float | None,
    distributions: "dict[str, BaseDistribution]",
    axes: dict[str, Axis],
    *,
    has_ended: bool,
) -> "FrozenTrial":
    from optuna.trial import TrialState, create_trial  # noqa: PLC0415

    state = TrialState.RUNNING
    if has_ended:
        state = TrialState.FAIL if accuracy is None else TrialState.COMPLETE
    params: dict[str, Any] = {
        field: value if isinstance(axis := axes[field], Range) else list(axis.values).index(value)
        for field, value in point.items()
    }
    value = accuracy if state is TrialState.COMPLETE else None
    return create_trial(params=params, distributions=distributions, value=value, state=state)
