"""NPZ files of anybody's: images and labels, with nothing believed that the file says of itself.

An .npz is a zip archive of .npy files, one for each array. What is dangerous in one: an array of
Python objects is a pickle, which runs code when it is loaded; a small archive can unpack to more
than any memory holds; a header can claim any shape. So everything is bounded and checked before an
array is made, and pickles are never touched.
"""

import io
import math
import mmap
import struct
import tokenize
import zipfile
import zlib
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from nn_core.datasets.errors import BadDataError, TooLargeError

LAYOUTS = (
    ("images", "labels"),
    ("x", "y"),
    ("X", "y"),
    ("x_train", "y_train", "x_test", "y_test"),
)
"""The names that the arrays may have: images and labels, or the two parts of them, as in Keras."""

SIGNATURE = b"PK\1\2"  # of each entry in a zip archive's directory
MAX_MEMBERS = 100
MAX_HEADER = 4096  # bytes; NumPy writes 128
IMAGES, LABELS = "images", "labels"

BROKEN = (
    *(ValueError, KeyError, TypeError, OverflowError, EOFError, OSError, RuntimeError),
    *(SyntaxError, MemoryError, NotImplementedError, tokenize.TokenError, struct.error),
    *(zipfile.BadZipFile, zlib.error),
)
"""What NumPy and zipfile raise for a file that is broken, or made to break them."""


class Header(NamedTuple):
    """What an .npy file says of itself, checked against its size."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    fortran_order: bool
    offset: int  # of the elements


def read_npz(path: Path, max_bytes: int) -> list[NDArray[Any]]:
    """Return images and labels, or those to train with and those to test with, four arrays.

    Images are ``uint8`` of two or three dimensions, labels integers of any size, as many of them.
    ``max_bytes`` is what the archive may unpack to.

    Raises BadDataError, which names the array that is wrong, and TooLargeError.
    """
    try:
        _check_members(path)
        with zipfile.ZipFile(path) as archive:
            return _read_arrays(archive, max_bytes)
    except BROKEN as error:
        raise BadDataError("file", f"the .npz file is broken ({error})") from error


def _check_members(path: Path) -> None:
    """Count the members, at most too many, before zipfile makes an object of each."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        place = -1
        for _ in range(MAX_MEMBERS + 1):
            place = content.find(SIGNATURE, place + 1)
            if place < 0:
                return
    raise BadDataError("file", f"the .npz file has more than {MAX_MEMBERS} members")


def _read_arrays(archive: zipfile.ZipFile, max_bytes: int) -> list[NDArray[Any]]:
    """Read the arrays of the first layout that the archive has."""
    members = {info.filename.removesuffix(".npy"): info for info in archive.infolist()}
    unpacked = sum(info.file_size for info in archive.infolist())
    if unpacked > max_bytes:
        raise TooLargeError(
            f"the .npz file unpacks to {unpacked:,} bytes; {max_bytes:,} are allowed"
        )
    layout = next((names for names in LAYOUTS if members.keys() >= set(names)), None)
    if layout is None:
        wanted = "; or ".join(", ".join(names) for names in LAYOUTS)
        there = ", ".join(sorted(members)[:10]) or "none"
        raise BadDataError("file", f"the .npz file has the arrays {there}; it should have {wanted}")
    kinds = (IMAGES, LABELS) * 2
    headers = [
        _read_header(archive, members[name], name, kind)
        for name, kind in zip(layout, kinds, strict=False)
    ]
    for i in range(0, len(layout), 2):
        images, labels = headers[i], headers[i + 1]
        if images.shape[0] != labels.shape[0]:
            raise BadDataError(
                layout[i + 1],
                f"{labels.shape[0]:,} labels ({layout[i + 1]}) "
                f"for {images.shape[0]:,} images ({layout[i]})",
            )
    return [
        _read_elements(archive, members[name], header)
        for name, header in zip(layout, headers, strict=True)
    ]


def _read_header(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, kind: str) -> Header:
    """Read and check what stands before the elements of an array."""
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise BadDataError(name, f"{name} is packed in a way that NumPy does not use")
    with archive.open(member) as file:
        start = io.BytesIO(file.read(MAX_HEADER))
    try:
        version = npy.read_magic(start)
        read = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}[version]
        shape, fortran_order, dtype = read(start, max_header_size=MAX_HEADER)
    except BROKEN as error:
        raise BadDataError(name, f"{name} is no array as NumPy writes it ({error})") from error
    _check_kind(name, kind, shape, dtype)
    expected = start.tell() + math.prod(shape) * dtype.itemsize
    if min(shape) < 1 or member.file_size != expected:
        raise BadDataError(
            name,
            f"{name} says that its shape is {shape}, which would be {expected:,} bytes; "
            f"it has {member.file_size:,}",
        )
    return Header(shape, dtype, fortran_order, start.tell())


def _check_kind(name: str, kind: str, shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
    """Raise BadDataError unless this can be images, or labels."""
    if dtype.hasobject:
        raise BadDataError(
            name, f"{name} holds Python objects (a pickle), which are never loaded: save numbers"
        )
    if kind == IMAGES:
        if dtype != np.uint8:
            raise BadDataError(
                name, f"{name} are {dtype}; they must be uint8, from 0 (ground) to 255 (ink)"
            )
        if len(shape) not in (2, 3):
            raise BadDataError(
                name,
                f"{name} have the shape {shape}; it must be (images, rows, columns) "
                "or (images, pixels)",
            )
    else:
        if dtype.kind not in "iu":
            raise BadDataError(name, f"{name} are {dtype}; they must be whole numbers from 0")
        if len(shape) != 1:
            raise BadDataError(name, f"{name} have the shape {shape}; it must be (images,)")


def _read_elements(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, header: Header
) -> NDArray[Any]:
    """Read an array. zipfile gives no more bytes than the member declares, and checks their sum."""
    with archive.open(member) as file:
        file.read(header.offset)
        elements = file.read(member.file_size - header.offset)
        file.read(1)  # the end of the file: only then is the sum checked
    order: Literal["F", "C"] = "F" if header.fortran_order else "C"
    return np.frombuffer(elements, header.dtype).reshape(header.shape, order=order)
