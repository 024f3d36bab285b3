"""A training under way: its steps, what it is told, and what it tells.

This file is over 300 lines: a step is understood by reading it as a whole.
"""

import copy
import math
from dataclasses import replace
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from nn_core import divergence
from nn_core.augmentation import augment
from nn_core.blas_threads import one_blas_thread
from nn_core.datasets import Examples
from nn_core.datasets.batches import Batches
from nn_core.descent import add_penalties, default_learning_rate, start
from nn_core.evaluation import count_right, evaluate, layer_norms
from nn_core.events import (
    Change,
    Changed,
    Command,
    Epoch,
    Event,
    Hyperparameters,
    Memory,
    Nudge,
    Nudged,
    Pause,
    Progress,
    RecalledStep,
    RecallStep,
    Resume,
    Save,
    Saved,
    Snapshot,
    State,
    Status,
    Step,
    Stop,
    TakeSnapshot,
)
from nn_core.network import Network
from nn_core.parameters import FloatArray


class Training:
    """A training under way: what ``train`` drives."""

    def __init__(
        self,
        network: Network,
        training_set: Examples,
        test_set: Examples | None,
        hyperparameters: Hyperparameters,
        rng: np.random.Generator | None,
        memory: Memory | None,
        held: NDArray[np.bool] | None,
    ) -> None:
        self.network = network
        self.training_set = training_set
        self.test_set = test_set
        self.held = held
        if memory is None:
            memory = Memory(start(hyperparameters.optimizer, network.parameters))
        self.memory = copy.deepcopy(memory)
        self.choose(hyperparameters)
        self.rng = rng or np.random.default_rng(0)
        self.status: State = "training"

        parameters = network.parameters
        self.gradient = parameters.zeros_like()  # ∇C of the last step's batch
        self.gradient_of_part = parameters.zeros_like()  # of one part of a batch: see below
        self.nudge = np.zeros_like(parameters.theta)  # Δ, what the last step added to θ
        self.last_good = parameters.theta.copy()  # θ before the last nudge
        self.last_good_step = 0
        # Of the last step the first part of its batch, x and y, and its learning rate.
        self.last_step: tuple[FloatArray, FloatArray, float] | None = None
        self.is_nudged = False  # by hand, since the last step
        self.clock = perf_counter()
        if memory.rng:
            # Draw this epoch's order again, as it was drawn, then go on from where the rng was.
            if memory.position:
                self.rng.bit_generator.state = memory.rng_at_epoch_start
                self._shuffle()
            self.rng.bit_generator.state = memory.rng

    def choose(self, hyperparameters: Hyperparameters) -> None:
        """Train with these from the next step on.

        Raises ValueError for another optimizer, and for images to augment that are none.
        """
        if hyperparameters.optimizer != self.memory.descent.name:
            raise ValueError(
                f"a training goes on with the optimizer that it began with, "
                f"{self.memory.descent.name}, not {hyperparameters.optimizer!r}"
            )
        if hyperparameters.augment and not self.training_set.input_shape:
            raise ValueError(
                "only images can be augmented: these examples have no rows and columns"
            )
        rate = hyperparameters.learning_rate
        if rate is None:
            rate = default_learning_rate(
                hyperparameters.optimizer, self.network.cost_name, self.network.output_name
            )
        self.learning_rate = rate
        self.hyperparameters = replace(hyperparameters, learning_rate=rate)

    def enter(self, status: State, reason: str | None = None) -> Status:
        """Change the state, and say so."""
        self.status = status
        self.clock = perf_counter()  # so that the time of a pause is not counted
        return Status(status, self.memory.epoch, self.memory.step, reason)

    def obey(self, command: Command) -> Event:
        """Do what a command says, and say what came of it."""
        match command:
            case TakeSnapshot():
                return self.snapshot()
            case RecallStep() if self.last_step and self.status != "diverged":
                x, y, rate = self.last_step
                theta, nudge = self.last_good.copy(), self.nudge.copy()
                return RecalledStep(self.memory.epoch, self.memory.step, rate, x, y, theta, nudge)
            case Save():
                self.memory.rng = dict(self.rng.bit_generator.state)
                return Saved(copy.deepcopy(self.memory))
            case Change(values):
                self.choose(replace(self.hyperparameters, **values))
                return Changed(self.memory.step, self.hyperparameters)
            case Nudge() if self.status in ("training", "paused"):
                return self._nudge_by_hand(command)
            case Pause() if self.status == "training":
                return self.enter("paused")
            case Stop() if self.status in ("training", "paused"):
                return self.enter("stopped")
            case Resume() if self.status != "diverged":
                return self.enter("finished" if self.is_complete() else "training")
            case Step() if self.status in ("training", "paused"):
                self.enter("paused")
                return self.step()
        return self.enter(self.status)  # a command that does not fit the state changes nothing

    def _nudge_by_hand(self, nudge: Nudge) -> Nudged:
        """Change one parameter, and say what it is now."""
        parameters, index = self.network.parameters, nudge.parameter
        if nudge.value is None:
            parameters.nudge(index, nudge.amount)
        else:
            parameters.set(index, nudge.value)
        self.is_nudged = True
        return Nudged(self.memory.step, index, float(parameters.theta[index]))

    def is_complete(self) -> bool:
        """Return whether all epochs that were asked for have been trained."""
        epochs = self.hyperparameters.epochs
        return epochs is not None and self.memory.epoch >= epochs

    def step(self) -> Progress | Epoch | Status:
        """Make one gradient descent step: gradient, nudge, and what there is to tell of it."""
        # The same bits, however many threads this machine would use; and numbers that overflow are
        # noticed here, and told.
        with one_blas_thread(), np.errstate(all="ignore"):
            return self._step()

    def _step(self) -> Progress | Epoch | Status:
        if self.is_complete():
            return self.enter("finished")
        memory = self.memory
        if memory.position == 0:
            memory.rng_at_epoch_start = dict(self.rng.bit_generator.state)
            self._shuffle()
        examples, batch_size = len(self.training_set), self._batch_size()
        end = min(memory.position + batch_size, examples)

        cost, right = self._gradient_descent_step(memory.position, end)
        if not math.isfinite(cost):  # the step before this one went too far
            return self._diverge("the cost", memory.step)
        self.is_nudged = False
        memory.step += 1
        if not self._is_still_finite():
            return self._diverge("a parameter", memory.step)

        memory.cost_sum += cost * (end - memory.position)
        memory.right += right
        memory.seconds += self._lap()
        memory.position = end
        if end < examples:
            batches = -(-examples // batch_size)  # rounded up
            return Progress(memory.epoch + 1, memory.step, batches, cost)
        return self._complete_epoch(cost)

    def _shuffle(self) -> None:
        """Draw the order in which this epoch trains the examples."""
        self.order = self.rng.permutation(len(self.training_set))
        self.batches = Batches(self.training_set, self.order, self.gradient.theta.dtype)

    def _gradient_descent_step(self, first: int, end: int) -> tuple[float, int]:
        """Nudge θ for the batch from ``first`` to ``end`` of this epoch's order.

        Return its cost, and how many it read right. θ stays as it is where the cost is not finite,
        since its gradient would be no use.
        """
        cost, right = self._cost_and_gradient(first, end)
        if not math.isfinite(cost):
            return cost, right
        self._descend()
        if self.held is not None:
            self.network.parameters.theta[self.held] = 0
        return cost, right

    def _descend(self) -> None:
        """Nudge θ by the gradient."""
        parameters, gradient, chosen = self.network.parameters, self.gradient, self.hyperparameters
        if chosen.l1 or chosen.l2:
            add_penalties(gradient, parameters, chosen.l1, chosen.l2)
        self.memory.descent.nudge(gradient.theta, self.learning_rate, chosen.momentum, self.nudge)
        self.last_good[:] = parameters.theta  # in case this nudge turns out too large: _diverge
        # Learning is this line. The minus sign is in Δ: for "sgd" it is −learning_rate · gradient.
        parameters.theta += self.nudge

    def _is_still_finite(self) -> bool:
        return divergence.is_finite(self.network.parameters.theta)

    def _cost_and_gradient(self, first: int, end: int) -> tuple[float, int]:
        """Compute the batch's cost, how many of it are read right, and ``self.gradient``.

        A large batch comes in parts. The gradient of the first goes straight into
        ``self.gradient``, that of each later one into ``self.gradient_of_part``, and is added.
        """
        examples = end - first
        cost = 0.0
        right = 0
        gradient = self.gradient
        while first < end:
            x, y, labels = self.batches.part(first, end)
            if self.hyperparameters.augment and self.training_set.input_shape:
                x = augment(x, self.training_set.input_shape, self.rng)
            result = self.network.backpropagate(
                x, y, gradient, examples, self.hyperparameters.dropout, self.rng
            )
            cost += result.cost
            right += count_right(result.outputs, labels)
            if self.training_set.spoilt is not None:
                of = self.batches.spoilt(first, len(x))
                self.memory.right_spoilt += count_right(result.outputs[of], labels[of])
            if gradient is self.gradient:
                self.last_step = x, y, self.learning_rate
            else:
                self.gradient.theta += gradient.theta
            gradient = self.gradient_of_part  # for the parts after the first
            first += len(x)
        return cost / examples, right

    def _complete_epoch(self, batch_cost: float) -> Epoch | Status:
        """Measure the epoch that has just been completed, and get ready for the next."""
        memory = self.memory
        examples = len(self.training_set)
        test_cost, test_accuracy = (
            evaluate(self.network, self.test_set) if self.test_set else (None, None)
        )
        if test_cost is not None and not math.isfinite(test_cost):
            return self._diverge("the cost of the test set", memory.step)
        memory.seconds += self._lap()
        memory.epoch += 1
        clean_accuracy, noisy_accuracy = self._accuracies_with_noise()
        epoch = Epoch(
            epoch=memory.epoch,
            step=memory.step,
            cost=memory.cost_sum / examples,
            accuracy=memory.right / examples,
            test_cost=test_cost,
            test_accuracy=test_accuracy,
            gradient_norms=layer_norms(self.gradient),
            learning_rate=self.learning_rate,
            seconds=memory.seconds,
            examples_per_second=examples / memory.seconds,
            clean_accuracy=clean_accuracy,
            noisy_accuracy=noisy_accuracy,
            batch_cost=batch_cost,
        )
        self._begin_epoch()
        return epoch

    def _accuracies_with_noise(self) -> tuple[float | None, float | None]:
        """Return the epoch's accuracy on the labels that were left, and on the random ones."""
        if self.training_set.spoilt is None:
            return None, None
        noisy = int(self.training_set.spoilt.sum())
        clean = len(self.training_set) - noisy
        right, right_noisy = self.memory.right, self.memory.right_spoilt
        return (
            (right - right_noisy) / clean if clean else None,
            right_noisy / noisy if noisy else None,
        )

    def _begin_epoch(self) -> None:
        """Forget what this epoch has done so far: the next step is its first."""
        memory = self.memory
        memory.position = 0
        memory.cost_sum = 0.0
        memory.right = 0
        memory.right_spoilt = 0
        memory.seconds = 0.0

    def _diverge(self, what: str, step: int) -> Status:
        """Go back to the parameters before the nudge that was too large, and end."""
        self.network.parameters.theta[:] = self.last_good
        np.nan_to_num(self.gradient.theta, copy=False)  # so that what overflowed can be shown
        self.last_good_step = max(step - 1, 0)
        self._begin_epoch()  # a training that is continued from here begins its epoch anew
        reason = divergence.why(what, step, self.hyperparameters, is_nudged=self.is_nudged)
        return self.enter("diverged", reason)

    def snapshot(self) -> Snapshot:
        """Copy the parameters and the gradient."""
        step = self.last_good_step if self.status == "diverged" else self.memory.step
        return Snapshot(
            self.memory.epoch, step, self.network.parameters.copy(), self.gradient.copy()
        )

    def _batch_size(self) -> int:
        size = self.hyperparameters.batch_size
        return len(self.training_set) if size == "full" else size

    def _lap(self) -> float:
        """Return the seconds since the last lap, or since the state was entered."""
        now = perf_counter()
        lap = now - self.clock
        self.clock = now
        return lap
