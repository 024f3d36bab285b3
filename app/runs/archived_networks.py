"""Networks in archives are rebuilt: only the numbers of a file are used, once they are checked.

A checkpoint, a saved training and a frame each have exactly the tensors that their run's network
has, of the right shapes and type; the bytes that come out are those that Nudge itself would write.
"""

import math
from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray
from safetensors import SafetensorError
from safetensors import numpy as safetensors_numpy

from app.runs.archive import best_of
from app.runs.checkpoint_spacing import spacing
from app.runs.course import Course, NoCourseError
from app.runs.spec import RunSpec
from nn_core import checkpoints
from nn_core.checkpoints import Checkpoint, CheckpointError
from nn_core.datasets import DatasetInfo
from nn_core.descent import start
from nn_core.events import Memory
from nn_core.image_kind import ImageKind

HEADER = 2**18  # bytes, at most, beside the numbers
LARGEST = 2**53  # of a count


class BadNetworkError(Exception):
    """A file is not what it should be of the run's network; the message says why."""


class ForeignNetworks:
    """The files of one run, of which only the spec is known."""

    def __init__(self, spec: RunSpec, dataset: DatasetInfo) -> None:
        self._spec = spec
        self._dataset = dataset
        network = spec.network(dataset)
        self._shapes = {name: tensor.shape for name, tensor in network.parameters.named()}
        self._vectors = start(spec.optimizer, network.parameters).vectors
        self.parameters = network.parameters.theta.size
        self.layers = len(network.parameters.layers)
        self.max_bytes = 4 * network.parameters.theta.size * (2 + len(self._vectors)) + HEADER

    def remake(self, name: str, file: bytes, course: Course, commands: int) -> bytes:
        """Return the file with this name anew. Raises BadNetworkError.

        The run has this course and so many commands: no network is of a later one.
        """
        try:
            match name:
                case "training.safetensors":
                    made, epoch, step = self._training(file, commands, course.examples)
                case "frame.safetensors":
                    made, epoch, step = self._frame(file)
                case _:
                    made, epoch, step = self._checkpoint(file)
                    if name != f"checkpoints/{epoch}.safetensors":
                        raise BadNetworkError(f"it is of epoch {epoch}")
            course.require(epoch, step)
        except (CheckpointError, SafetensorError, NoCourseError) as error:
            raise BadNetworkError(str(error)[:500]) from error
        except (ValueError, TypeError, KeyError, OverflowError, AttributeError) as error:
            raise BadNetworkError(f"it is broken ({error})"[:500]) from error
        return made

    def _checkpoint(self, file: bytes) -> tuple[bytes, int, int]:
        self._tensors(file, self._shapes, np.float32)
        checkpoint = self._network(file)
        epoch, step = progress(checkpoint)
        place = {"epoch": str(epoch), "step": str(step)}
        return checkpoints.save(checkpoint.network, place, self._kind(checkpoint)), epoch, step

    def _frame(self, file: bytes) -> tuple[bytes, int, int]:
        gradient_shapes = {f"gradient.{name}": shape for name, shape in self._shapes.items()}
        has_gradient = b'"gradient.' in file[: HEADER + 8]
        shapes = self._shapes | gradient_shapes if has_gradient else self._shapes
        tensors = self._tensors(file, shapes, np.float16)
        checkpoint = self._network(file)
        gradient = checkpoint.network.parameters.zeros_like() if has_gradient else None
        if gradient:
            for name, tensor in gradient.named():
                tensor[...] = tensors[f"gradient.{name}"]
            if not np.isfinite(gradient.theta).all():
                raise BadNetworkError("its gradient is not finite")
        epoch, step = progress(checkpoint)
        return checkpoints.save_frame(checkpoint.network, gradient, epoch, step), epoch, step

    def _training(self, file: bytes, commands: int, examples: int) -> tuple[bytes, int, int]:
        vectors = {f"descent.{i}": vector.shape for i, vector in enumerate(self._vectors)}
        self._tensors(file, self._shapes | vectors, np.float32)
        kind = self._kind(self._network(file))
        network = self._spec.network(self._dataset)
        memory = checkpoints.load_training(file, network)
        if memory.descent.name != self._spec.optimizer:
            raise BadNetworkError(f"its optimizer is {memory.descent.name}")
        check_memory(memory)
        if not memory.right <= memory.position < examples:
            raise BadNetworkError("it is at no place in an epoch of the run")
        taken = count(checkpoints.read_metadata(file)["commands"])
        if taken > commands:
            raise BadNetworkError(f"it has taken {taken} commands; the run has {commands}")
        metadata = {"commands": str(taken)}
        made = checkpoints.save_training(network, memory, metadata, kind)
        return made, memory.epoch, memory.step

    def _kind(self, checkpoint: Checkpoint) -> ImageKind | None:
        """Return the kind of the run's images for a file that tells one; old files tell none."""
        return self._dataset.kind if checkpoint.kind else None

    def _network(self, file: bytes) -> Checkpoint:
        """Return the network in a file, all finite, if it is the run's."""
        checkpoint = checkpoints.load(file)
        wanted = self._spec.network(self._dataset)
        for what in ("activation_names", "output_name", "cost_name"):
            if getattr(checkpoint.network, what) != getattr(wanted, what):
                raise BadNetworkError(f"its {what.replace('_', ' ')} are not the run's")
        return checkpoint

    def _tensors(
        self, file: bytes, shapes: Mapping[str, tuple[int, ...]], dtype: DTypeLike
    ) -> dict[str, NDArray[Any]]:
        """Return the tensors of a file, if they are these and no others."""
        tensors: dict[str, NDArray[Any]] = safetensors_numpy.load(file)
        if {name: tensor.shape for name, tensor in tensors.items()} != shapes:
            raise BadNetworkError("its tensors are not those of the run's network")
        if any(tensor.dtype != dtype for tensor in tensors.values()):
            raise BadNetworkError(f"its numbers are not {np.dtype(dtype)}")
        return tensors


