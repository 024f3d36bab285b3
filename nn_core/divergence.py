"""Divergence: how it is noticed, and in words why it happened and what to try instead."""

import math

import numpy as np

from nn_core.events import Hyperparameters
from nn_core.parameters import FloatArray


def is_finite(theta: FloatArray) -> bool:
    """Return whether no element of θ is infinite or NaN.

    If θ·θ is finite, so is every element of θ, and it is much faster to compute. It may overflow
    although θ is finite; only then look at the elements.
    """
    return math.isfinite(np.dot(theta, theta)) or bool(np.isfinite(theta).all())


def why(what: str, step: int, hyperparameters: Hyperparameters, *, is_nudged: bool) -> str:
    """Return the reason for which a training diverged.

    ``what`` is no longer finite after this step; ``is_nudged`` says that a parameter was nudged by
    hand since the step before. ``learning_rate`` must be filled in.
    """
    if is_nudged:
        return (
            f"A parameter was nudged by hand, and after that {what} is no longer a finite "
            "number: the nudge was too large. The parameters from before "
            f"{f'step {step}' if step else 'it'} are kept."
        )
    if step == 0:
        return (
            "The cost is not a finite number from the start: the initial parameters are too "
            "large. Try another initializer."
        )
    reason = (
        f"After step {step} {what} is no longer a finite number: the step was too large. The "
        "parameters from before it are kept."
    )
    if hyperparameters.l1 or hyperparameters.l2:
        reason += " Try a smaller penalty, l1 or l2."
    rate = hyperparameters.learning_rate
    if rate:
        reason += f" Try a smaller learning rate, such as {rate / 10:g} instead of {rate:g}."
    return reason
