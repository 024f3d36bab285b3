"""Which column of a CSV is what: the label, an index that only counts, or a pixel.

The heading says it. Without one, the first and the last column are looked at: classes are few
numbers from 0 or 1, each of them often, or words; a pixel in a corner is nearly always 0.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nn_core.datasets.errors import BadDataError
from nn_core.datasets.labels import count_classes
from nn_core.datasets.written_numbers import read_number

LABEL_NAMES = (
    *("label", "labels", "class", "classes", "target", "targets", "y", "digit", "digits"),
    *("category", "letter", "character", "classname", "labelname", "ytrain", "ytest", "truth"),
)
"""The headings of a label's column, in small letters only."""

INDEX_NAMES = frozenset(
    {"index", "idx", "id", "imageid", "rowid", "row", "no", "nr", "number", "n"}
    | {"file", "filename", "path", "imagename"}
)
UNNAMED = re.compile(r"(unnamed: ?\d+(\.\d+)?|rownames?)?")  # as pandas and R call an index
FEW = 20  # lines, which say little of what a column holds
COUNTING_HEADING = 17  # numbers: a label and 4×4 pixels. Fewer may be an image.


class Column:
    """A column that may hold labels: each different text once, and which each line has."""

    def __init__(self) -> None:
        self.texts: dict[str, int] = {}  # each with its number, in the order in which they come
        self.lines: list[int] = []  # where each first stands
        self.codes: list[int] = []  # the number of each line's text

    def add(self, text: str, line: int) -> None:
        """Add what stands in the next line."""
        code = self.texts.setdefault(text, len(self.texts))
        if code == len(self.lines):
            self.lines.append(line)
        self.codes.append(code)

    @property
    def is_constant(self) -> bool:
        """Return whether each line has the same."""
        return len(self.texts) == 1

    @property
    def never_repeats(self) -> bool:
        """Return whether no two lines have the same."""
        return len(self.texts) == len(self.codes)

    @property
    def counts(self) -> bool:
        """Return whether it holds whole numbers, each one more than that above it."""
        numbers = [read_number(text) for text in self.texts]
        first = numbers[0]
        return (
            self.never_repeats
            and isinstance(first, int)
            and numbers == list(range(first, first + len(numbers)))
        )

    def array(self) -> NDArray[np.intp]:
        """Return the codes as an array."""
        return np.array(self.codes, np.intp)


class Columns(NamedTuple):
    """What the columns that are no pixels for certain turned out to be."""

    label: int
    left_out: tuple[int, ...]
    notes: tuple[str, ...]


# The heading


def is_heading(fields: Sequence[str]) -> bool:
    """Return whether a first line says what the columns are, and is no image itself."""
    if any(len(name) > 1 and name in LABEL_NAMES for name in map(_plain, fields)):
        return True  # a single letter may be a label itself
    words = [field for field in fields if field.strip() and read_number(field) is None]
    if 2 * len(words) > len(fields):
        return True
    if len(fields) >= COUNTING_HEADING and _count_on(fields):
        return True  # as pandas numbers columns that have no names
    return (
        len(fields) > 3  # noqa: PLR2004
        and any(
            read_number(one) is None and _count_on(others)
            for one, others in ((fields[0], fields[1:]), (fields[-1], fields[:-1]))
        )
    )


def label_in(heading: Sequence[str]) -> int | None:
    """Return the column that the heading calls the label; None if it calls none so.

    Raises BadDataError if it calls several so: one-hot labels, for example.
    """
    names = [_plain(field) for field in heading]
    exact = [i for i, name in enumerate(names) if name in LABEL_NAMES]
    alike = [
        i
        for i, field in enumerate(heading)
        if {"label", "class", "target"} & set(re.split(r"[^a-z]+", field.lower()))
    ]
    found = [i for i in exact if len(names[i]) > 1] or exact or alike
    if len(found) > 1:
        columns = ", ".join(heading[i].strip() for i in found[:5]) + ", …" * (len(found) > 5)  # noqa: PLR2004
        raise BadDataError(
            "file",
            f"the heading calls {len(found)} columns a label ({columns}): the label must be in one",
        )
    return found[0] if found else None


