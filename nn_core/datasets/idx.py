"""IDX files: the format that MNIST and its siblings come in.

Two zero bytes, one byte for the type of the elements (8: unsigned bytes), one for the number of
dimensions, then each dimension as a 32-bit big-endian integer, then the elements, the last
dimension fastest (described on MNIST's home page). Often gzipped.

An unpacked file is mapped into memory, not read: all processes share its pages. A gzipped one is
unpacked once, into a cache directory.
"""

import gzip
import hashlib
import math
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nn_core.datasets.errors import DatasetError, TooLargeError

UNSIGNED_BYTE = 8
GZIPPED = b"\x1f\x8b"  # what such a file begins with
MAX_DIMENSIONS = 3
MAX_BYTES = 2**31  # larger than any data set this project means to handle


def load_idx(path: Path, cache_dir: Path) -> NDArray[np.uint8]:
    """Return the array in an IDX file of unsigned bytes, gzipped or not, mapped into memory.

    Raises DatasetError, naming the file, if it can't be read, is cut short or too long, or is no
    IDX file.
    """
    try:
        with path.open("rb") as file:
            gzipped = file.read(2) == GZIPPED
        return _load_gzipped(path, cache_dir) if gzipped else map_idx(path, named=path)
    except OSError as error:
        raise DatasetError(f"{path}: can't be read ({error.strerror or error})") from error


def write_idx(path: Path, shape: tuple[int, ...], blocks: Iterable[NDArray[np.uint8]]) -> None:
    """Write an array, block by block, as an IDX file that is not gzipped: it is mapped as it is."""
    with path.open("wb") as file:
        file.write(idx_header(shape))
        for block in blocks:
            file.write(np.ascontiguousarray(block).data)


def idx_header(shape: tuple[int, ...]) -> bytes:
    """Return what stands before the elements in an IDX file of unsigned bytes."""
    return bytes([0, 0, UNSIGNED_BYTE, len(shape)]) + np.array(shape, ">u4").tobytes()


def _load_gzipped(path: Path, cache_dir: Path) -> NDArray[np.uint8]:
    """Map the unpacked copy of a gzipped file; one that has been damaged is made again."""
    copy = _copy_of(path, cache_dir)
    try:
        return map_idx(copy, named=path)
    except (DatasetError, OSError):  # there is none, or it is not what it was
        _unpack_to(copy, path)
        return map_idx(copy, named=path)


def map_idx(path: Path, named: Path) -> NDArray[np.uint8]:
    """Map an unpacked IDX file. Raises DatasetError, which speaks of the file ``named``."""
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(4)
        if len(start) < 4 or start[:2] != b"\0\0" or start[3] == 0:  # noqa: PLR2004
            raise DatasetError(
                f"{named}: not an IDX file (it starts with {start.hex(' ') or 'nothing'})"
            )
        if start[2] != UNSIGNED_BYTE:
            raise DatasetError(
                f"{named}: its elements are of type 0x{start[2]:02x}, not unsigned bytes (8)"
            )
        dimensions = start[3]
        if dimensions > MAX_DIMENSIONS:
            raise DatasetError(
                f"{named}: it has {dimensions} dimensions; images have 3 and labels 1"
            )
        lengths = file.read(4 * dimensions)
    if len(lengths) < 4 * dimensions:
        raise DatasetError(f"{named}: cut short, in the middle of its header")
    shape = tuple(int(length) for length in np.frombuffer(lengths, ">u4"))
    offset = 4 + 4 * dimensions
    expected = offset + math.prod(shape)
    if size != expected:
        what = "cut short" if size < expected else "too long"
        raise DatasetError(
            f"{named}: {what}, {size:,} bytes where its header {shape} promises {expected:,}"
        )
    if math.prod(shape) == 0:
        raise DatasetError(f"{named}: empty, its header says {shape}")
    # As a plain array, which is mapped all the same: NumPy's memmap class makes each access slower.
    return np.asarray(np.memmap(path, np.uint8, "r", offset, shape))


def _copy_of(path: Path, cache_dir: Path) -> Path:
    """Return where the unpacked copy of a gzipped file is, or will be.

    It is named by a digest of the gzipped bytes: a file that changes gets a new one.
    """
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return cache_dir / f"{path.name.removesuffix('.gz')}-{digest[:16]}"


def _unpack_to(copy: Path, path: Path) -> None:
    """Unpack a gzipped file, under another name first, so that nobody ever sees half of it."""
    try:
        copy.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=copy.parent) as scratch:
            part = Path(scratch) / copy.name
            with part.open("wb") as file:
                for block in unpacked(path, named=path):
                    file.write(block)
            part.replace(copy)
    except OSError as error:
        raise DatasetError(
            f"{copy.parent}: {path.name} can't be unpacked there ({error.strerror or error})"
        ) from error


def unpacked(path: Path, named: Path, max_bytes: int = MAX_BYTES) -> Iterator[bytes]:
    """Yield the unpacked bytes of a gzipped file, block by block, and no more than ``max_bytes``.

    Raises TooLargeError and DatasetError, which speak of the file ``named``.
    """
    done = 0
    try:
        with gzip.open(path, "rb") as packed:
            while block := packed.read(2**20):
                done += len(block)
                if done > max_bytes:
                    raise TooLargeError(
                        f"{named}: unpacks to more than {max_bytes:,} bytes, which are allowed"
                    )
                yield block
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DatasetError(f"{named}: its gzip data is cut short or broken ({error})") from error
