"""A training whose steps are made by the compiled loops: ``train(..., compiled=True)``.

What is asked of it and what it tells is what ``training`` says; only how the gradient and the nudge
are computed is another way. What the loops have no way for goes NumPy's: augmented images, which
take most of their step, and so the gradient of such a step, too; the order of the examples, the
masks of dropout, and the figures of the test set.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_core.activations import ACTIVATIONS
from nn_core.blas_threads import one_blas_thread
from nn_core.compiled.descent import descend, penalize
from nn_core.compiled.gradient import BLOCK, cost_and_gradient
from nn_core.costs import OUTPUTS_AND_COSTS
from nn_core.datasets.batches import CHUNK
from nn_core.descent import ADAM_DECAY_1, ADAM_DECAY_2, EPSILON, MEMORY, RMSPROP_DECAY
from nn_core.events import Command, Epoch, Event, Progress, RecallStep, Status
from nn_core.network import dropout_mask
from nn_core.parameters import FloatArray, aligned_zeros
from nn_core.steps import Training


class CompiledTraining(Training):
    """A training under way: what ``train`` drives if its steps are to be compiled."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        network, examples = self.network, self.training_set
        dtype = network.parameters.theta.dtype
        sizes = network.layer_sizes
        self._sizes = np.array(sizes, np.intp)
        names, pairs = list(ACTIVATIONS), list(OUTPUTS_AND_COSTS)
        kinds = [names.index(name) for name in network.activation_names]
        kinds.append(pairs.index((network.output_name, network.cost_name)))
        self._kinds = np.array(kinds, np.intp)
        # Of one type, wherever they lie: for each type the loops would be compiled anew.
        self._images, self._labels = _read_only(examples.images), _read_only(examples.labels)
        # Room to compute in.
        self._x = aligned_zeros(BLOCK * sizes[0], dtype).reshape(BLOCK, sizes[0])
        self._layers = aligned_zeros(3 * sum(sizes[1:]) * BLOCK, dtype)
        self._right = np.zeros(0, np.bool)
        self._nothing = np.zeros(0, dtype)
        self._no_masks = np.zeros((0, sum(sizes[1:-1])), dtype)

        self._rows = np.zeros(0, np.intp)  # of the last step's batch
        self._rate = self.learning_rate  # of the last step
        self._is_finite = True
        self._warm_up()

    def _warm_up(self) -> None:
        """Compile, with no example, what never was on this machine: no step waits for it."""
        self._run_loops(self._rows, self._no_masks, 1, begin=True)
        no = self._nothing
        descend(0, no, no, no, (0.0, 0.0, 0.0, 0.0), no, no, no)

    def step(self) -> Progress | Epoch | Status:
        """Make one gradient descent step."""
        return super().step() if self.hyperparameters.augment else self._step()

    def obey(self, command: Command) -> Event:
        """Do what a command says, and say what came of it."""
        if isinstance(command, RecallStep) and self._rows.size:
            x, y = self.training_set.batch(self._rows[:CHUNK], self._nothing.dtype)
            self.last_step = x, y, self._rate
        return super().obey(command)

    def _cost_and_gradient(self, first: int, end: int) -> tuple[float, int]:
        """Compute the batch's cost, how many of it are read right, and ``self.gradient``."""
        chosen = self.hyperparameters
        if chosen.augment:
            self._rows = self._rows[:0]
            return super()._cost_and_gradient(first, end)
        self._rows, self._rate = self.order[first:end], self.learning_rate
        examples = end - first
        if self._right.size < examples:
            self._right = np.zeros(examples, np.bool)
        if chosen.dropout and self._no_masks.shape[1]:  # it drops hidden activations
            cost = self._with_dropout(examples)
        else:
            cost = self._run_loops(self._rows, self._no_masks, examples, begin=True)
        right = self._right[:examples]
        spoilt = self.training_set.spoilt
        if spoilt is not None:
            self.memory.right_spoilt += int(np.count_nonzero(right & spoilt[self._rows]))
        return cost / examples, int(np.count_nonzero(right))

    def _with_dropout(self, examples: int) -> float:
        """Run the loops on part after part of the batch, with masks drawn as ``Training`` does."""
        cost = 0.0
        for first in range(0, examples, CHUNK):
            rows = self._rows[first : first + CHUNK]
            masks = [
                dropout_mask((len(rows), neurons), self.hyperparameters.dropout, self.rng)
                for neurons in self.network.layer_sizes[1:-1]
            ]
            side_by_side = np.concatenate(masks, axis=1, dtype=self._nothing.dtype)
            cost += self._run_loops(rows, side_by_side, examples, begin=first == 0, skip=first)
        return cost

    def _run_loops(
        self,
        rows: NDArray[np.intp],
        masks: FloatArray,
        average_over: int,
        *,
        begin: bool,
        skip: int = 0,
    ) -> float:
        cost: float = cost_and_gradient(
            self._images,
            self._labels,
            rows,
            masks,
            self.network.parameters.theta,
            self.gradient.theta,
            self._sizes,
            self._kinds,
            self._x,
            self._layers,
            self._right[skip:],
            average_over,
            begin,
        )
        return cost

    def _descend(self) -> None:
        """Nudge θ by the gradient."""
        chosen, theta, g = self.hyperparameters, self.network.parameters.theta, self.gradient.theta
        if chosen.l1 or chosen.l2:
            penalize(theta, g, self._sizes, float(chosen.l1), float(chosen.l2))
        descent = self.memory.descent
        descent.steps += 1
        v = s = self._nothing
        rate, momentum, epsilon, decay = self.learning_rate, chosen.momentum, 0.0, 0.0
        match descent.name:
            case "momentum" | "nesterov":
                (v,) = descent.vectors
            case "rmsprop":
                (s,) = descent.vectors
                decay = RMSPROP_DECAY
                root = math.sqrt(1 / (1 - decay))
                rate, epsilon = rate * root, EPSILON * root
            case "adam":
                v, s = descent.vectors
                momentum, decay = ADAM_DECAY_1, ADAM_DECAY_2
                weight = (1 - momentum**descent.steps) / (1 - momentum)
                root = math.sqrt((1 - decay**descent.steps) / (1 - decay))
                rate, epsilon = rate * root / weight, EPSILON * root
        rule = RULES.index(descent.name)
        factors = (-float(rate), float(momentum), epsilon, decay)
        self._is_finite = descend(rule, g, v, s, factors, self.nudge, theta, self.last_good)

    def _is_still_finite(self) -> bool:
        return self._is_finite

    def _complete_epoch(self, batch_cost: float) -> Epoch | Status:
        """Measure the epoch that has just been completed: NumPy's way."""
        with one_blas_thread(), np.errstate(all="ignore"):
            return super()._complete_epoch(batch_cost)


RULES = list(MEMORY)


def _read_only(array: NDArray[np.uint8]) -> NDArray[np.uint8]:
    view = np.ascontiguousarray(array).view(np.ndarray)
    view.flags.writeable = False
    return view
