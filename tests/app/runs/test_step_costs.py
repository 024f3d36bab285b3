"""The cost of each step, in few numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.runs.step_costs import STRETCHES, StepCost, StepCosts
from nn_core.events import Epoch, Progress

COSTS = st.floats(0, 1e6)


def epoch(number: int, step: int, cost: float) -> Epoch:
    """Return an epoch's event, of which only its last step's cost matters here."""
    return Epoch(number, step, 0, 0, 0, 0, [], 1, 1, 1, batch_cost=cost)


@given(st.lists(COSTS, min_size=1, max_size=20), st.integers(1, 4))
def test_of_a_short_run_every_step_is_there(costs: list[float], steps_per_epoch: int) -> None:
    history = StepCosts()
    for step, cost in enumerate(costs, 1):
        number, left = divmod(step, steps_per_epoch)
        history.note(
            Progress(number + 1, step, steps_per_epoch, cost) if left else epoch(number, step, cost)
        )
    points = history.after(0)
    assert [point.step for point in points] == list(range(1, len(costs) + 1))
    assert [point.cost for point in points] == costs
    complete = [step / steps_per_epoch for step in range(1, len(costs) + 1)]
    assert [point.epoch for point in points] == pytest.approx(complete)
    assert min(costs) <= points[-1].smooth <= max(costs) * (1 + 1e-9)
    assert history.after(len(costs) - 1) == points[-1:]


@given(st.integers(0, 2**32 - 1), st.integers(1, 3000))
def test_a_long_run_takes_little_and_no_spike_is_lost(seed: int, steps: int) -> None:
    costs = np.random.default_rng(seed).exponential(size=steps).tolist()
    history = StepCosts()
    for step, cost in enumerate(costs, 1):
        history.add([StepCost(step, step / 7, cost, cost)])
    points = history.after(0)
    assert len(points) <= 2 * STRETCHES + 1
    assert points[-1].step == steps
    told = [point.step for point in points]
    assert told == sorted(set(told))
    kept = [point.cost for point in points]
    assert (min(kept), max(kept)) == (min(costs), max(costs))


def test_it_goes_on_from_what_was_written() -> None:
    whole, first = StepCosts(), StepCosts()
    events = [Progress(1, step, 2000, 1 / step) for step in range(1, 1500)]
    for event in events:
        whole.note(event)
    for event in events[:700]:
        first.note(event)
    second = StepCosts.from_json(first.to_json())
    for event in events[650:]:  # some are told again
        second.add([second.note(event)]) if event.step > second.last_step else None
    assert [p.step for p in second.after(0)] == [p.step for p in whole.after(0)]
    assert second.after(0)[-1].rounded() == whole.after(0)[-1].rounded()
