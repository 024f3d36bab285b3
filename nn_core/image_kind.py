"""What kind of image a network reads: how large, and how a drawing becomes one.

It is known of each data set, goes with every run that trains on it, and stands in the metadata of a
checkpoint. A network reads drawings well only if they are prepared as its training images were.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self, get_args

from nn_core.digit_image import SIDE
from nn_core.paper import Ground

Drawing = Literal["digits", "whole"]
"""How a drawing becomes an image.

``digits``: as MNIST's authors made theirs, cut to the ink, scaled and centred (``digit_image``).
``whole``: the whole frame is scaled to the image's, and nothing on it is moved or removed.
"""


@dataclass(frozen=True)
class ImageKind:
    """The kind of image that a network reads, and what its outputs are called."""

    shape: tuple[int, int]  # rows, columns
    drawing: Drawing
    ground: Ground | None = "dark"  # of nearly all images; None: some are dark there, some light
    class_names: tuple[str, ...] | None = None  # None: the classes are called 0, 1, 2, …

    def __post_init__(self) -> None:
        """Raise ValueError for what can't be."""
        if min(self.shape) < 1:
            raise ValueError(f"an image can't have the shape {self.shape}")
        if self.drawing == "digits" and self.shape != (SIDE, SIDE):
            raise ValueError(f"digit images have {SIDE}×{SIDE} pixels, not {self.shape}")

    @classmethod
    def likely(cls, inputs: int) -> Self:
        """Return the likely kind of images with so many pixels, where nothing says more.

        They are digits if there are 28×28, or else a square, or else numbers in a row.
        """
        side = math.isqrt(inputs)
        shape = (side, side) if side * side == inputs else (1, inputs)
        return cls(shape, "digits" if side == SIDE and shape == (SIDE, SIDE) else "whole")

    @classmethod
    def of_metadata(cls, metadata: Mapping[str, str], inputs: int, outputs: int) -> Self | None:
        """Return the kind in the metadata of a network's checkpoint; None if they tell of none.

        Raises ValueError, or TypeError, for what is no kind, or none of such a network.
        """
        if "input_shape" not in metadata:
            return None
        rows, columns = json.loads(metadata["input_shape"])
        drawing: Any = metadata["drawing"]
        ground, names = json.loads(metadata["ground"]), json.loads(metadata["class_names"])
        if not isinstance(rows, int) or not isinstance(columns, int) or rows * columns != inputs:
            raise ValueError(f"its images are said to be {rows}×{columns}, its inputs are {inputs}")
        if drawing not in get_args(Drawing) or ground not in (*get_args(Ground), None):
            raise ValueError(f"drawing {drawing!r} on a ground {ground!r} is not known")
        if names is not None:
            if len(names) != outputs or not all(isinstance(name, str) for name in names):
                raise ValueError(f"its class_names are not the names of {outputs} classes")
            names = tuple(names)
        return cls((rows, columns), drawing, ground, names)

    @property
    def has_pictures(self) -> bool:
        """Return whether the images have rows and columns: numbers in a single row are none."""
        return min(self.shape) > 1

    def metadata(self) -> dict[str, str]:
        """Return what ``of_metadata`` takes."""
        return {
            "input_shape": json.dumps(self.shape),
            "drawing": self.drawing,
            "ground": json.dumps(self.ground),
            "class_names": json.dumps(self.class_names),
        }

    def name_of(self, label: int) -> str:
        """Return what a class is called."""
        return self.class_names[label] if self.class_names else str(label)
