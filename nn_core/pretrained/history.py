"""What the training of a pretrained network told, in a file beside the network's own.

It has every epoch's figures, the gradient of the last step's batch, the parameters after a few
earlier epochs, and what the network misreads of MNIST's test digits. The format is that of
checkpoints, safetensors, with the figures as JSON in its metadata.

Weights and gradients have 8 bits each: an integer from −127 to 127, times a scale for each neuron.
Biases, which are few, keep 32 bits. So an element is off by up to 1/254 of its neuron's largest,
and what is smaller than that becomes 0. An earlier network reads about 20 of MNIST's 10,000 test
digits otherwise than it did, and its accuracy moves by less than 0.001; the gradient is off by less
than 1% of its length.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import numpy as safetensors_numpy

from nn_core.checkpoints import read_metadata, serialize
from nn_core.mistakes import Mistake, Mistakes
from nn_core.parameters import Parameters

LARGEST = 127  # in 8 bits, with −127 on the other side of 0


@dataclass(frozen=True)
class History:
    """What a training told. It does not have the last epoch's network, which has its own file."""

    epochs: list[dict[str, Any]]
    """Each epoch's figures, with the names that ``nn_core.events.Epoch`` has."""
    gradient: Parameters
    earlier: dict[int, Parameters]
    """The parameters after some of the epochs; 0 is before the training."""
    mistakes: Mistakes
    """What the last network misreads of MNIST's test digits."""


def save(history: History) -> bytes:
    """Return the bytes of a file with the history."""
    parts = {"gradient": history.gradient} | {
        str(epoch): parameters for epoch, parameters in history.earlier.items()
    }
    tensors = {
        f"{part}.{name}": tensor
        for part, parameters in parts.items()
        for name, tensor in _packed(parameters)
    }
    tensors["mistakes.confusion"] = history.mistakes.confusion.astype(np.int32)
    tensors["mistakes.images"] = history.mistakes.images
    metadata = {
        "epochs": json.dumps(history.epochs),
        "earlier": json.dumps(list(history.earlier)),
        "wrong": json.dumps(history.mistakes.wrong),
    }
    return serialize(tensors, metadata)


def load(file: bytes, layer_sizes: Sequence[int]) -> History:
    """Return the history in the bytes of a file, of a network with these layers."""
    tensors = safetensors_numpy.load(file)
    wrong = json.loads(read_metadata(file)["wrong"])
    return History(
        epochs(file),
        _unpacked(tensors, "gradient", layer_sizes),
        {epoch: _unpacked(tensors, str(epoch), layer_sizes) for epoch in earlier_epochs(file)},
        Mistakes(
            tensors["mistakes.confusion"].astype(np.intp),
            [Mistake(*mistake) for mistake in wrong],
            tensors["mistakes.images"],
        ),
    )


def epochs(file: bytes) -> list[dict[str, Any]]:
    """Return only the figures of each epoch: without the tensors this takes no time."""
    figures: list[dict[str, Any]] = json.loads(read_metadata(file)["epochs"])
    return figures


def earlier_epochs(file: bytes) -> list[int]:
    """Return only which epochs' parameters are in the file."""
    kept: list[int] = json.loads(read_metadata(file)["earlier"])
    return kept


def _packed(parameters: Parameters) -> Iterator[tuple[str, NDArray[Any]]]:
    """Yield each layer's arrays: the weights in 8 bits, a scale for each row of them, biases."""
    for layer, weights in enumerate(parameters.weights):
        scales = np.abs(weights).max(axis=1, keepdims=True) / LARGEST
        scales[scales == 0] = 1  # a row of zeros
        yield f"weights.{layer}", np.rint(weights / scales).astype(np.int8)
        yield f"scales.{layer}", scales.astype(np.float32)
        yield f"biases.{layer}", parameters.biases[layer].astype(np.float32)


def _unpacked(
    tensors: Mapping[str, NDArray[Any]], part: str, layer_sizes: Sequence[int]
) -> Parameters:
    """Return the parameters, or the gradient, that ``_packed`` made these arrays of."""
    parameters = Parameters(layer_sizes)
    for layer, weights in enumerate(parameters.weights):
        weights[:] = tensors[f"{part}.weights.{layer}"] * tensors[f"{part}.scales.{layer}"]
        parameters.biases[layer][:] = tensors[f"{part}.biases.{layer}"]
    return parameters
