"""Labels: whatever their owner calls the classes, they become 0, 1, 2, … and keep their names.

Names are in order: numbers by their value, then words by the alphabet.
"""

import sys
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nn_core.datasets.errors import BadDataError
from nn_core.datasets.written_numbers import read_number, shown
from nn_core.readable import shown_letters

LABELS = "labels"  # the part of a file that errors speak of
LONGEST_NAME = 60  # characters
BYTE = 256  # values of a byte, which a label is stored as
NO_LABELS = frozenset({"nan", "inf", "infinity"})  # what a program writes where there is no number


class Labels(NamedTuple):
    """A label for each example, as it was written: that of example i is ``texts[codes[i]]``."""

    texts: Sequence[str]  # each different one once; there may be some that no example has
    codes: NDArray[np.intp]


class Classes(NamedTuple):
    """What the labels of all parts of a data set have in common."""

    number: int  # of them
    names: tuple[str, ...] | None  # None: they are called 0, 1, 2, …
    labels: list[NDArray[np.uint8]]  # of each part

    def name(self, label: int) -> str:
        """Return what a class is called."""
        return self.names[label] if self.names else str(label)


def classes_of(parts: Iterable[Labels], most: int) -> Classes:
    """Number the classes of a data set. Raises BadDataError if there are more than ``most``."""
    parts = list(parts)
    written = [[_name(text) for text in part.texts] for part in parts]
    names = _in_order({name for part in written for name in part})
    if len(names) > most:
        message = f"there are {len(names):,} classes, {names[0]} to {names[-1]}; {most} are allowed"
        raise BadDataError(LABELS, message)
    number = {name: i for i, name in enumerate(names)}
    labels = [
        np.array([number[name] for name in part_names], np.uint8)[part.codes]
        for part_names, part in zip(written, parts, strict=True)
    ]
    usual = names == [str(i) for i in range(len(names))]
    return Classes(len(names), None if usual else tuple(names), labels)


def class_name(text: str) -> str:
    """Return what the class with this label is called. Raises ValueError, which says why not."""
    number = read_number(text)
    name = text.strip() if number is None else str(number)
    if not name:
        raise ValueError("there is nothing; it needs a label")
    if isinstance(number, float):
        raise ValueError(f"{shown(text)} is no label: a number must be whole")  # noqa: TRY004
    if name.lstrip("+-").lower() in NO_LABELS:
        raise ValueError(f"{shown(text)} is no label")
    if len(name) > LONGEST_NAME:
        raise ValueError(
            f"{shown(text)} is too long for a label; {LONGEST_NAME} characters are allowed"
        )
    if not name.isprintable() or shown_letters(name) != name:
        raise ValueError(f"{shown(text)} is no label: it has characters that can't be shown")
    return name


def _name(text: str) -> str:
    try:
        return class_name(text)
    except ValueError as error:
        raise BadDataError(LABELS, f"a label can't be read: {error}") from error


def _in_order(names: set[str]) -> list[str]:
    """Return the names of all classes, the numbers first."""
    numbers = [number for name in names if isinstance(number := read_number(name), int)]
    words = [name for name in names if read_number(name) is None]
    numbers.sort()
    words.sort(key=lambda word: (word.casefold(), word))
    return [*map(str, numbers if words else fill(numbers)), *words]


def fill(numbers: Sequence[int]) -> Sequence[int]:
    """Return the sorted numbers of classes, with those between that no example has.

    That is where the numbers count the classes. A number alone counts from 0: a few drawings of a 7
    are to be added to other digits.
    """
    if len(numbers) == 1:
        return range(numbers[0] + 1) if 0 <= numbers[0] < BYTE else numbers
    return range(numbers[0], numbers[-1] + 1) if count_classes(numbers) else numbers


def count_classes(numbers: Sequence[int]) -> bool:
    """Return whether sorted numbers count classes, from 0 or 1: half of those between occur.

    Of 3 and 8, each is a name.
    """
    first, last = numbers[0], numbers[-1]
    return first in (0, 1) and 2 * len(numbers) >= last - first + 1


# Labels in an array


def labels_in(array: NDArray[Any], name: str, most: int) -> Labels:
    """Return the labels in an array: numbers or words, (N,) or (N, 1), or one-hot, (N, classes).

    Raises BadDataError, which calls the array by its ``name``.
    """
    if array.ndim == 2 and array.shape[1] > 1:  # noqa: PLR2004
        return _one_hot(array, name, most)
    array = array.reshape(len(array))
    if array.dtype.kind == "f":
        others = array[~(np.isfinite(array) & (array == np.rint(array)))]
        if len(others):
            message = f"{name} are {array.dtype}, and not all are whole: there is {others[0]}"
            raise BadDataError(name, message)
    values, codes = np.unique(array, return_inverse=True)
    if len(values) > most:
        raise BadDataError(
            name, f"{name} have {len(values):,} different values; of classes, {most} are allowed"
        )
    if values.dtype.kind == "U" and not _is_unicode(values):
        raise BadDataError(name, f"{name} hold text that is broken: its characters do not exist")
    return Labels([_text(value) for value in values], codes)


def _one_hot(array: NDArray[Any], name: str, most: int) -> Labels:
    """Return the labels in rows that are 0, and 1 at the place of the class."""
    classes = array.shape[1]
    if classes > most:
        raise BadDataError(
            name, f"{name} have the shape {array.shape}; of classes, {most} are allowed"
        )
    if array.dtype.kind not in "buif":
        raise BadDataError(name, f"{name} have the shape {array.shape}, but are no numbers")
    one = array == 1
    wrong = (one.sum(axis=1) != 1) | ((array != 0).sum(axis=1) != 1)
    if wrong.any():
        row = int(wrong.argmax())
        raise BadDataError(
            name,
            f"{name} have the shape {array.shape}, so each row should be one-hot, a single 1 and "
            f"else 0; row {row + 1} is {shown(', '.join(map(str, array[row].tolist())))}",
        )
    return Labels([str(i) for i in range(classes)], one.argmax(axis=1))


def _is_unicode(texts: NDArray[Any]) -> bool:
    """Return whether these are characters: NumPy takes any 32 bits for one."""
    native = texts.astype(texts.dtype.newbyteorder("="))
    numbers = np.frombuffer(native.tobytes(), np.uint32)
    return int(numbers.max(initial=0)) <= sys.maxunicode


def _text(value: Any) -> str:
    """Return a label as text. Raises ValueError for what is no text."""
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return value.decode("latin-1")
    if isinstance(value, str):
        return str(value)
    return str(int(value))
