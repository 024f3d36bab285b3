"""Checkpoints: a network in a file, and back.

The format is safetensors: a JSON header with names, types and shapes, then the numbers, and nothing
that could be executed. The arrays are named ``weights.0``, ``biases.0``, ``weights.1``, …; the
metadata says what else it takes to use the network. A frame, which the page is sent while a
network trains, is the same with 16-bit numbers and the gradient beside the parameters, and a saved
training has the optimizer's vectors beside them: ``load`` reads the network out of all three.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors import numpy as safetensors_numpy

from nn_core.descent import start
from nn_core.events import Memory
from nn_core.image_kind import ImageKind
from nn_core.network import Network
from nn_core.parameters import FloatArray, Parameters

FLOAT16_MAX = np.float32(np.finfo(np.float16).max)  # 65,504


class CheckpointError(Exception):
    """A file is not a checkpoint of a network; the message says why."""


@dataclass(frozen=True)
class Checkpoint:
    """A network as a file has it, and the file's metadata."""

    network: Network
    metadata: dict[str, str]
    kind: ImageKind | None
    """The kind of image that it reads; None for a file that does not say."""


def save(network: Network, metadata: Mapping[str, str], kind: ImageKind | None = None) -> bytes:
    """Return the bytes of a checkpoint: float32, with what it takes to build the network again.

    With the ``kind`` of its images whoever loads it knows how to prepare a drawing for it.
    """
    tensors = {name: tensor.astype(np.float32) for name, tensor in network.parameters.named()}
    of_kind = kind.metadata() if kind else {}
    return serialize(tensors, {**metadata, **of_kind, **architecture(network)})


def load(file: bytes) -> Checkpoint:
    """Return the network in the bytes of a checkpoint.

    Raises CheckpointError if they are no checkpoint, or one that does not fit together.
    """
    with _bad_files_explained():
        tensors = safetensors_numpy.load(file)
        metadata = read_metadata(file)
        network = Network(
            _layer_sizes(tensors),
            json.loads(metadata["activation"]),
            metadata["output"],
            metadata["cost"],
        )
        for name, parameter in network.parameters.named():
            parameter[...] = _finite(name, tensors[name])
        kind = ImageKind.of_metadata(metadata, network.layer_sizes[0], network.layer_sizes[-1])
    return Checkpoint(network, metadata, kind)


@contextmanager
def _bad_files_explained() -> Iterator[None]:
    """Turn whatever goes wrong while a file is read into a CheckpointError that says what."""
    try:
        yield
    except SafetensorError as error:
        raise CheckpointError(f"not a safetensors file ({error})") from error
    except KeyError as error:
        raise CheckpointError(f"not a checkpoint of a network: it has no {error}") from error
    except (ValueError, TypeError, RecursionError) as error:
        raise CheckpointError(f"not a checkpoint of a network: {error}") from error


def architecture(network: Network) -> dict[str, str]:
    """Return what the metadata say of a network: all but its sizes, which its tensors tell."""
    return {
        "activation": json.dumps(network.activation_names),
        "output": network.output_name,
        "cost": network.cost_name,
    }


def load_file(path: Path) -> Checkpoint:
    """Return the network in a file. Raises CheckpointError, naming the file."""
    try:
        return load(path.read_bytes())
    except OSError as error:
        raise CheckpointError(f"{path}: {error.strerror or error}") from error
    except CheckpointError as error:
        raise CheckpointError(f"{path}: {error}") from error


def read_metadata(file: bytes) -> dict[str, str]:
    """Return the metadata in the header of a safetensors file.

    The header is JSON, and its length the file's first 8 bytes, a little-endian integer.
    """
    length = int.from_bytes(file[:8], "little")
    metadata: dict[str, str] = json.loads(file[8 : 8 + length]).get("__metadata__", {})
    return metadata


def _layer_sizes(tensors: Mapping[str, NDArray[Any]]) -> list[int]:
    """Return the number of neurons of each layer, read off the shapes of the weights."""
    sizes = list(tensors["weights.0"].shape[1:])
    for layer in range(sum(name.startswith("weights.") for name in tensors)):
        weights, biases = tensors[f"weights.{layer}"], tensors[f"biases.{layer}"]
        neurons = len(biases) if biases.ndim == 1 else 0
        # sizes is empty if weights.0 has no second dimension
        if not neurons or not sizes[-1:] or weights.shape != (neurons, sizes[-1]) or not sizes[-1]:
            raise ValueError(f"the shapes of layer {layer} do not fit each other or those before")
        sizes.append(neurons)
    return sizes


