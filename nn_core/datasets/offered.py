"""Offered files: an .npz, a CSV, or the IDX files of a data set, whatever they are called.

Several files may come together, or in a zip, gzipped or not: they are unpacked into a scratch
directory first, and no more of them than is allowed. What a file is, its first bytes say.
"""

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nn_core.datasets.csv_file import read_csv
from nn_core.datasets.errors import BadDataError, DatasetError, TooLargeError
from nn_core.datasets.idx import GZIPPED, map_idx, unpacked
from nn_core.datasets.labels import Labels, labels_in
from nn_core.datasets.limits import UploadLimits
from nn_core.datasets.npz import read_npz
from nn_core.datasets.offered_file import Offered
from nn_core.datasets.zips import STARTS, open_zip

NPY = b"\x93NUMPY"
FOREIGN = {
    b"\x89HDF": "an HDF5 file",
    b"PAR1": "a Parquet file",
    b"MATLAB 5.0": "a MATLAB file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"SQLite format 3": "a database",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"<": "a web page or XML",
    b"{": "JSON",
    b"BZh": "packed with bzip2",
    b"\xfd7zXZ": "packed with xz",
}
"""What other files begin with, and what they are: they are not read."""

WANTED = "one .npz, one CSV, or the IDX files with images and labels"


class Part(NamedTuple):
    """Images and labels: all there are, or those to train with, or those to test with."""

    name: str  # of the images, for errors
    images: NDArray[Any]  # of shape (images, rows, columns) or (images, pixels)
    labels: Labels


class Content(NamedTuple):
    """What was offered: one part, or that to train with and that to test with."""

    parts: list[Part]
    notes: tuple[str, ...] = ()  # on how it was read, for its owner


def read_offered(files: Sequence[Offered], scratch: Path, limits: UploadLimits) -> Content:
    """Return what is in the files. ``scratch`` is a directory to unpack to, as long as it is used.

    Raises BadDataError and TooLargeError.
    """
    files = _Unpacking(scratch, limits.unpacked_bytes).of(files)
    idx = [file for file in files if _is_idx(_start(file))]
    if idx:
        return Content(_read_idx(idx, limits))
    if len(files) > 1:
        raise BadDataError("file", f"there are {_names(files)}: send {WANTED}")
    return _read_one(files[0], limits)


def _read_one(file: Offered, limits: UploadLimits) -> Content:
    """Return what is in a file that is neither packed nor IDX."""
    start = _start(file)
    if not start:
        raise BadDataError("file", "the file is empty")
    if start.startswith(NPY):
        raise BadDataError(
            "file", "this is a single array: save images and labels together, with numpy.savez"
        )
    for beginning, what in FOREIGN.items():
        if start.startswith(beginning):
            raise BadDataError("file", f"this is {what}, which is not read: send {WANTED}")
    if start.startswith(STARTS):
        parts = read_npz(file.path, limits)
        return Content([Part(*part) for part in parts])
    images, labels, notes = read_csv(file.path, limits)
    return Content([Part("file", images, labels)], notes)


def _start(file: Offered) -> bytes:
    with file.path.open("rb") as opened:
        return opened.read(16)


def _is_idx(start: bytes) -> bool:
    """Return whether that begins an IDX file: two zeros, a type, a number of dimensions."""
    return start[:2] == b"\0\0" and start[2:3] in b"\x08\x09\x0b\x0c\x0d\x0e" and len(start) > 3  # noqa: PLR2004


def _names(files: Iterable[Offered]) -> str:
    """Return the names of files, for a sentence."""
    names = [file.name for file in files]
    more = f" and {len(names) - 5:,} more" if len(names) > 5 else ""  # noqa: PLR2004
    return f"{len(names)} files ({', '.join(names[:5])}{more})"


# What is packed


