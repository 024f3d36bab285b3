"""CSV files of anybody's: a line for each image, its label and its pixels.

They are read as spreadsheets, pandas and NumPy write them: ``csv_rows`` finds out how the file is
written, ``csv_columns`` which column is what. Whatever can't be read is told with its line and its
column.
"""

import itertools
import re
from array import array
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nn_core.datasets.csv_columns import (
    Column,
    called,
    decide,
    is_heading,
    label_in,
    may_be_indexes,
)
from nn_core.datasets.csv_rows import MISSING_MARK, WESTERN, Row, Style, rows, style_of
from nn_core.datasets.errors import BadDataError, TooLargeError
from nn_core.datasets.labels import Labels, class_name
from nn_core.datasets.limits import UploadLimits
from nn_core.datasets.pixels import LARGEST
from nn_core.datasets.written_numbers import read_number, shown

FIELD = 32  # characters that a pixel may take, with what separates it from the next
MORE_FIELDS = 100  # in a line than pixels: label, index, empty ones at the end
MOST_DIFFERENT = 2**18  # texts in a column that may hold labels
REMEMBERED = 2**16  # ways to write a pixel
PLAIN = re.compile(r"[0-9.eE+-]*")  # no comma, no NaN: what Python and a CSV read alike


class CsvTable(NamedTuple):
    """What a CSV holds."""

    images: NDArray[Any]  # uint8, or float32 where there are fractions; (images, pixels)
    labels: Labels
    notes: tuple[str, ...]  # what was not plain, for its owner


def read_csv(path: Path, limits: UploadLimits) -> CsvTable:
    """Return the images and labels of a CSV, and what to tell of how they were found.

    Raises BadDataError, with the line and the column of the first thing that is wrong, and
    TooLargeError.
    """
    longest_line = FIELD * (limits.pixels + MORE_FIELDS)
    try:
        style = style_of(path, longest_line)
        return _read(rows(path, style, longest_line, limits.seconds), style, limits)
    except UnicodeDecodeError as error:
        raise BadDataError("file", f"this is no CSV: its text is broken ({error})") from error


def _read(lines: Iterable[Row], style: Style, limits: UploadLimits) -> CsvTable:
    """Read all lines, then decide what the columns are that may be more than one thing."""
    lines = iter(lines)
    start = list(itertools.islice(lines, 2))
    heading = _strip_hash(start.pop(0).fields) if start and is_heading(start[0].fields) else None
    first = next(iter(start), None) or next(lines, None)
    if first is None:
        raise BadDataError("file", "there are no lines of numbers in it")
    width = max(_filled(first.fields), _filled(heading or []))
    if width - 1 > limits.pixels + MORE_FIELDS:
        raise TooLargeError(f"the images have {width:,} values each; {limits.pixels:,} are allowed")
    if heading is not None and len(heading) < width:
        raise BadDataError("file", _wrong_length(first, len(heading), style))
    heading = heading[:width] if heading else None
    table = _Table(heading, width, style)
    for count, row in enumerate(itertools.chain(start or [first], lines), 1):
        limits.check_examples(count)
        table.add(row)
    return table.finish()


