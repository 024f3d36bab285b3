"""Successive halving: all start; after 1/8, 1/4 and 1/2 of the epochs the worse half stops.

Jamieson and Talwalkar, "Non-stochastic Best Arm Identification and Hyperparameter Optimization",
2016. At a rung all runs that are still in it are compared after the same epoch, so what is stopped
does not depend on which of them was fastest.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

SHARES = (1 / 8, 1 / 4, 1 / 2)


class Score(NamedTuple):
    """How well a run reads the test set at a rung; None if it did not come so far."""

    accuracy: float | None
    cost: float | None


def rungs(epochs: int) -> list[int]:
    """Return the epochs after which runs of so many epochs are compared."""
    after = [max(1, round(epochs * share)) for share in SHARES]
    return sorted({epoch for epoch in after if epoch < epochs})


def places(scores: Sequence[Score]) -> list[int]:
    """Return each run's place, 1 for the best: by test accuracy, then test cost, then order."""

    def worth(index: int) -> tuple[float, float, int]:
        accuracy, cost = scores[index]
        return (
            -math.inf if accuracy is None else accuracy,
            -math.inf if cost is None else -cost,
            -index,
        )

    order = sorted(range(len(scores)), key=worth, reverse=True)
    place = [0] * len(scores)
    for number, index in enumerate(order, 1):
        place[index] = number
    return place


def kept(count: int) -> int:
    """Return how many of so many runs go on: the better half, and the one in the middle."""
    return math.ceil(count / 2)


def words(epoch: int, epochs: int, place: int, entrants: int) -> str:
    """Return why a run was stopped at a rung."""
    by = f"{_ordinal(place)} of {entrants} by test accuracy"
    return f"stopped after epoch {epoch} of {epochs}: {by}"


def _ordinal(number: int) -> str:
    """Return 1st, 2nd, 3rd, 4th, 11th."""
    teen = number % 100 in (11, 12, 13)
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