class _Unpacking:
    """Unpacks zips and gzipped files, all of them together to so many bytes at most."""

    def __init__(self, scratch: Path, max_bytes: int) -> None:
        self.scratch = scratch
        self.left = max_bytes
        self.made = 0

    def of(self, files: Iterable[Offered]) -> list[Offered]:
        """Return the files, and instead of those that are packed what is in them."""
        opened = [inner for file in files for inner in self._unzipped(file)]
        return [self._gunzipped(file) for file in opened]

    def _unzipped(self, file: Offered) -> list[Offered]:
        """Return what is in a zip, unless that is an .npz."""
        if not _start(file).startswith(STARTS):
            return [file]
        with open_zip(file.path, self.left) as archive:
            members = [
                (member, name)
                for member in archive.infolist()
                if not member.is_dir() and not _is_hidden(name := PurePosixPath(member.filename))
            ]
            if not members or any(name.suffix == ".npy" for _, name in members):
                return [file]
            _refuse_foreign([str(name) for _, name in members])
            found = []
            for member, name in members:
                path = self._new_path()
                with archive.open(member) as packed, path.open("wb") as unpacked_file:
                    shutil.copyfileobj(packed, unpacked_file)
                self.left -= path.stat().st_size
                found.append(Offered(name.name, path))
        return [one for one in found if _is_data(one)] or found

    def _gunzipped(self, file: Offered) -> Offered:
        """Return a file as it was before it was gzipped."""
        if not _start(file).startswith(GZIPPED):
            return file
        path = self._new_path()
        try:
            with path.open("wb") as opened:
                for block in unpacked(file.path, Path(file.name), self.left):
                    opened.write(block)
        except TooLargeError:
            raise
        except DatasetError as error:
            raise BadDataError("file", str(error)) from error
        self.left -= path.stat().st_size
        return Offered(file.name.removesuffix(".gz"), path)

    def _new_path(self) -> Path:
        self.made += 1
        return self.scratch / f"unpacked-{self.made}"


def _is_data(file: Offered) -> bool:
    """Return whether it is no README that lies beside the data."""
    start = _start(file)
    named = file.name.lower().endswith((".csv", ".tsv", ".npz"))
    return named or _is_idx(start) or start.startswith(GZIPPED)


def _is_hidden(name: PurePosixPath) -> bool:
    """Return whether it is what a Mac adds to a zip."""
    return name.name.startswith(".") or "__MACOSX" in name.parts


def _refuse_foreign(members: list[str]) -> None:
    """Raise BadDataError for a zip that another program calls a document of its own."""
    if "xl/workbook.xml" in members or "content.xml" in members:
        raise BadDataError("file", "this is a spreadsheet's own format: save the sheet as CSV")
    if any(name.endswith(".pkl") for name in members):
        raise BadDataError(
            "file", "there is a pickle in it, which is never loaded: save with numpy.savez"
        )


# IDX files


def _read_idx(files: Sequence[Offered], limits: UploadLimits) -> list[Part]:
    """Return the parts of a data set that comes as two IDX files, or as four."""
    arrays = {file: _map(file) for file in files}
    images = [file for file, array in arrays.items() if array.ndim > 1]
    labels = [file for file, array in arrays.items() if array.ndim == 1]
    limits.check_examples(sum(len(arrays[file]) for file in images))
    parts = [
        _pair(images_file, labels_file, arrays, limits.classes)
        for images_file, labels_file in _matched(images, labels)
    ]
    if len(parts) > 1 and _side(images[0]) == "test":
        parts.reverse()
    return parts


def _map(file: Offered) -> NDArray[np.uint8]:
    try:
        return map_idx(file.path, named=Path(file.name))
    except DatasetError as error:
        raise BadDataError("file", str(error)) from error


def _matched(images: list[Offered], labels: list[Offered]) -> list[tuple[Offered, Offered]]:
    """Return each file of images with that of its labels; their names say which is which."""
    if len(images) != len(labels) or len(images) > 2:  # noqa: PLR2004
        raise BadDataError(
            "file",
            f"there are {_names([*images, *labels])}: {len(images)} with images, {len(labels)} "
            "with labels; send an IDX file of images and that of their labels, or two of each",
        )
    if len(images) == 1:
        sides = {_side(images[0]), _side(labels[0])}
        if sides == {"train", "test"}:
            raise BadDataError(
                "file", f"{images[0].name} and {labels[0].name} do not belong together"
            )
        return [(images[0], labels[0])]
    by_side = {_side(file): file for file in labels}
    if {_side(file) for file in images} != {"train", "test"} or by_side.keys() != {"train", "test"}:
        raise BadDataError(
            "file",
            f"there are {_names([*images, *labels])}: of images and of labels, the name of one "
            'must have "train" in it and that of the other "t10k" or "test"',
        )
    return [(file, by_side[_side(file)]) for file in images]


def _side(file: Offered) -> str:
    """Return which part of a data set a file's name says it is."""
    name = file.name.lower()
    if "train" in name:
        return "train"
    return "test" if "t10k" in name or "test" in name else ""


def _pair(
    images: Offered, labels: Offered, arrays: dict[Offered, NDArray[np.uint8]], most_classes: int
) -> Part:
    counts = len(arrays[images]), len(arrays[labels])
    if counts[0] != counts[1]:
        raise BadDataError(
            "file",
            f"{counts[0]:,} images ({images.name}) and {counts[1]:,} labels ({labels.name})",
        )
    return Part("file", arrays[images], labels_in(arrays[labels], "file", most_classes))
