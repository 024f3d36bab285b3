"""Checkpoints: a network in a file, and back.

The format is safetensors: a JSON header with names, types and shapes, then the numbers, and nothing
that could be executed. The arrays are named ``weights.0``, ``biases.0``, ``weights.1``, …; the
metadata says what else it takes to use the network. A frame, which the page is sent while a
network trains, is the same with 16-bit numbers and the gradient beside the parameters.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors import numpy as safetensors_numpy

from nn_core.descent import Descent
from nn_core.network import Network
from nn_core.parameters import FloatArray, Parameters
from nn_core.training import Memory

FLOAT16_MAX = np.float32(np.finfo(np.float16).max)  # 65,504

Tensors = Literal["weights", "gradient", "all"]


class CheckpointError(Exception):
    """A file is not a checkpoint of a network; the message says why."""


@dataclass(frozen=True)
class Checkpoint:
    """A network as a file has it, and the file's metadata."""

    network: Network
    metadata: dict[str, str]


def save(network: Network, metadata: Mapping[str, str], parameters: Parameters | None = None) -> bytes:
    """Return the bytes of a checkpoint: float32, with what it takes to build the network again.

    ``parameters`` are the network's own unless others of the same shape are given.
    """
    parameters = parameters or network.parameters
    architecture = {
        "activation": json.dumps(network.activation_names),
        "output": network.output_name,
        "cost": network.cost_name,
    }
    tensors = {name: tensor.astype(np.float32) for name, tensor in parameters.named()}
    return safetensors_numpy.save(tensors, {**metadata, **architecture})


def load(file: bytes) -> Checkpoint:
    """Return the network in the bytes of a checkpoint.

    Raises CheckpointError if they are no checkpoint, or one that does not fit together.
    """
    try:
        tensors = safetensors_numpy.load(file)
        metadata = read_metadata(file)
        sizes = _layer_sizes(tensors)
        network = Network(
            sizes,
            json.loads(metadata["activation"]),
            metadata["output"],
            metadata["cost"],
        )
        for name, parameter in network.parameters.named():
            parameter[...] = tensors[name]
    except SafetensorError as error:
        message = f"not a safetensors file ({error})"
        raise CheckpointError(message) from error
    except KeyError as error:
        message = f"not a checkpoint of a network: it has no {error}"
        raise CheckpointError(message) from error
    except (ValueError, TypeError) as error:
        message = f"not a checkpoint of a network: {error}"
        raise CheckpointError(message) from error
    return Checkpoint(network, metadata)


def load_file(path: Path) -> Checkpoint:
    """Return the network in a file. Raises CheckpointError, naming the file."""
    try:
        return load(path.read_bytes())
    except OSError as error:
        message = f"{path}: {error.strerror or error}"
        raise CheckpointError(message) from error
    except CheckpointError as error:
        message = f"{path}: {error}"
        raise CheckpointError(message) from error


def read_metadata(file: bytes) -> dict[str, str]:
    """Return the metadata in the header of a safetensors file.

    The header is JSON, and its length the file's first 8 bytes, a little-endian integer.
    """
    length = int.from_bytes(file[:8], "little")
    metadata: dict[str, str] = json.loads(file[8 : 8 + length]).get("__metadata__", {})
    return metadata


def _layer_sizes(tensors: Mapping[str, NDArray[Any]]) -> list[int]:
    """Return the number of neurons of each layer, read off the shapes of the weights."""
    sizes = [tensors["weights.0"].shape[1]]
    for layer in range(len(tensors) // 2):
        neurons, previous = tensors[f"weights.{layer}"].shape
        if previous != sizes[-1] or tensors[f"biases.{layer}"].shape != (neurons,):
            message = f"the shapes of layer {layer} do not fit those of the layer before"
            raise ValueError(message)
        sizes.append(neurons)
    return sizes


def save_frame(
    parameters: Parameters, gradient: Parameters, tensors: Tensors, epoch: int, step: int
) -> bytes:
    """Return the bytes of a frame: 16-bit floats; what is too large for them becomes ±65,504."""
    named: dict[str, NDArray[np.float16]] = {}
    if tensors in ("weights", "all"):
        named |= {name: _half(tensor) for name, tensor in parameters.named()}
    if tensors in ("gradient", "all"):
        named |= {f"gradient.{name}": _half(tensor) for name, tensor in gradient.named()}
    return safetensors_numpy.save(named, {"epoch": str(epoch), "step": str(step)})


def _half(tensor: FloatArray) -> NDArray[np.float16]:
    return tensor.clip(-FLOAT16_MAX, FLOAT16_MAX).astype(np.float16)
