"""Training: gradient descent, batch after batch, as a generator.

``train`` yields what happened: an event after each step (``Progress``, or ``Epoch`` if the step
completed one) and one for each change of state. Between two steps it takes commands:
``training.send(Pause())``. Whoever drives it decides how fast it goes, so the same function serves
in a script (``for event in train(...)``), in a notebook, and in the process that the playground
trains its runs in.

How a step is made stands in ``steps``.
"""

from collections.abc import Generator

import numpy as np
from numpy.typing import NDArray

from nn_core.arithmetic import keep_compiled_in, require_compiler
from nn_core.datasets import Examples
from nn_core.events import (
    DEFAULTS,
    Command,
    Event,
    Hyperparameters,
    Memory,
)
from nn_core.network import Network
from nn_core.steps import Training


def train(
    network: Network,
    training_set: Examples,
    test_set: Examples | None = None,
    hyperparameters: Hyperparameters = DEFAULTS,
    rng: np.random.Generator | None = None,
    memory: Memory | None = None,
    held: NDArray[np.bool] | None = None,
    *,
    compiled: bool = False,
) -> Generator[Event, Command | None, None]:
    """Train the network in place; yield an event for each step and each change of state.

    Each command sent is answered at once by one event, before the next step: Pause, Resume and
    Stop by the Status that they bring about, Step by what the step did, Change by Changed, Nudge by
    Nudged, and TakeSnapshot, RecallStep and Save by what they ask for; one that does not fit the
    state by the Status as it is. A plain ``next`` makes the next step while training, repeats the
    status while paused, and ends the generator once the training has finished, stopped or diverged.

    The same network, data, hyperparameters and state of ``rng`` give the same bits on the same
    machine, whatever the number of threads: BLAS gets one while a step is made (``blas_threads``).

    ``rng`` draws the order of the examples in each epoch, what dropout drops and how images are
    augmented; None starts one with seed 0. ``memory`` continues a training that was saved, bit for
    bit as if it had never ended, given the network as it was then; it brings its own state of
    ``rng``. ``held`` says of each element of θ whether it is held at 0, all the way.

    ``compiled`` makes the steps by compiled loops, those in ``compiled``, which takes the package
    numba: the same network but for rounding, and again the same bits each time.

    Raises ValueError for an unknown optimizer, for another one than the training began with, for
    examples to augment that are no images, and for a ``Nudge`` that can't be made; TypeError for a
    ``Change`` of a name that does not exist; CompilerMissingError if numba is not installed.
    """
    kind: type[Training] = _compiled_training() if compiled else Training
    training = kind(network, training_set, test_set, hyperparameters, rng, memory, held)
    # yield hands out an event, and returns the command that .send() brings: None after a next().
    command = yield training.enter("training")
    while True:
        if command is not None:
            command = yield training.obey(command)
        elif training.status == "training":
            command = yield training.step()
        elif training.status == "paused":
            command = yield training.enter("paused")
        else:
            return


def _compiled_training() -> type[Training]:
    """Return the class of a training with compiled loops. Raises CompilerMissingError."""
    require_compiler()
    keep_compiled_in()
    from nn_core.compiled.training import CompiledTraining  # noqa: PLC0415 - only if it is chosen

    return CompiledTraining