def _finite(name: str, tensor: NDArray[Any]) -> FloatArray:
    """Return the tensor in 32 bits, if it has only finite numbers there."""
    if not np.issubdtype(tensor.dtype, np.floating):
        raise ValueError(f"{name} has elements of type {tensor.dtype}, not floating point")
    with np.errstate(over="ignore"):
        parameter = tensor.astype(np.float32)
    if not np.isfinite(parameter).all():
        raise ValueError(f"{name} has elements that are not finite")
    return parameter


def save_training(
    network: Network,
    memory: Memory,
    metadata: Mapping[str, str] = MappingProxyType({}),
    kind: ImageKind | None = None,
) -> bytes:
    """Return the bytes of a checkpoint from which the training can go on, bit for bit."""
    state = asdict(memory)
    descent = state.pop("descent")
    vectors = descent.pop("vectors")
    tensors = dict(network.parameters.named())
    tensors |= {f"descent.{index}": vector for index, vector in enumerate(vectors)}
    own = {
        "epoch": str(memory.epoch),
        "step": str(memory.step),
        "training": json.dumps(state),
        "descent": json.dumps(descent),
    }
    of_kind = kind.metadata() if kind else {}
    return serialize(tensors, {**metadata, **own, **of_kind, **architecture(network)})


def load_training(file: bytes, network: Network) -> Memory:
    """Set the network to what ``save_training`` saved, and return what ``train`` goes on from.

    Raises CheckpointError if the bytes are none of those, or of another network than this; it has
    not been changed then.
    """
    with _bad_files_explained():
        tensors = safetensors_numpy.load(file)
        metadata = read_metadata(file)
        state = json.loads(metadata["training"])
        descent = json.loads(metadata["descent"])
        memory = Memory(start(descent["name"], network.parameters), **state)
        memory.descent.steps = int(descent["steps"])
        for index, vector in enumerate(memory.descent.vectors):
            vector[:] = tensors[f"descent.{index}"]
        saved = network.parameters.zeros_like()
        for name, parameter in saved.named():
            if tensors[name].shape != parameter.shape:
                raise ValueError(f"{name} has the shape {tensors[name].shape}")
            parameter[...] = tensors[name]
    network.parameters.theta[:] = saved.theta
    return memory


def network_of(training: bytes) -> bytes:
    """Return the bytes of a checkpoint with only the network of a saved training."""
    saved = load(training)
    place = {name: saved.metadata[name] for name in ("epoch", "step")}
    return save(saved.network, place, saved.kind)


def save_frame(
    network: Network,
    gradient: Parameters | None,
    epoch: int,
    step: int,
    made: float | None = None,
    metadata: Mapping[str, str] = MappingProxyType({}),
) -> bytes:
    """Return the bytes of a frame: 16-bit floats; what is too large for them becomes ±65,504.

    ``made`` is when, in seconds since 1970: who gets it late can tell.
    """
    tensors = {name: _half(tensor) for name, tensor in network.parameters.named()}
    if gradient:
        tensors |= {f"gradient.{name}": _half(tensor) for name, tensor in gradient.named()}
    place = {"epoch": str(epoch), "step": str(step)}
    if made is not None:
        place["made"] = f"{made:.4f}"
    return serialize(tensors, {**metadata, **place, **architecture(network)})


def part_of_frame(frame: bytes, part: Literal["weights", "gradient"]) -> bytes:
    """Return the bytes of a frame with only the parameters, or only the gradient, of this one."""
    tensors = {
        name: tensor
        for name, tensor in safetensors_numpy.load(frame).items()
        if name.startswith("gradient.") == (part == "gradient")
    }
    return serialize(tensors, read_metadata(frame))


def save_gradient(gradient: Parameters, metadata: Mapping[str, str]) -> bytes:
    """Return the bytes of a file with a gradient alone, in 32-bit floats, named as in a frame.

    What is too large for them becomes the largest there is, and what is no number becomes 0.
    """
    with np.errstate(over="ignore"):
        tensors = {
            f"gradient.{name}": np.nan_to_num(tensor.astype(np.float32))
            for name, tensor in gradient.named()
        }
    return serialize(tensors, dict(metadata))


def serialize(tensors: dict[str, NDArray[Any]], metadata: dict[str, str]) -> bytes:
    """Return the bytes of a safetensors file; the same tensors and metadata give the same bytes.

    safetensors writes the metadata in an order that changes from call to call, so sort the header.
    Neither its length nor the place of the numbers changes.
    """
    file = safetensors_numpy.save(tensors, metadata)
    end = 8 + int.from_bytes(file[:8], "little")
    header = json.dumps(
        json.loads(file[8:end]), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode()
    return file[:8] + header.ljust(end - 8) + file[end:]


def _half(tensor: FloatArray) -> NDArray[np.float16]:
    return tensor.clip(-FLOAT16_MAX, FLOAT16_MAX).astype(np.float16)