class _Table:
    """The lines read so far: pixels, and apart from them the columns that may be no pixels."""

    def __init__(self, heading: list[str] | None, width: int, style: Style) -> None:
        self.heading = heading
        self.width = width
        self.style = style
        self.apart = {column: Column() for column in _may_be_no_pixels(heading, width)}
        self.numbers = _Numbers()
        self.pixels: bytearray | array[float] = bytearray()  # floats from the first fraction on

    def add(self, row: Row) -> None:
        """Add a line. Raises BadDataError for what is wrong with it."""
        line, fields = row
        if len(fields) != self.width:
            if len(fields) < self.width or any(fields[self.width :]):
                raise BadDataError("file", _wrong_length(row, self.width, self.style))
            del fields[self.width :]
        for place, (column, texts) in enumerate(self.apart.items()):
            texts.add(fields.pop(column - place), line)
            if len(texts.texts) > MOST_DIFFERENT:
                raise TooLargeError(
                    f"{called(column, self.heading)} has more than {MOST_DIFFERENT:,} different "
                    "values"
                )
        try:
            self._add_pixels(fields)
        except _NoPixelError as error:
            place = fields.index(error.text)
            inner = [column for column in range(self.width) if column not in self.apart]
            raise self._no_pixel(line, inner[place], error.text) from error

    def _add_pixels(self, fields: list[str]) -> None:
        """Add the pixels of a line; a fraction turns all of them into floats."""
        if isinstance(self.pixels, bytearray):
            try:
                self.pixels.extend(map(self.numbers.__getitem__, fields))  # type: ignore[arg-type]
            except TypeError:  # a float is no byte
                self.pixels = array("f", np.frombuffer(self.pixels, np.uint8).astype("f").tobytes())
            else:
                return
        self.pixels.extend(_plain_fractions(fields) or map(self.numbers.__getitem__, fields))

    def finish(self) -> CsvTable:
        """Return images and labels, once it is known which column is what."""
        count = len(next(iter(self.apart.values())).codes)
        dtype = np.uint8 if isinstance(self.pixels, bytearray) else np.float32
        inner = np.array(self.pixels, dtype).reshape(count, self.width - len(self.apart))
        if self.width < 2:  # noqa: PLR2004
            raise BadDataError(
                "file", "each line has one value only; it should be the label, then the pixels"
            )
        brightest = float(inner.max(initial=0))
        label, left_out, notes = decide(self.heading, self.apart, self.width, brightest)
        labels = self._labels(label)
        others = {
            column: self._column_of_pixels(column)
            for column in self.apart
            if column != label and column not in left_out
        }
        images = self._together(inner, others) if others else inner
        return CsvTable(images, labels, (*notes, *self._note_on_encoding(labels)))

    def _labels(self, column: int) -> Labels:
        """Return the column of labels. Raises BadDataError for what can't be one."""
        texts = self.apart[column]
        for text, line in zip(texts.texts, texts.lines, strict=True):
            try:
                class_name(text)
            except ValueError as error:
                raise self._fault(line, column, str(error)) from error
        return Labels(list(texts.texts), texts.array())

    def _column_of_pixels(self, column: int) -> NDArray[np.float32]:
        """Return a column that might have been something else. Raises BadDataError."""
        texts = self.apart[column]
        numbers = np.empty(len(texts.texts), np.float32)
        for i, (text, line) in enumerate(zip(texts.texts, texts.lines, strict=True)):
            try:
                numbers[i] = self.numbers[text]
            except _NoPixelError as error:
                raise self._no_pixel(line, column, text) from error
        return numbers[texts.array()]

    def _together(
        self, inner: NDArray[Any], others: dict[int, NDArray[np.float32]]
    ) -> NDArray[Any]:
        """Return all pixels, each column at its place."""
        columns = sorted({*range(self.width)} - self.apart.keys() | others.keys())
        whole = inner.dtype == np.uint8 and all(
            bool((column == np.rint(column)).all()) for column in others.values()
        )
        images = np.empty((len(inner), len(columns)), np.uint8 if whole else np.float32)
        images[:, [column not in others for column in columns]] = inner
        for column, values in others.items():
            images[:, columns.index(column)] = values
        return images

    def _no_pixel(self, line: int, column: int, text: str) -> BadDataError:
        what = f"{shown(text)} is not" if text.strip() else "there is nothing; it needs"
        return self._fault(line, column, f"{what} a whole number from 0 to {LARGEST}")

    def _fault(self, line: int, column: int, what: str) -> BadDataError:
        name = self.heading[column].strip() if self.heading else ""
        heading = f" (the column is called {shown(name)})" if name else ""
        return BadDataError("file", f"line {line}, column {column + 1}: {what}{heading}")

    def _note_on_encoding(self, labels: Labels) -> list[str]:
        guessed = self.style.encoding == WESTERN and not all(map(str.isascii, labels.texts))
        return [
            "the file is not UTF-8: the names of its classes were read as Windows-1252 (Latin-1)"
        ] * guessed


class _NoPixelError(ValueError):
    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class _Numbers(dict[str, float]):
    """The pixel that each text stands for; what is a whole number is an ``int``.

    Nearly all texts come again and again: each is read once.
    """

    def __missing__(self, text: str) -> float:
        number = read_number(text)
        if number is None or not 0 <= number <= LARGEST:
            raise _NoPixelError(text)
        if len(self) < REMEMBERED:
            self[text] = number
        return number


def _plain_fractions(fields: list[str]) -> list[float] | None:
    """Return the pixels of a line as Python reads them, if that is how they are written.

    It takes a tenth of the time: of fractions, nearly all texts are different.
    """
    if not PLAIN.fullmatch("".join(fields)):
        return None
    try:
        numbers = list(map(float, fields))
    except ValueError:
        return None
    return numbers if numbers and min(numbers) >= 0 and max(numbers) <= LARGEST else None


def _may_be_no_pixels(heading: list[str] | None, width: int) -> list[int]:
    """Return the columns that may be a label or an index, in order."""
    columns = {0, 1, width - 1}
    if heading:
        for index in may_be_indexes(heading):  # beside it is the first column then, or the last
            columns |= {index - 1, index, index + 1}
        label = label_in(heading)
        columns |= set() if label is None else {label}
    return sorted(column for column in columns if 0 <= column < width)


def _wrong_length(row: Row, width: int, style: Style) -> str:
    """Say that a line has too few fields, or too many."""
    count = len(row.fields)
    wrong = abs(width - count)
    if count < width:
        what = "a field is missing" if wrong == 1 else f"{wrong:,} fields are missing"
    else:
        what = "there is a field too many" if wrong == 1 else f"there are {wrong:,} fields too many"
    return (
        f"the columns are separated by {style.separators}, but {what} in line {row.line}: "
        f"line {row.line} has {count:,} value{'s' * (count != 1)}; those before it have {width:,}"
        + (MISSING_MARK if any("\n" in field for field in row.fields) else "")
    )


def _filled(fields: Sequence[str]) -> int:
    """Return how many fields there are without the empty ones at the end."""
    count = len(fields)
    while count and not fields[count - 1].strip():
        count -= 1
    return count


def _strip_hash(heading: list[str]) -> list[str]:
    """Return a heading without the # that NumPy puts before it."""
    return [heading[0].lstrip("# "), *heading[1:]]
