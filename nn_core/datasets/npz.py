"""NPZ files of anybody's: images and labels, with nothing believed that the file says of itself.

An .npz is a zip archive of .npy files, one for each array. What is dangerous in one: an array of
Python objects is a pickle, which runs code when it is loaded; a small archive can unpack to more
than any memory holds; a header can claim any shape. So everything is bounded and checked before an
array is made, and pickles are never touched.
"""

import io
import math
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from nn_core.datasets.errors import BadDataError
from nn_core.datasets.labels import Labels, labels_in
from nn_core.datasets.limits import UploadLimits
from nn_core.datasets.zips import BROKEN, open_zip

IMAGES, LABELS = "images", "labels"
NAMES = {
    IMAGES: ("images", "image", "x", "data", "imgs", "img", "pixels", "features", "inputs"),
    LABELS: ("labels", "label", "y", "target", "targets", "classes", "class"),
}
"""What an array may be called, the likeliest first, in large letters or small ones."""

PARTS = {"train": "train", "training": "train", "test": "test", "testing": "test", "": "all"}
"""What may stand before or behind that: x_train, test_labels."""

SIDE = "train(?:ing)?|test(?:ing)?|"
KNOWN = "|".join((*NAMES[IMAGES], *NAMES[LABELS]))
NAME = re.compile(
    rf"(?P<before>{SIDE})[ _.-]*(?P<name>{KNOWN})[ _.-]*(?P<behind>{SIDE})", re.IGNORECASE
)
UNNAMED = ("arr_0", "arr_1")  # what numpy.savez(file, images, labels) makes
WANTED = "images and labels (or x and y, data and target), or x_train, y_train, x_test and y_test"

MAX_HEADER = 4096  # bytes; NumPy writes 128


class Header(NamedTuple):
    """What an .npy file says of itself, checked against its size."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    fortran_order: bool
    offset: int  # of the elements


class NpzPart(NamedTuple):
    """Images, as they are in the file, what their array is called there, and their labels."""

    name: str
    images: NDArray[Any]  # of shape (images, rows, columns) or (images, pixels)
    labels: Labels


def read_npz(path: Path, limits: UploadLimits) -> list[NpzPart]:
    """Return the images and labels, or those to train with and those to test with.

    Raises BadDataError, which names the array that is wrong, and TooLargeError.
    """
    with open_zip(path, limits.unpacked_bytes) as archive:
        members = {info.filename.removesuffix(".npy"): info for info in archive.infolist()}
        pairs = _pairs(list(members))
        headers = [
            (
                _read_header(archive, members[images], images, IMAGES),
                _read_header(archive, members[labels], labels, LABELS),
            )
            for images, labels in pairs
        ]
        for (images, labels), (of_images, of_labels) in zip(pairs, headers, strict=True):
            if of_images.shape[0] != of_labels.shape[0]:
                raise BadDataError(
                    labels,
                    f"{of_labels.shape[0]:,} labels ({labels}) "
                    f"for {of_images.shape[0]:,} images ({images}): "
                    f"the shape of {labels} is {of_labels.shape}",
                )
        limits.check_examples(sum(of_images.shape[0] for of_images, _ in headers))
        return [
            NpzPart(
                images,
                _without_channel(_read_elements(archive, members[images], of_images)),
                labels_in(
                    _read_elements(archive, members[labels], of_labels), labels, limits.classes
                ),
            )
            for (images, labels), (of_images, of_labels) in zip(pairs, headers, strict=True)
        ]


def _pairs(names: Sequence[str]) -> list[tuple[str, str]]:
    """Return the names of images and labels: one pair, or that to train with and that to test."""
    if set(names) == set(UNNAMED):
        return [UNNAMED]
    found = _roles(names)
    for parts in (("all",), ("train", "test")):
        wanted = [(kind, part) for part in parts for kind in (IMAGES, LABELS)]
        if all(role in found for role in wanted):
            return [(found[IMAGES, part], found[LABELS, part]) for part in parts]
    there = ", ".join(sorted(names)[:10]) or "none"
    raise BadDataError("file", f"the .npz file has the arrays {there}; it should have {WANTED}")


def _roles(names: Sequence[str]) -> Mapping[tuple[str, str], str]:
    """Return the likeliest array for each kind and part of a data set."""
    best: dict[tuple[str, str], tuple[int, str]] = {}
    for array in names:
        match = NAME.fullmatch(array)
        if match is None or (match["before"] and match["behind"]):
            continue
        name = match["name"].lower()
        kind = IMAGES if name in NAMES[IMAGES] else LABELS
        part = PARTS[(match["before"] or match["behind"]).lower()]
        ranked = (NAMES[kind].index(name), array)
        best[kind, part] = min(ranked, best.get((kind, part), ranked))
    return {role: array for role, (_, array) in best.items()}


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
            name,
            f"{name} holds Python objects (a pickle), which are never loaded: save numbers; "
            f"labels that are words with {name}.astype(str)",
        )
    if kind == IMAGES:
        if dtype.kind not in "buif":
            raise BadDataError(
                name, f"{name} are {dtype}; they must be numbers, from 0 (ground) to 255 (ink)"
            )
        colours = len(shape) == 4 and 1 not in (shape[1], shape[3])  # noqa: PLR2004
        if colours or len(shape) not in (2, 3, 4):
            raise BadDataError(
                name,
                f"{name} have the shape {shape}; it must be (images, rows, columns) "
                "or (images, pixels), without colours",
            )
    else:
        if dtype.kind not in "buifUS":
            raise BadDataError(name, f"{name} are {dtype}; they must be whole numbers or words")
        if len(shape) not in (1, 2):
            raise BadDataError(
                name,
                f"{name} have the shape {shape}; it must be (images,), (images, 1), "
                "or (images, classes) for one-hot labels",
            )


def _without_channel(images: NDArray[Any]) -> NDArray[Any]:
    """Return images without the axis of their only colour, last or first."""
    if images.ndim < 4:  # noqa: PLR2004
        return images
    return images[:, :, :, 0] if images.shape[3] == 1 else images[:, 0]


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
