"""What a training is told, and what it tells.

``train`` takes hyperparameters and a ``Command`` between two steps, and yields an ``Event`` for
everything that happens. A ``Memory`` is what it takes to go on with a training later.
"""

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from nn_core.descent import Descent
from nn_core.parameters import FloatArray, Parameters


@dataclass(frozen=True)
class Hyperparameters:
    """What may be chosen about a training. All but the optimizer may change while it goes on.

    ``momentum`` is that of the optimizers "momentum" and "nesterov"; ``l1`` and ``l2`` are
    penalties (all in ``descent.py``). ``dropout`` is the probability with which each hidden
    activation is set to 0 in a step, so that no neuron can rely on a single other one.
    ``augment`` changes each training image a little each time: see ``augmentation.py``.
    ``batch_size`` "full" is the whole training set in one step, and so is any number larger than
    it. ``epochs`` None means until stopped. ``learning_rate`` None is a good one for the
    optimizer and the network's cost.
    """

    optimizer: str = "sgd"
    learning_rate: float | None = None
    momentum: float = 0.9
    l1: float = 0.0
    l2: float = 0.0
    dropout: float = 0.0
    augment: bool = False
    batch_size: int | Literal["full"] = 32
    epochs: int | None = 30


DEFAULTS = Hyperparameters()


@dataclass
class Memory:
    """What a training remembers besides its network: where it is, and how it got there."""

    descent: Descent
    rng: dict[str, Any] = field(default_factory=dict)  # the state of the random numbers
    rng_at_epoch_start: dict[str, Any] = field(default_factory=dict)  # before it drew the order
    epoch: int = 0  # complete epochs
    step: int = 0
    position: int = 0  # how many examples of this epoch have been used
    cost_sum: float = 0.0  # over those examples
    right: int = 0  # how many of those were read right
    right_spoilt: int = 0  # how many of these have a label that was replaced by a random one
    seconds: float = 0.0  # that this epoch has taken so far


class Progress(NamedTuple):
    """A step was made. ``cost`` is its batch's, before the nudge and without penalty."""

    epoch: int  # the epoch that is under way, from 1
    step: int  # from the start of the training
    steps_per_epoch: int
    cost: float


class Epoch(NamedTuple):
    """An epoch is complete; the step that completed it has no ``Progress`` of its own.

    The server passes the fields on, to the viewers and into the CSV; for one that is added, runs
    exported before need a default in app/runs/archive.py. Only ``batch_cost`` goes another way,
    with the costs of all other steps.

    ``cost`` and ``accuracy`` are means over the examples of the epoch's batches, each before its
    nudge, without penalty. With label noise ``clean_accuracy`` is that of the examples whose labels
    were left as they are, and ``noisy_accuracy`` that of the others, by the label that was drawn
    for each: both are None without it, and where there are no such examples. ``test_cost`` and
    ``test_accuracy`` are measured after the last step, and None without a test set. Accuracies are
    from 0 to 1.
    """

    epoch: int
    step: int
    cost: float
    accuracy: float
    test_cost: float | None
    test_accuracy: float | None
    gradient_norms: list[float]  # for each layer √Σg² over its weights and biases, last step
    learning_rate: float
    seconds: float  # since the epoch began, pauses left out
    examples_per_second: float
    clean_accuracy: float | None = None
    noisy_accuracy: float | None = None
    batch_cost: float | None = None  # of the step that completed it, as in Progress


State = Literal["training", "paused", "finished", "stopped", "diverged"]


class Status(NamedTuple):
    """The training is now in this state, and why, if there is something to say."""

    status: State
    epoch: int  # how many are complete
    step: int
    reason: str | None = None


class Changed(NamedTuple):
    """From the next step on these hyperparameters hold."""

    step: int
    hyperparameters: Hyperparameters


class Nudged(NamedTuple):
    """One parameter was changed by hand, after this step, and has this value now."""

    step: int
    parameter: int  # its place in θ
    value: float


class Snapshot(NamedTuple):
    """Copies of the parameters and of the gradient of the last step's batch, penalties included.

    Of a training that diverged, the parameters are those before the step that was too large, and
    the gradient is that step's, with the largest finite numbers for what overflowed.
    """

    epoch: int
    step: int
    parameters: Parameters
    gradient: Parameters


class RecalledStep(NamedTuple):
    """What the last step was made of: its batch, θ before it, and its nudge Δ, copied.

    Of a large batch only the first 500 examples: x, shape (examples, inputs), as the network saw
    them, augmented if they were, and their one-hot truth y, shape (examples, outputs).
    """

    epoch: int
    step: int
    learning_rate: float
    x: FloatArray
    y: FloatArray
    theta: FloatArray  # before the step
    nudge: FloatArray  # what the step added to θ


class Saved(NamedTuple):
    """With the network's parameters, all that it takes to go on with this training later."""

    memory: Memory


class Pause(NamedTuple):
    """Make no step until resumed."""


class Resume(NamedTuple):
    """Go on; also after the last epoch or a stop, if there are more epochs to train."""


class Step(NamedTuple):
    """Make exactly one step, then be paused."""


class Stop(NamedTuple):
    """End the training."""


class Change(NamedTuple):
    """Change hyperparameters, by name."""

    values: dict[str, Any]


class Nudge(NamedTuple):
    """Add an amount to one parameter, or set it to a value, while training or paused."""

    parameter: int  # its place in θ
    amount: float
    value: float | None = None  # if it is given, the parameter becomes just that


class TakeSnapshot(NamedTuple):
    """Answer with a ``Snapshot``."""


class RecallStep(NamedTuple):
    """Answer with a ``RecalledStep``, if a step has been made since ``train`` was called."""


class Save(NamedTuple):
    """Answer with ``Saved``."""


Event = Progress | Epoch | Status | Changed | Nudged | Snapshot | RecalledStep | Saved
Command = Pause | Resume | Step | Stop | Change | Nudge | TakeSnapshot | RecallStep | Save
