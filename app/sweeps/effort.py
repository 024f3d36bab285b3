"""What runs cost before they begin: their parameters, their steps, and about how many seconds.

The seconds come from what a step takes: some calls of NumPy for each layer, and six multiply-adds
for each parameter and example. How fast this machine is at that is told by the runs that it has
trained.
"""

import contextlib
import math
from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from app.runs.run import Run
from app.runs.spec import RunSpec
from app.sweeps import halving
from nn_core.datasets import DatasetError, Library
from nn_core.parameters import count_parameters

STEP_SECONDS = 15e-6  # for each layer, whatever its size
PRODUCT_SECONDS = 1.3e-11  # for each multiply-add
START_SECONDS = 0.2  # of a processor, for a process that begins
REMEMBERED = 20  # runs that tell how fast this machine is


class Effort(NamedTuple):
    """What a run costs; None: it has no end of its own."""

    parameters: int
    steps: int | None
    seconds: float | None


def effort_of(spec: RunSpec, library: Library, pace: float) -> Effort:
    """Return what a run costs; ``pace``: how many times as long as expected epochs take here."""
    dataset = library.info(spec.dataset)
    parameters = count_parameters(spec.layer_sizes(dataset))
    examples = spec.train_examples or dataset.training_examples
    if spec.extra_dataset:
        examples += library.info(spec.extra_dataset).training_examples
    batch = examples if spec.batch_size == "full" else min(int(spec.batch_size), examples)
    steps = math.ceil(examples / batch)
    if spec.epochs is None:
        return Effort(parameters, None, None)
    layers, work = len(spec.hidden) + 1, parameters * (6 * examples + 2 * dataset.test_examples)
    seconds = pace * (steps * layers * STEP_SECONDS + work * PRODUCT_SECONDS)
    if spec.steps_per_second:
        seconds = max(seconds, steps / spec.steps_per_second)
    return Effort(parameters, steps * spec.epochs, round(seconds * spec.epochs, 2))


def pace_of(runs: Sequence[Run], library: Library) -> float:
    """Return how many times as long as expected the last runs' epochs took on this machine."""
    ratios = []
    for run in reversed(runs):
        record = run.record
        if record.epoch and record.seconds and not run.spec.steps_per_second:
            spec = record.spec.model_copy(update={"epochs": record.epoch})
            with contextlib.suppress(DatasetError):  # it is gone
                expected = effort_of(spec, library, 1.0).seconds
                ratios += [record.seconds / expected] if expected else []
        if len(ratios) == REMEMBERED:
            break
    return median(ratios) if ratios else 1.0


def total_seconds(
    efforts: Sequence[Effort], at_once: int, epochs: int | None, *, halves: bool
) -> float | None:
    """Return about how long all runs take together, so many at once; None: without an end."""
    seconds = [each.seconds for each in efforts if each.seconds is not None]
    if len(seconds) < len(efforts):
        return None
    share = _share_of_halving(len(seconds), epochs) if halves and epochs else 1.0
    trained = sum(seconds) * share + len(seconds) * START_SECONDS
    return round(max(trained / at_once, max(seconds, default=0.0)), 1)


def _share_of_halving(runs: int, epochs: int) -> float:
    """Return which share of all epochs is trained where the worse half stops at each rung."""
    trained, before, left = 0, 0, runs
    for rung in [*halving.rungs(epochs), epochs]:
        trained += left * (rung - before)
        before, left = rung, halving.kept(left)
    return trained / (runs * epochs) if runs else 1.0
