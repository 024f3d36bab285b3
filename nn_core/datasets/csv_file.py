"""CSV files of anybody's: a line for each image, first its label, then its pixels, 0 to 255.

NumPy's own reader is fast and says little of what is wrong; so what it refuses is read once more,
slowly, to name the line and the column.
"""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nn_core.datasets.errors import BadDataError

NOT_PLAIN = re.compile(r'[^0-9, \t\n"]')  # what a line of numbers from 0 to 255 does not have
LARGEST = 255
USUAL = frozenset(map(str, range(LARGEST + 1)))  # how nearly every value is written


def read_csv(path: Path) -> list[NDArray[np.uint8]]:
    """Return images, shape (images, pixels), and labels, shape (images,), as bytes.

    A first line that begins with a word is a heading, and left out.

    Raises BadDataError, with the line and the column of the first thing that is wrong.
    """
    try:
        heading = _heading(path)
        table = _read_fast(path, skip=int(heading is not None))
        if table is None or (heading is not None and len(heading) != table.shape[1]):
            raise BadDataError("file", _fault(path, heading))
    except UnicodeDecodeError as error:
        raise BadDataError(
            "file", "this is neither an .npz file nor a CSV: it is no text"
        ) from error
    if table.shape[1] < 2:  # noqa: PLR2004 - a label and a pixel
        raise BadDataError(
            "file", "each line has one value only; it should be the label, then the pixels"
        )
    return [table[:, 1:], table[:, 0]]


def _heading(path: Path) -> list[str] | None:
    """Return the first line if it begins with a word, not with a number or with nothing."""
    with path.open(encoding="utf-8-sig") as file:
        first = file.readline().rstrip("\n").split(",")
    try:
        float(first[0].strip('" ') or "0")
    except ValueError:
        return first
    return None


def _read_fast(path: Path, skip: int) -> NDArray[np.uint8] | None:
    """Return the table, or None if there is anything but whole numbers from 0 to 255 in it."""
    empty = True
    with path.open(encoding="utf-8-sig") as text:
        for _ in range(skip):
            text.readline()
        while block := text.read(2**20):
            if NOT_PLAIN.search(block):
                return None
            empty = empty and block.isspace()
    if empty:
        return None
    try:
        with path.open(encoding="utf-8-sig") as text:
            return np.loadtxt(
                text, np.uint8, comments=None, delimiter=",", skiprows=skip, ndmin=2, quotechar='"'
            )
    except ValueError:
        return None


def _fault(path: Path, heading: list[str] | None) -> str:
    """Say what is wrong first, and where."""
    length = len(heading) if heading else None
    lines = _rows(path)
    try:
        if heading:
            next(lines)
        line = None
        for line, row in lines:
            length = length or len(row)
            if len(row) != length:
                return f"line {line} has {len(row):,} values; those before it have {length:,}"
            if USUAL.issuperset(row):
                continue
            for column, text in enumerate(row, 1):
                if not _is_byte(text):
                    what = f"{text[:20]!r} is not" if text.strip() else "there is nothing; it needs"
                    return (
                        f"line {line}, column {column}: {what} a whole number from 0 to {LARGEST}"
                    )
    except csv.Error as error:
        return f"this is no CSV ({error})"
    return "there are no lines of numbers in it" if line is None else "this is no CSV"


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield each line that is not empty, with its number."""
    with path.open(encoding="utf-8-sig") as file:
        reader = csv.reader(file)
        for row in reader:
            if row:
                yield reader.line_num, row


def _is_byte(text: str) -> bool:
    text = text.strip()
    return text.isascii() and text.isdecimal() and len(text) < 10 and int(text) <= LARGEST  # noqa: PLR2004
