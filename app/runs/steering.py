"""Steering: the commands that change what a run learns.

They are kept with the run in the order in which they took effect, so that a worker that starts
from an older checkpoint can repeat them, each after the same step.
"""

import base64
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from nn_core.datasets import Dataset, Examples
from nn_core.events import Change, Nudge

OVERHEAD = 60  # bytes of a text in Python, and of its place in a list


class Learn(NamedTuple):
    """Learn drawings in a few steps apart from the training's own: see ``nn_core.correction``."""

    images: list[str]  # of each its 8-bit pixels, row by row, in base64
    labels: list[int]
    seed: int  # of the training examples that are learned with them


class Add(NamedTuple):
    """Train on drawings, too. Comes before the first step."""

    images: list[str]  # as of Learn
    labels: list[int]


Steering = Change | Nudge | Learn | Add


def bytes_of(images: Sequence[str]) -> int:
    """Return how much memory drawings take that are kept with a run."""
    return sum(map(len, images)) + OVERHEAD * len(images)


def drawings_of(command: Learn | Add, like: Examples) -> Examples:
    """Return a command's drawings, as examples of the same kind as others."""
    pixels = np.frombuffer(b"".join(map(base64.b64decode, command.images)), np.uint8)
    images = pixels.reshape(len(command.labels), -1)
    return replace(like, images=images, labels=np.array(command.labels, np.uint8))


class TakenCommand(NamedTuple):
    """A command that took effect, and the step after which it did."""

    step: int
    steering: Steering


def with_added(dataset: Dataset, commands: Sequence[tuple[int, dict[str, Any]]]) -> Dataset:
    """Return a run's data set with the drawings that its commands add to the training set."""
    drawings = [
        drawings_of(Add(content["images"], content["labels"]), dataset.training)
        for _step, content in commands
        if content["type"] == "add"
    ]
    if not drawings:
        return dataset  # whose images may lie in a file, and are not copied
    return replace(dataset, training=dataset.training.and_those_of(*drawings))


def to_json(steering: Steering) -> dict[str, Any]:
    """Return the command as it is stored and sent to a worker."""
    match steering:
        case Change(values):
            return {"type": "change", "values": values}
        case Nudge(index, amount, value):
            nudge = {"type": "nudge", "index": index, "amount": amount}
            return nudge if value is None else nudge | {"value": value}
        case Learn() | Add():
            return {"type": type(steering).__name__.lower(), **steering._asdict()}


def from_json(content: dict[str, Any]) -> Steering:
    """Return the command that ``to_json`` described. Raises KeyError."""
    match content["type"]:
        case "change":
            return Change(content["values"])
        case "nudge":
            return Nudge(content["index"], content["amount"], content.get("value"))
        case "learn":
            return Learn(content["images"], content["labels"], content["seed"])
        case _:
            return Add(content["images"], content["labels"])
