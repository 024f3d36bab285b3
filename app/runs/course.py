"""The course of an imported run: its steps, epochs and commands, checked against each other.

A run that was at a step which it can't have reached would be trained up to there, for years.
"""

import math
from array import array
from typing import Any

from app.runs.spec import RunSpec
from nn_core.datasets import Library


class NoCourseError(ValueError):
    """A number does not fit the others; the message says why."""


class Course:
    """The steps at which a run completed its epochs, and how many there can be in one."""

    def __init__(self, spec: RunSpec, commands: list[dict[str, Any]], library: Library) -> None:
        """Raises NoCourseError."""
        info = library.info(spec.dataset)
        self.examples = spec.train_examples or info.training_examples
        if spec.extra_dataset is not None:
            extra = library.info(spec.extra_dataset)
            self.examples += extra.training_examples + extra.test_examples
        added = [command["content"] for command in commands if command["content"]["type"] == "add"]
        self.examples += sum(len(content["labels"]) for content in added)
        changed = [command["content"].get("values", {}) for command in commands]
        sizes = [spec.batch_size, *(v["batch_size"] for v in changed if "batch_size" in v)]
        counts = [self.examples if size == "full" else size for size in sizes]
        self._fewest = math.ceil(self.examples / max(counts))  # steps of an epoch
        self._most = math.ceil(self.examples / min(counts))
        self._commands = [command["step"] for command in commands]
        self._steps = array("q", [0])  # after each epoch; 0 is the untrained network
        self._step = 0

    @property
    def epochs(self) -> int:
        """How many are complete."""
        return len(self._steps) - 1

    def add_epoch(self, epoch: dict[str, Any]) -> None:
        """Take in the next epoch. Raises NoCourseError."""
        made = epoch["step"] - self._steps[-1]
        if not self._fewest <= made <= self._most:
            raise NoCourseError(
                f"an epoch of {made:,} steps; of {self.examples:,} examples and the run's batch "
                f"size it has {self._fewest:,} to {self._most:,}"
            )
        self._steps.append(epoch["step"])

    def end(self, step: int, max_epochs: int) -> None:
        """Note that all epochs are known, and the step that the run is at. Raises NoCourseError."""
        if self.epochs > max_epochs:
            raise NoCourseError(f"{self.epochs:,} epochs; this server trains up to {max_epochs:,}")
        # One that diverged may have made an epoch's last step and not have completed it.
        self._step = min(step, self._steps[-1] + self._most)
        self.require(self.epochs, step)
        if self._commands != sorted(self._commands) or max(self._commands, default=0) > step:
            raise NoCourseError(f"commands in another order, or later than its step, {step:,}")

    def require(self, epoch: int, step: int) -> None:
        """Raise NoCourseError unless the run was at this step with so many epochs complete."""
        if epoch > self.epochs:
            raise NoCourseError(f"it is of epoch {epoch}; the run has {self.epochs}")
        last = self._steps[epoch + 1] - 1 if epoch < self.epochs else self._step
        if not self._steps[epoch] <= step <= last:
            raise NoCourseError(f"step {step:,} is none of those after {epoch:,} epochs")
