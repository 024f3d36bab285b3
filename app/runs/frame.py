"""A frame: the newest parameters and gradient, as bytes, each part made once for all viewers."""

from functools import cached_property
from hashlib import blake2b
from typing import Literal

from nn_core import checkpoints
from nn_core.checkpoints import Checkpoint

Tensors = Literal["weights", "gradient", "all"]


class Frame:
    """The newest parameters and gradient, as the bytes of a safetensors file."""

    def __init__(self, everything: bytes) -> None:
        self.everything = everything

    @cached_property
    def loaded(self) -> Checkpoint:
        """The network, to read drawings with: loaded once, however many there are."""
        return checkpoints.load(self.everything)

    @cached_property
    def digest(self) -> str:
        """A name for exactly these parameters and this gradient."""
        return blake2b(self.everything, digest_size=12).hexdigest()

    @cached_property
    def weights(self) -> bytes:
        """Only the parameters: made once, however many viewers ask for it."""
        return checkpoints.part_of_frame(self.everything, "weights")

    @cached_property
    def gradient(self) -> bytes:
        """Only the gradient."""
        return checkpoints.part_of_frame(self.everything, "gradient")

    def only(self, tensors: Tensors) -> bytes:
        """Return the part of the frame that a viewer asked for."""
        match tensors:
            case "weights":
                return self.weights
            case "gradient":
                return self.gradient
            case "all":
                return self.everything
