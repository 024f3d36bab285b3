"""The cost of every step, in few numbers: a history that stays small however long a run trains.

The steps are cut into stretches of equal length, and of each stretch the smallest and the largest
cost are kept, so a spike of a single step is never lost. When there are too many stretches, each
two neighbours become one.
"""

import json
from collections.abc import Iterable
from typing import NamedTuple

from nn_core import checkpoints
from nn_core.events import Epoch, Progress

STRETCHES = 500  # at most; each has one or two points
SMOOTHED_STEPS = 50  # the smoothed cost is about the mean of so many


class StepCost(NamedTuple):
    """The cost of a step's batch, before its nudge and without penalty."""

    step: int
    epoch: float  # how many are complete after the step: the present one counts by its share
    cost: float
    smooth: float  # a mean over the last steps' costs, in which newer ones weigh more

    def rounded(self) -> "StepCost":
        """Return the same with six figures: more can't be seen in a chart."""
        return StepCost(self.step, *(float(f"{value:.6g}") for value in self[1:]))


class StepCosts:
    """The history of a run's costs."""

    def __init__(self) -> None:
        self._length = 1  # of a stretch, in steps
        self._stretches: list[list[StepCost]] = []
        self._last: StepCost | None = None
        self._epoch_began = 0  # after this step
        self._smooth = 0.0

    def note(self, event: Progress | Epoch) -> StepCost:
        """Take in the step that was made, and return it."""
        step = event.step
        if isinstance(event, Epoch):
            assert event.batch_cost is not None  # a training always tells it
            cost, complete = event.batch_cost, float(event.epoch)
            self._epoch_began = step
        else:
            cost = event.cost
            share = (step - self._epoch_began) / event.steps_per_epoch
            complete = event.epoch - 1 + min(share, 1.0)
        self._smooth += (cost - self._smooth) / min(step, SMOOTHED_STEPS)
        made = StepCost(step, complete, cost, self._smooth)
        self.add([made])
        return made

    def add(self, costs: Iterable[StepCost]) -> None:
        """Add steps, which come later than those that are here; others are left out."""
        for made in costs:
            if made.step <= self.last_step:
                continue
            self._put(made)
            self._last = made
            if len(self._stretches) > STRETCHES:
                self._length *= 2
                points, self._stretches = self.after(0), []
                for point in points:
                    self._put(point)

    def _put(self, made: StepCost) -> None:
        stretches = self._stretches
        number = (made.step - 1) // self._length
        if not stretches or (stretches[-1][-1].step - 1) // self._length < number:
            stretches.append([made])
            return
        first, other = stretches[-1][0].cost, stretches[-1][-1].cost
        if not (first <= made.cost <= other or other <= made.cost <= first):
            stretches[-1] = extremes([*stretches[-1], made])

    @property
    def last_step(self) -> int:
        """The last step that is here; 0 if there is none."""
        return self._last.step if self._last else 0

    def after(self, step: int) -> list[StepCost]:
        """Return the points later than a step, in order; the last step is always among them."""
        points = [point for stretch in self._stretches for point in stretch if point.step > step]
        if self._last and self.last_step > max(step, points[-1].step if points else 0):
            points.append(self._last)
        return points

    def to_json(self) -> str:
        """Return the history as text."""
        points = [[point.rounded() for point in stretch] for stretch in self._stretches]
        last = self._last and self._last.rounded()
        return json.dumps([self._length, self._epoch_began, self._smooth, last, points])

    @classmethod
    def from_json(cls, text: str) -> "StepCosts":
        """Return the history that ``to_json`` wrote."""
        costs = cls()
        costs._length, costs._epoch_began, costs._smooth, last, stretches = json.loads(text)
        costs._last = StepCost(*last) if last else None
        costs._stretches = [[StepCost(*point) for point in stretch] for stretch in stretches]
        return costs


def costs_in(saved: bytes | None) -> StepCosts:
    """Return the history in a saved training; an empty one if there is none, or none to read."""
    try:
        text = checkpoints.read_metadata(saved).get("step_costs") if saved else None
        return StepCosts.from_json(text) if text else StepCosts()
    except (ValueError, TypeError):  # it is damaged
        return StepCosts()


def extremes(points: list[StepCost]) -> list[StepCost]:
    """Return the point with the smallest cost and the one with the largest, in order."""
    low = min(points, key=lambda point: point.cost)
    high = max(points, key=lambda point: point.cost)
    return sorted({low, high})
