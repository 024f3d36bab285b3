"""CSV files as spreadsheets, pandas and NumPy write them, and as people mend them by hand."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nn_core.datasets.csv_file import CsvTable, read_csv
from nn_core.datasets.limits import UploadLimits
from tests.nn_core.datasets.csv_texts import CLASSES, NUMBERS, PICTURES, Writer

MOST_PIXELS = 2**16


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file"


def read(path: Path, content: bytes, most_pixels: int = MOST_PIXELS) -> CsvTable:
    path.write_bytes(content)
    return read_csv(path, UploadLimits(pixels=most_pixels))


def labels_of(table: CsvTable) -> list[str]:
    return [table.labels.texts[code] for code in table.labels.codes]


def is_what_was_written(
    table: CsvTable, images: np.ndarray = PICTURES, labels: Sequence[Any] = CLASSES.tolist()
) -> bool:
    read_labels = [float(text.replace(",", ".")) for text in labels_of(table)]
    pixels = images.reshape(len(images), -1)
    return read_labels == list(labels) and np.array_equal(table.images, pixels)


# Whatever the way in which it is written


@given(
    separator=st.sampled_from([",", ";", "\t", "|", " "]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252"]),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
    label_at=st.sampled_from(["first", "last"]),
    label_name=st.sampled_from(["label", "Class", "TARGET", "y", "digit", "class_label", None]),
    index=st.sampled_from([None, "", "Unnamed: 0", "index", "Id", "ImageId"]),
    number=st.sampled_from(list(NUMBERS)),
    quoted=st.booleans(),
    separator_line=st.booleans(),
    trailing=st.integers(0, 3),
    blank_lines=st.booleans(),
    index_from=st.sampled_from([0, 1]),
)
def test_any_dialect_with_any_label_place_gives_the_same(
    path: Path,
    separator: str,
    encoding: str,
    newline: str,
    label_at: str,
    label_name: str | None,
    index: str | None,
    number: str,
    quoted: bool,  # noqa: FBT001
    separator_line: bool,  # noqa: FBT001
    trailing: int,
    blank_lines: bool,  # noqa: FBT001
    index_from: int,
) -> None:
    ends = "" if separator == " " else separator * trailing  # several spaces are one
    assume(quoted or (separator, number) != (" ", "decimal comma"))  # nobody could tell
    write = Writer(
        separator=separator,
        encoding=encoding,
        newline=newline,
        label_at=label_at,
        label_name=label_name,
        index=index if separator != " " or index != "" or quoted else None,
        number=number,
        quoted=quoted,
        separator_line=separator_line,
        trailing=ends,
        blank_lines=blank_lines and separator != " ",
        index_from=index_from,
    )
    table = read(path, write())
    assert is_what_was_written(table)
    assert table.images.dtype == np.uint8


@pytest.mark.parametrize("number", list(NUMBERS))
@pytest.mark.parametrize("separator", [";", "\t", "|", ","])
def test_two_lines_are_enough_to_see_the_separator(path: Path, number: str, separator: str) -> None:
    table = read(path, Writer(separator=separator, number=number)(PICTURES[:2], [0, 1]))
    assert is_what_was_written(table, PICTURES[:2], [0, 1])


def test_a_heading_of_numbers_is_one(path: Path) -> None:
    """As pandas names the columns of an array: 0, 1, 2, …, with its index or without."""
    lines = Writer(label_name=None)().decode()
    numbered = ",".join(map(str, range(26)))
    assert is_what_was_written(read(path, f"{numbered}\n{lines}".encode()))
    indexed = "\n".join(f"{i},{line}" for i, line in enumerate(lines.splitlines()))
    assert is_what_was_written(read(path, f",{numbered}\n{indexed}".encode()))


def test_a_heading_as_numpy_comments_it(path: Path) -> None:
    heading = "# label," + ",".join(f"p{i}" for i in range(25))
    content = heading.encode() + b"\n" + Writer(label_name=None)()
    assert is_what_was_written(read(path, content))


def test_fractions_are_kept_as_such(path: Path) -> None:
    table = read(path, b"label,a,b\n0,0.5,1\n1,0,0.25\n")
    assert table.images.dtype == np.float32
    assert table.images.tolist() == [[0.5, 1], [0, 0.25]]
    table = read(path, b"0;0,5;1\n1;0;0,25\n")
    assert table.images.tolist() == [[0.5, 1], [0, 0.25]]


def test_a_file_that_is_long_and_has_its_first_fraction_late(path: Path) -> None:
    content = b"label,a,b\n" + b"0,1,2\n1,3,4\n" * 500 + b"1,0.5,7\n"
    table = read(path, content)
    assert table.images.shape == (1001, 2)
    assert table.images[:2].tolist() == [[1, 2], [3, 4]]
    assert table.images[-1].tolist() == [0.5, 7]


# Labels


@pytest.mark.parametrize("label_at", ["first", "last"])
@pytest.mark.parametrize("label_name", ["label", "letter", None])
@pytest.mark.parametrize("index", [None, "", "id"])
@pytest.mark.parametrize(
    "words", ["ABCD", ["cat", "dog", "the bird", "fish"], ["é", "ü", "ñ", "ø"], "yxwv", "012a"]
)
def test_labels_may_be_words(
    path: Path, label_at: str, label_name: str | None, index: str | None, words: Sequence[str]
) -> None:
    labels = [words[number] for number in CLASSES.tolist()]
    for encoding in ("utf-8", "utf-16", "cp1252"):
        write = Writer(label_at=label_at, label_name=label_name, index=index, encoding=encoding)
        if index and label_name is None and label_at == "first":
            continue  # nothing says what the first two columns are
        table = read(path, write(labels=labels))
        assert labels_of(table) == labels
        assert np.array_equal(table.images, PICTURES.reshape(40, -1))
        guessed = any("Windows-1252" in note for note in table.notes)
        assert guessed == (encoding == "cp1252" and words[0] == "é")


def test_a_label_may_have_the_separator_in_it_in_quotes(path: Path) -> None:
    labels = [["cat, black", "dog"][number % 2] for number in CLASSES]
    assert labels_of(read(path, Writer()(labels=labels))) == labels
    assert labels_of(read(path, Writer(separator=";", label_at="last")(labels=labels))) == labels


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("brightest", [1, 16, 255])
def test_without_a_heading_the_label_is_where_classes_are(
    path: Path, first: int, brightest: int
) -> None:
    images = np.minimum(PICTURES, brightest)
    labels = (CLASSES + first).tolist()
    last = read(path, Writer(label_at="last", label_name=None)(images, labels))
    assert is_what_was_written(last, images, labels)
    assert "taken from the last one" in last.notes[0]
    front = read(path, Writer(label_name=None)(images, labels))
    assert is_what_was_written(front, images, labels)
    assert front.notes == ()


def test_features_from_0_to_100_are_no_labels(path: Path) -> None:
    features = np.array([[i * 37 % 101, i, 100 - i, 5] for i in range(101)], np.uint8)
    labels = [i % 10 for i in range(101)]
    table = read(path, Writer(label_at="last", label_name=None)(features, labels))
    assert is_what_was_written(table, features, labels)


def test_what_can_not_be_decided_is_told(path: Path) -> None:
    images = PICTURES.copy()
    images[:, 4, 4] = CLASSES % 3
    table = read(path, Writer(label_name=None)(images))
    assert is_what_was_written(table, images)
    assert "does not tell: it is taken from the first one" in table.notes[0]
    one_class = read(path, Writer(label_name=None, label_at="last")(labels=[7] * 40))
    assert "does not tell" in one_class.notes[0]


@pytest.mark.parametrize("heading", ["index", "id", "", "Unnamed: 0", "rownames", "filename", "#"])
def test_an_index_is_left_out_and_told(path: Path, heading: str) -> None:
    table = read(path, Writer(index=heading)())
    assert is_what_was_written(table)
    assert "column 1" in table.notes[0]
    assert "is left out: an index" in table.notes[0]


def test_an_index_that_was_shuffled_is_left_out(path: Path) -> None:
    lines = Writer()().decode().splitlines()
    indexed = [f"{i * 7 % 41},{line}" for i, line in enumerate(lines)]
    indexed[0] = "," + lines[0]
    assert is_what_was_written(read(path, "\n".join(indexed).encode()))


def test_an_index_may_be_the_last_column(path: Path) -> None:
    for label_at, label_name in (("first", "label"), ("last", None), ("last", "was")):
        lines = Writer(label_at=label_at, label_name=label_name)().decode().splitlines()
        if label_name is None:
            lines.insert(0, ",".join(f"p{i}" for i in range(26)))
        indexed = [f"{line},{i}" for i, line in enumerate(lines)]
        indexed[0] = lines[0] + ",id"
        assert is_what_was_written(read(path, "\n".join(indexed).encode()))


def test_ten_digits_in_order_are_no_index(path: Path) -> None:
    table = read(path, Writer(label_name=None)(PICTURES[:10], list(range(10))))
    assert is_what_was_written(table, PICTURES[:10], range(10))


def test_an_index_without_a_heading_is_seen_in_a_long_file(path: Path) -> None:
    for label_at in ("first", "last"):
        table = read(path, Writer(label_name=None, label_at=label_at, index="")())
        assert is_what_was_written(table)
        assert "column 1 is left out: it only counts the lines" in table.notes


GOOD = Writer()().decode()


def line_changed(number: int, change: tuple[str, str], text: str = GOOD) -> bytes:
    lines = text.splitlines()
    lines[number - 1] = re.sub(*change, lines[number - 1], count=1)
    return "\n".join(lines).encode()