def files_to_keep(
    files: list[str], complete: int, most_epochs: int, events: Iterable[dict[str, Any]]
) -> list[str]:
    """Return a run's files without the checkpoints that would not have been kept of it here.

    So many epochs of it are complete, and ``events`` are theirs. Zeros are easily packed: a small
    zip could bring as many networks as the run has epochs.
    """
    apart = spacing(complete, most_epochs)
    epochs = {name: int(PurePath(name).stem) for name in files if "/" in name}
    spare = {name for name, epoch in epochs.items() if epoch % apart}
    if spare and (best := best_of(events, epochs.values())):
        spare.discard(f"checkpoints/{best.epoch}.safetensors")
    return [name for name in files if name not in spare]


def progress(checkpoint: Checkpoint) -> tuple[int, int]:
    """Return the epoch and the step that a network is of. Raises BadNetworkError."""
    return count(checkpoint.metadata["epoch"]), count(checkpoint.metadata["step"])


def check_memory(memory: Memory) -> None:
    """Raise BadNetworkError unless a training can go on from this."""
    for number in (memory.epoch, memory.step, memory.position, memory.right, memory.right_spoilt):
        count(number)
    count(memory.descent.steps)
    for figure in (memory.cost_sum, memory.seconds):
        if type(figure) not in (int, float) or not 0 <= figure < math.inf:
            raise BadNetworkError("its sums are no sums")
    for state in (memory.rng, memory.rng_at_epoch_start):
        if state != {}:  # there is none before the first epoch
            generator = np.random.default_rng()
            generator.bit_generator.state = state
            if generator.bit_generator.state != state:
                raise BadNetworkError("its random state is none")


def count(number: str | int) -> int:
    """Return a whole number that counts something. Raises BadNetworkError."""
    if isinstance(number, str) and len(number) <= len(str(LARGEST)) and number.isdecimal():
        number = int(number)
    if type(number) is not int or not 0 <= number <= LARGEST:
        raise BadNetworkError("a number in it is none that counts epochs or steps")
    return number
