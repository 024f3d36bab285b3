"""The story of a step: what the page needs to show how one step of gradient descent was made.

It is told where a person can follow: of single steps, and at a slow pace, at which a worker waits
most of the time. It goes along with a frame, in its metadata, and changes nothing of the training.
"""

import base64
from functools import cached_property
from typing import Any

import numpy as np

from app.strict_json import strict_json
from nn_core import events
from nn_core.blas_threads import one_blas_thread
from nn_core.descent_curve import along_step
from nn_core.network import Network
from nn_core.parameters import FloatArray

SLOW = 20.0  # steps a second, at most: a story takes ten milliseconds of the fifty that a step has
MOST_PARAMETERS = 300_000  # of a larger network a story would take too long; so none is told
EXAMPLES_SHOWN = 16
PIXELS_SHOWN = 2**14  # in all: 16 digits of 28×28, fewer of larger images, none of very large ones


class StepStory:
    """A step as metadata of a frame: ``descent``, its curve, and ``batch``, some of its examples.

    Both are JSON, and computed once, when the first frame needs them.
    """

    def __init__(self, network: Network, step: events.RecalledStep) -> None:
        self._network = network  # of which only the architecture counts: θ is in the step
        self._step = step

    @cached_property
    def metadata(self) -> dict[str, str]:
        """The two keys; none for a network too large, or a step with a learning rate of 0."""
        if self._step.theta.size > MOST_PARAMETERS or not self._step.learning_rate:
            return {}
        with one_blas_thread():  # the processor's other cores belong to other runs
            return {"descent": strict_json(self._descent()), "batch": strict_json(self._batch())}

    def _descent(self) -> dict[str, Any]:
        """Return the curve along the step, and the batch's cost after it, which is on the curve."""
        curve = along_step(self._network, self._step)
        after = curve.costs[curve.rates.index(curve.learning_rate)]
        place = {"epoch": self._step.epoch, "step": self._step.step}
        return {**place, **curve._asdict(), "after": after}

    def _batch(self) -> dict[str, Any]:
        """Return the batch's first examples, and the network's outputs before and after."""
        step = self._step
        shown = min(EXAMPLES_SHOWN, PIXELS_SHOWN // step.x.shape[1])
        x = step.x[:shown]
        network = self._network.in_64_bits()
        network.parameters.theta[:] = step.theta
        before = network.forward(x)[-1]
        network.parameters.theta += step.nudge
        after = network.forward(x)[-1]
        return {
            "images": [base64.b64encode(pixels).decode() for pixels in _as_bytes(x)],
            "labels": step.y[:shown].argmax(axis=1).tolist(),
            "outputs_before": _rounded(before),
            "outputs_after": _rounded(after),
        }


def _as_bytes(x: FloatArray) -> list[bytes]:
    """Return each image's pixels, 0 to 1, as bytes row by row."""
    return [pixels.tobytes() for pixels in (255 * x).round().clip(0, 255).astype(np.uint8)]


def _rounded(outputs: FloatArray) -> list[list[float]]:
    """Return outputs with four significant digits."""
    return [[float(f"{output:.4g}") for output in row] for row in outputs.tolist()]
