"""Pixels: whatever scale their owner's images have, they become bytes, 0 (ground) to 255 (ink)."""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_core.datasets.errors import BadDataError

LARGEST = 255
BLOCK = 2**20  # pixels that are scaled at a time
SLACK = 1e-5  # how far a rounding may lead beyond the largest value


def as_bytes(parts: Iterable[tuple[str, NDArray[Any]]]) -> list[NDArray[np.uint8]]:
    """Return the images of all parts of a data set as bytes; each part has its name for errors.

    Whole numbers are 0 to 255. Fractional ones are 0 to 1 if none of any part is larger, else 0 to
    255. Bits are 0 and 255.

    Raises BadDataError for what lies outside.
    """
    parts = list(parts)
    ends = [_range(name, images) for name, images in parts]
    fractional = [
        high for (_, images), high in zip(parts, ends, strict=True) if images.dtype.kind == "f"
    ]
    stretch = LARGEST if fractional and max(fractional) <= 1 + SLACK else 1
    return [
        _scaled(images, {"f": stretch, "b": LARGEST}.get(images.dtype.kind, 1))
        for _, images in parts
    ]


def _range(name: str, images: NDArray[Any]) -> float:
    """Return the largest value. Raises BadDataError unless all are from 0 to 255."""
    if images.dtype.kind == "b":
        return 1
    low, high = images.min().item(), images.max().item()
    if not (math.isfinite(low) and math.isfinite(high)):
        place = tuple(int(i) + 1 for i in np.argwhere(~np.isfinite(images))[0])
        raise BadDataError(
            name, f"{name} have a value that is no number (NaN or infinite), in image {place[0]:,}"
        )
    if low < -SLACK or high > LARGEST * (1 + SLACK):
        raise BadDataError(
            name,
            f"{name} run from {low} to {high}; they must be from 0 (ground) to 255 (ink), "
            "or fractions from 0 to 1",
        )
    return float(high)


def _scaled(images: NDArray[Any], factor: int) -> NDArray[np.uint8]:
    """Return the images times a factor, rounded; a block at a time, as floats take more memory."""
    if images.dtype == np.uint8:
        return images
    scaled = np.empty(images.shape, np.uint8)
    step = max(1, BLOCK // math.prod(images.shape[1:]))
    for start in range(0, len(images), step):
        block = images[start : start + step] * np.float64(factor)
        scaled[start : start + step] = np.rint(block).clip(0, LARGEST)
    return scaled