def may_be_indexes(heading: Sequence[str]) -> list[int]:
    """Return the columns that the heading calls an index, and the first ones without a name."""
    named = [i for i, field in enumerate(heading) if _plain(field) in INDEX_NAMES]
    unnamed = 0
    while unnamed < len(heading) and UNNAMED.fullmatch(heading[unnamed].strip().lower()):
        unnamed += 1
    if unnamed == len(heading):
        unnamed = 0
    return sorted({*named, *range(unnamed)})


def called(column: int, heading: Sequence[str] | None) -> str:
    """Return what to call a column in a sentence."""
    name = heading[column].strip() if heading else ""
    return f"column {column + 1}" + (f" ({name[:40]})" if name else "")


def _plain(field: str) -> str:
    """Return the letters of a heading's field, and any digits: "# Image_ID" is imageid."""
    return re.sub(r"[\W_]+", "", field.lower())


def _count_on(fields: Sequence[str]) -> bool:
    """Return whether these are numbers from 0 or 1, each one more than the last, or nothing."""
    return any(
        all(field.strip() in (str(i), "") for i, field in enumerate(fields, start))
        for start in (0, 1)
    ) and any(field.strip() for field in fields)


# What the columns hold


def decide(
    heading: Sequence[str] | None, columns: Mapping[int, Column], width: int, brightest: float
) -> Columns:
    """Decide which of the columns is the label, and which are left out.

    ``columns`` are those that may be; ``width`` is how many there are in all; ``brightest`` is the
    largest value of those that are pixels for certain.
    """
    label = label_in(heading) if heading else None
    left_out = _left_out(heading, columns, label, width, brightest)
    notes = [_left_out_note(i, heading) for i in left_out]
    if label is None:
        left = [i for i in range(width) if i not in left_out]
        label, note = _choose(columns, left[0], left[-1], brightest)
        notes += [note] * bool(note)
    return Columns(label, tuple(left_out), tuple(notes))


def _left_out(
    heading: Sequence[str] | None,
    columns: Mapping[int, Column],
    label: int | None,
    width: int,
    brightest: float,
) -> list[int]:
    """Return the columns that are an index; a label and a pixel are left at least."""
    if heading:
        indexes = [
            i
            for i in may_be_indexes(heading)
            if i != label and (label is not None or columns[i].never_repeats)
        ]
    else:
        others = columns[1], columns[width - 1]
        counts = len(columns[0].codes) >= FEW and columns[0].counts
        beside_classes = any(_likelihood(other, brightest) > 1 for other in others)
        indexes = [0] if counts and beside_classes else []
    return indexes if width - len(indexes) > 1 else []


def _left_out_note(column: int, heading: Sequence[str] | None) -> str:
    what = "an index" if heading else "it only counts the lines"
    return f"{called(column, heading)} is left out: {what}"


def _choose(
    columns: Mapping[int, Column], first: int, last: int, brightest: float
) -> tuple[int, str]:
    """Choose between the first column and the last, and say what is not certain of it."""
    one, other = columns[first], columns[last]
    likely = _likelihood(one, brightest), _likelihood(other, brightest)
    if likely[1] > likely[0]:
        return last, (
            "no heading says which column is the label: it is taken from the last one, because "
            "what it holds looks like classes"
        )
    if likely[0] == likely[1] and (likely[0] or (one.is_constant and len(one.codes) > 1)):
        return first, (
            "no heading says which column is the label, and what they hold does not tell: it is "
            "taken from the first one. If it is the last one, call that label in a first line"
        )
    return first, ""


def _likelihood(column: Column, brightest: float) -> int:
    """Return how much a column looks like labels, from 0 to 4."""
    numbers = [read_number(text) for text in column.texts]
    whole = sorted({number for number in numbers if isinstance(number, int)})
    repeats = 2 * len(numbers) <= len(column.codes)
    words = numbers.count(None)
    if "" in column.texts or len(whole) + words == 1 or float in map(type, numbers):
        return 0
    if words:
        return 4 if 2 * words > len(numbers) else 3 * repeats
    if not count_classes(whole):
        return int(repeats and whole[0] > 0)  # 3 and 8; a pixel is 0 somewhere
    many = len(column.codes) >= FEW
    like_a_pixel = many and whole[0] == 0 and whole[-1] == brightest
    return 2 if like_a_pixel else 3
