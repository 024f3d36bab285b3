"""A sweep in this process, without a server: one run after the other.

At a rung of successive halving the trainings wait in memory: each is a generator, which goes on
when it is asked for more.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass

from app.local import begin
from app.settings import Settings
from app.sweeps import halving, tpe
from app.sweeps.asked import SweepIn
from app.sweeps.halving import Score
from app.sweeps.plan import Plan, Planned, axes_of, member_of
from app.sweeps.space import Point
from nn_core.events import Command, Epoch, Event, Status


@dataclass
class LocalRun:
    """A run of the sweep, as far as it is."""

    varied: Point
    planned: Planned
    events: Generator[Event, Command | None, None] | None = None
    last: Epoch | None = None
    status: str = "queued"
    reason: str | None = None

    @property
    def accuracy(self) -> float | None:
        """Its test accuracy after the last epoch."""
        return self.last.test_accuracy if self.last else None


def train_all(asked: SweepIn, plan: Plan, settings: Settings) -> Iterator[list[LocalRun]]:
    """Train all runs of a sweep; yield them after each epoch, and whenever one ends.

    Raises DatasetError and PlanError.
    """
    runs = [LocalRun(planned.varied, planned) for planned in plan.members]
    if asked.search == "halving":
        for _ in _halve(runs, asked.base.epochs or 0, settings):
            yield runs
    while len(runs) < plan.most and asked.search == "optuna":
        told = [(run.varied, run.accuracy, True) for run in runs]
        planned = member_of(asked, tpe.suggest(axes_of(asked), asked.seed, told), settings)
        runs.append(LocalRun(planned.varied, planned))
        for _ in _train(runs[-1], settings):
            yield runs
    for run in runs:
        for _ in _train(run, settings):
            yield runs


def _halve(runs: list[LocalRun], epochs: int, settings: Settings) -> Iterator[None]:
    """Train to the last rung, and stop the worse half at each; yield after each epoch."""
    for rung in halving.rungs(epochs):
        entrants = [run for run in runs if run.reason is None]
        for run in entrants:
            yield from _train(run, settings, rung)
        scores = [_score(run, rung) for run in entrants]
        for run, place in zip(entrants, halving.places(scores), strict=True):
            if place > halving.kept(len(entrants)):
                run.status = "stopped" if run.status == "paused" else run.status
                run.reason = halving.words(rung, epochs, place, len(entrants))
                run.events = None
        yield


def _train(run: LocalRun, settings: Settings, until: int | None = None) -> Iterator[None]:
    """Train a run until it ends, or until an epoch; yield after each."""
    if run.status not in ("queued", "paused"):
        return
    run.events = run.events or begin(run.planned.spec, settings).events
    run.status = "training"
    for event in run.events:
        if isinstance(event, Status):
            run.status = event.status
            run.reason = event.reason if event.status == "diverged" else run.reason
            yield
        elif isinstance(event, Epoch):
            run.last = event
            if event.epoch == until:
                run.status = "paused"
                yield
                return
            yield


def _score(run: LocalRun, rung: int) -> Score:
    last = run.last
    reached = last is not None and last.epoch == rung
    return Score(last.test_accuracy, last.test_cost) if last and reached else Score(None, None)
