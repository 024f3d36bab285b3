"""CSV that can't be read: the cause is told, with its line, column and value."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_core.datasets import BadDataError, TooLargeError
from tests.nn_core.datasets import test_csv_file
from tests.nn_core.datasets.csv_texts import Writer
from tests.nn_core.datasets.test_csv_file import GOOD, labels_of, line_changed, read

path = test_csv_file.path  # the same fixture


@pytest.mark.parametrize(
    ("separator", "called"),
    [(",", "commas"), (";", "semicolons"), ("\t", "tabs"), ("|", "bars"), (" ", "spaces")],
)
def test_a_field_that_is_missing_is_told_with_the_separator(
    path: Path, separator: str, called: str
) -> None:
    text = Writer(separator=separator)().decode()
    last = rf"{re.escape(separator)}\d+$"
    with pytest.raises(BadDataError) as caught:
        read(path, line_changed(7, (last, ""), text))
    assert str(caught.value) == (
        f"the columns are separated by {called}, but a field is missing in line 7: "
        "line 7 has 25 values; those before it have 26"
    )
    with pytest.raises(BadDataError, match="there are 2 fields too many in line 7: line 7 has 28"):
        read(path, line_changed(7, ("$", f"{separator}1" * 2), text))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (line_changed(9, (r"0$", "oops")), "line 9, column 26: 'oops' is not a whole number from"),
        (line_changed(9, (r"0$", "oops")), "to 255 (the column is called 'pixel24')"),
        (line_changed(9, (r",0,", ",256,")), "line 9, column 2: '256' is not a whole number"),
        (line_changed(9, (r",0,", ",,")), "line 9, column 2: there is nothing; it needs a whole"),
        (line_changed(9, (r"^\d", "")), "line 9, column 1: there is nothing; it needs a label"),
        (line_changed(9, (r"^\d", "NaN")), "line 9, column 1: 'NaN' is no label"),
        (line_changed(9, (r"^\d", "2.5")), "line 9, column 1: '2.5' is no label: a number must"),
        (line_changed(9, (r"^\d", "x" * 61)), f"line 9, column 1: '{'x' * 61}' is too long"),
        (line_changed(9, (r"^\d", "\0")), r"line 9, column 1: '\x00' is no label"),
        (line_changed(9, (r"^", '"')), "line 9 has 1 value"),
        (line_changed(9, (r"^", '"')), "those before it have 26: is a quotation mark missing?"),
        (b"sep=;\n" + GOOD.replace(",", ";").replace("255", "1e3", 1).encode(), "line 3, column"),
    ],
)
def test_what_is_wrong_is_told_whole_with_its_place(path: Path, content: bytes, words: str) -> None:
    with pytest.raises(BadDataError) as caught:
        read(path, content)
    assert words in str(caught.value)


def test_a_value_is_shown_whole_unless_nobody_would_read_it(path: Path) -> None:
    for length, words in ((150, f"'{'9' * 150}'"), (5000, "… (5,000 characters)")):
        with pytest.raises(BadDataError, match=re.escape(words)):
            read(path, b"label,a,b\n0,1,2\n1," + b"9" * length + b",3\n")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"label," + b"0," * 2**20, id="a long line"),
        pytest.param(b"0" * 2**20, id="a long number"),
        pytest.param(b"label,a\n" + b"," * 2**20 + b"\n", id="empty fields"),
        pytest.param(b'"' * 2**20, id="quotes"),
    ],
)
def test_a_line_longer_than_any_image_is_not_read(path: Path, content: bytes) -> None:
    with pytest.raises(TooLargeError, match=r"line \d has"):
        read(path, content, 64)


@pytest.mark.parametrize("names", [("class_0", "class_1", "class_2"), ("label", "Class", "digit")])
def test_several_columns_called_a_label_are_told(path: Path, names: tuple[str, ...]) -> None:
    content = ",".join((*names, "a", "b")) + "\n1,0,0,7,8\n0,1,0,9,9\n"
    with pytest.raises(BadDataError, match=re.escape(f"3 columns a label ({', '.join(names)})")):
        read(path, content.encode())


def test_a_feature_may_be_called_y_beside_a_label(path: Path) -> None:
    table = read(path, b"x,y,label\n1,2,0\n3,4,1\n")
    assert labels_of(table) == ["0", "1"]


def test_a_huge_field_is_told(path: Path) -> None:
    with pytest.raises(BadDataError, match=r"line 2 is no CSV \(field larger"):
        read(path, b'label,a\n0,"' + b"1" * 140_000 + b'"\n')


def test_quotes_that_never_end_are_told_at_once(path: Path) -> None:
    """Python's sniffer takes the square of their number to look at them."""
    for content in (b",'x" * 100_000, b',"x' * 100_000, b"a\n" + b',"x\n' * 50_000):
        with pytest.raises(BadDataError):
            read(path, content)


def reads() -> int:
    """Return how often this process has read from a file so far."""
    return int(re.findall(r"syscr: (\d+)", Path("/proc/self/io").read_text())[0])


def test_an_endless_file_of_empty_lines_is_read_in_large_blocks(path: Path) -> None:
    """Each read lets go of the interpreter for a moment.

    A thousand a second, and no other thread of the server gets it for seconds.
    """
    before = reads()
    with pytest.raises(BadDataError, match="no lines of numbers"):
        read(path, b"\n" * 3_000_000)
    assert reads() - before < 100


FIELDS = [
    *("", " ", "id", "index", "label", "y", "Unnamed: 0", "class", "#", "p1", "x", "nan"),
    *("0", "1", "2", "0.5", "1,5", "255", "256", '"', '"a;b"'),
]


@given(
    lines=st.lists(st.lists(st.sampled_from(FIELDS), min_size=1, max_size=5), max_size=25),
    separator=st.sampled_from(",;\t| "),
    encoding=st.sampled_from(["utf-8", "utf-16", "cp1252"]),
)
def test_anything_like_a_table_is_read_or_told(
    path: Path, lines: list[list[str]], separator: str, encoding: str
) -> None:
    content = "\n".join(map(separator.join, lines)).encode(encoding)
    try:
        table = read(path, content)
    except BadDataError as error:
        assert str(error)  # noqa: PT017 - either is good
    else:
        assert len(table.images) == len(table.labels.codes)
