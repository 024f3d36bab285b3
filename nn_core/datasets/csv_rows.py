"""How a CSV file is written: its encoding, what separates its fields, and its rows.

Spreadsheets write what their country is used to: semicolons where the comma is the decimal sign,
UTF-16 with tabs as "Unicode text", a first line ``sep=;``. Python's own ``csv`` finds out what the
separator is, and reads the rows.
"""

import codecs
import csv
import io
import math
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, TextIO

from nn_core.datasets.errors import BadDataError, TooLargeError

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", " ": "spaces"}
SEPARATOR_LINE = re.compile(r'"?sep=(?P<separator>[^\w"])"?\s*', re.IGNORECASE)
QUOTED = re.compile(r'"[^"]*"?')

MARKS = (  # what some files begin with to say how they are encoded; the longest first
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
WESTERN = "cp1252"  # Latin-1, and what Windows adds to it
NEVER_IN_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f\x81\x8d\x8f\x90\x9d]")  # in WESTERN

MISSING_MARK = ": is a quotation mark missing?"

LINES = 10  # that the separator is found in
CHARACTERS = 2**16  # of them, about
BLOCK = 2**20  # bytes


class Style(NamedTuple):
    """How a file is written."""

    encoding: str
    separator: str
    lines_before: int  # 1 where the first line says what the separator is

    @property
    def separators(self) -> str:
        """Return what the separator is called, for a sentence."""
        return SEPARATORS.get(self.separator, f"{self.separator!r}")


class Row(NamedTuple):
    """A line of the table."""

    line: int  # in the file, from 1
    fields: list[str]


def style_of(path: Path, longest_line: int) -> Style:
    """Find out how a file is written. Raises BadDataError if it is no text."""
    encoding = _encoding(path)
    with _open(path, encoding) as text:
        sample = _first_lines(text, longest_line)
    if sample and (told := SEPARATOR_LINE.fullmatch(sample[0])):
        return Style(encoding, told["separator"], 1)
    return Style(encoding, _separator("".join(sample)), 0)


def rows(path: Path, style: Style, longest_line: int, seconds: float) -> Iterator[Row]:
    """Yield the rows that are not blank, as long as this thread has had so many seconds' work.

    Raises BadDataError, with the line, for what is no CSV, TooLargeError for a line that is longer
    than any can be, or when the seconds are over.
    """
    with _open(path, style.encoding, seconds) as text:
        lines = _lines(text, longest_line)
        for _ in range(style.lines_before):
            next(lines)
        reader = csv.reader(lines, delimiter=style.separator, skipinitialspace=True)
        line = style.lines_before + 1
        try:
            for fields in reader:
                if any(fields):
                    yield Row(line, fields)
                line = style.lines_before + reader.line_num + 1
        except csv.Error as error:
            raise BadDataError("file", f"line {line} is no CSV ({error}){MISSING_MARK}") from error


class _InBlocks(io.BufferedReader):
    """A file that is read a block at a time, whatever is asked for.

    Each read lets go of the interpreter for a moment. A thread that does so a thousand times a
    second, as with the small reads of a text file, keeps all others from getting it for seconds:
    they are woken, and find it taken again.

    All that is done with a block comes before the next one: here its reader's time is looked at.
    """

    def __init__(self, path: Path, seconds: float) -> None:
        super().__init__(io.FileIO(path))
        self.seconds = seconds
        self.end = time.thread_time() + seconds

    def read1(self, _size: int = -1, /) -> bytes:
        if time.thread_time() > self.end:
            raise TooLargeError(
                f"it takes more than {self.seconds:g} seconds to read this file, which is all "
                "that it may: an .npz is read at once"
            )
        return self.read(BLOCK)


def _open(path: Path, encoding: str, seconds: float = math.inf) -> TextIO:
    """Open a file as text, to be read within so many seconds of processor time."""
    return io.TextIOWrapper(_InBlocks(path, seconds), encoding)


def _lines(text: TextIO, longest: int) -> Iterator[str]:
    """Yield each line, whichever way it ends; none is read that is longer than allowed."""
    number = 0
    while line := text.readline(longest):
        number += 1
        if len(line) == longest and not line.endswith("\n"):
            raise TooLargeError(
                f"line {number} has {longest:,} characters or more, which is more than an image "
                "of the largest size needs"
            )
        yield line


def _first_lines(text: TextIO, longest: int) -> list[str]:
    """Return a few lines, not all of them empty."""
    sample: list[str] = []
    length = 0
    for line in _lines(text, longest):
        sample.append(line)
        length += len(line)
        if length > CHARACTERS or (len(sample) >= LINES and length > len(sample)):
            break
    return sample


# The encoding


def _encoding(path: Path) -> str:
    """Return the encoding that the file says it has, or the one that it can be read with."""
    with path.open("rb") as file:
        start = file.read(4096)
    for mark, encoding in MARKS:
        if start.startswith(mark):
            return encoding
    for zeros, encoding in ((start[1::2], "utf-16-le"), (start[0::2], "utf-16-be")):
        if zeros.count(0) > 0.9 * len(zeros) > 1:  # a digit is a byte, and a zero
            return encoding
    if _is_utf8(path):
        return "utf-8"
    if _is_western(path):
        return WESTERN
    raise BadDataError("file", "this is neither an .npz file nor a CSV: it is no text")


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for block in _blocks(path):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _is_western(path: Path) -> bool:
    return not any(NEVER_IN_TEXT.search(block) for block in _blocks(path))


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block


# The separator


def _separator(sample: str) -> str:
    """Return what the fields are separated by."""
    bare = QUOTED.sub("x", sample).replace("'", "")  # what stands in quotes separates nothing
    for candidates in (";\t|", ","):  # the comma last: it may be the decimal sign, too
        try:
            return csv.Sniffer().sniff(bare, candidates).delimiter
        except csv.Error:  # none of them is as often in each line
            pass
    first = bare.lstrip().split("\n", 1)[0]
    return next((separator for separator in ";\t|, " if separator in first), ",")
