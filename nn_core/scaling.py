"""A picture gets another size: each new pixel is a weighted mean of the old ones under it.

Rows and columns are scaled one after the other. For each there is a matrix of shares, of shape
(new, old), whose rows sum to 1: how much of each old pixel goes into each new one.
"""

from functools import lru_cache

import numpy as np

from nn_core.parameters import FloatArray


def resize(image: FloatArray, rows: int, columns: int) -> FloatArray:
    """Scale an image smoothly, anti-aliased."""
    return _smooth(image.shape[0], rows) @ image @ _smooth(image.shape[1], columns).T


def resize_by_area(image: FloatArray, rows: int, columns: int) -> FloatArray:
    """Scale an image so that one that was enlarged by whole numbers gives itself again.

    Where it shrinks, a new pixel is the mean of exactly the area that it covers.
    """
    down, across = (
        _area(old, new) if old > new else _smooth(old, new)
        for old, new in zip(image.shape, (rows, columns), strict=True)
    )
    return down @ image @ across.T


@lru_cache(maxsize=32)  # drawings of one pad come one after the other
def _smooth(old: int, new: int) -> FloatArray:
    """Return shares that fall off linearly with the distance (a triangle filter).

    They do so over the width of one new pixel where the image shrinks, and of one old pixel where
    it grows.
    """
    scale = old / new
    width = max(scale, 1)
    centres = (np.arange(new) + 0.5) * scale
    distance = np.abs(centres[:, None] - (np.arange(old) + 0.5)) / width
    share = np.maximum(0, 1 - distance)
    share /= share.sum(axis=1, keepdims=True)
    return share.astype(np.float32)


@lru_cache(maxsize=32)
def _area(old: int, new: int) -> FloatArray:
    """Return shares as large as the part of a new pixel that each old one covers."""
    edges = np.arange(new + 1) * (old / new)  # of the new pixels, measured in old ones
    first, end = edges[:-1, None], edges[1:, None]
    pixel = np.arange(old)
    covered = np.minimum(end, pixel + 1) - np.maximum(first, pixel)
    return np.maximum(0, covered) * (new / old)
