"""IDX files for tests: their bytes, and whether an array is mapped from one."""

import numpy as np


def idx(array: np.ndarray) -> bytes:
    """Return the bytes of an IDX file of unsigned bytes, with this array in it."""
    lengths = b"".join(length.to_bytes(4, "big") for length in array.shape)
    return bytes([0, 0, 8, array.ndim]) + lengths + array.astype(np.uint8).tobytes()


def is_mapped(array: np.ndarray) -> bool:
    """Return whether it is a view of a mapped file, however many views there are between."""
    base: object = array
    while isinstance(base, np.ndarray) and not isinstance(base, np.memmap):
        base = base.base
    return isinstance(base, np.memmap)
