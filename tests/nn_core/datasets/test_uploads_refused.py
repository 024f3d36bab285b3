"""Uploads that are refused: what is no npz and no CSV, and what is too large."""

import pickle
import struct
import zipfile

import numpy as np
import pytest

from nn_core.datasets import (
    BadDataError,
    Library,
    TooLargeError,
)
from tests.nn_core.datasets import test_uploads
from tests.nn_core.datasets.test_uploads import (
    HEADER,
    LABELS_FILE,
    LIMITS,
    Runs,
    add,
    declaring,
    nothing_is_kept,
    patched,
    with_images,
)
from tests.nn_core.datasets.uploaded_files import (
    GOOD,
    IMAGES,
    LABELS,
    npy,
    npz,
    saved,
    zipped,
)

library = test_uploads.library  # the same fixture


@pytest.mark.parametrize(
    ("content", "part", "words"),
    [
        pytest.param(b"", "file", "empty", id="empty"),
        pytest.param(saved(IMAGES), "file", "a single array", id="an npy"),
        pytest.param(pickle.dumps(Runs()), "file", "no text", id="a pickle"),
        pytest.param(
            npz(images=np.array([Runs()] * 50), labels=LABELS),
            "images",
            "Python objects .a pickle",
            id="pickle inside",
        ),
        pytest.param(
            npz(images=IMAGES, labels=np.array([Runs()] * 50)),
            "labels",
            "Python objects .a pickle",
            id="pickled labels",
        ),
        pytest.param(
            with_images(pickle.dumps(Runs())), "images", "no array", id="pickle as member"
        ),
        pytest.param(npz(images=IMAGES), "file", "has the arrays images; it", id="no labels"),
        pytest.param(zipped(), "file", "has the arrays none", id="no arrays"),
        pytest.param(
            npz(x_train=IMAGES, y_train=LABELS), "file", "x_train, y_train, x_test", id="no test"
        ),
        pytest.param(
            npz(images=IMAGES * 1j, labels=LABELS), "images", "complex128; they", id="complex"
        ),
        pytest.param(
            npz(images=IMAGES.astype(str), labels=LABELS), "images", "<U3; they", id="words"
        ),
        pytest.param(npz(images=IMAGES[0, 0], labels=LABELS), "images", r"\(4,\)", id="1 D"),
        pytest.param(npz(images=IMAGES[None], labels=LABELS), "images", r"\(1, 50, 6", id="4 D"),
        pytest.param(npz(images=np.uint8(3), labels=LABELS), "images", r"\(\)", id="0 D"),
        pytest.param(npz(images=IMAGES[:, :0], labels=LABELS), "images", "0, 4", id="no pixels"),
        pytest.param(npz(images=IMAGES[:0], labels=LABELS[:0]), "images", "0, 6, 4", id="none"),
        pytest.param(npz(images=IMAGES[:9], labels=LABELS), "labels", "50 labels", id="not equal"),
        pytest.param(npz(images=IMAGES, labels=LABELS[None]), "labels", r"\(1, 50\)", id="2 D"),
        pytest.param(npz(images=IMAGES, labels=LABELS / 2), "labels", "float64", id="half labels"),
        pytest.param(
            npz(x_train=IMAGES, y_train=LABELS, x_test=IMAGES[:, :3], y_test=LABELS),
            "x_test",
            "to test with",
            id="two shapes",
        ),
        pytest.param(
            with_images(npy(HEADER)), "images", "would be 1,274 bytes; it has 74", id="header only"
        ),
        pytest.param(
            with_images(npy(HEADER, bytes(1201))), "images", "says that its shape", id="too long"
        ),
        pytest.param(
            with_images(npy(HEADER.replace("50, 6, 4", "4294967296, 4294967296"))),
            "images",
            "says that its shape",
            id="claims to be huge",
        ),
        pytest.param(
            with_images(npy(HEADER.replace("50, 6, 4", "-50, -6, 4"), bytes(1200))),
            "images",
            "says that its shape",
            id="negative lengths",
        ),
        pytest.param(
            with_images(npy(HEADER.replace("50", "exit()"))), "images", "no array", id="a call"
        ),
        pytest.param(
            with_images(npy("(" * 900 + ")" * 900)), "images", "no array", id="deep header"
        ),
        pytest.param(with_images(npy(" " * 9000 + HEADER)), "images", "no array", id="long header"),
        pytest.param(
            with_images(npy("x" * 100, version=(2, 0))), "images", "no array", id="garbage header"
        ),
        pytest.param(
            with_images(npy(HEADER, version=(3, 0))), "images", "no array", id="version 3"
        ),
        pytest.param(
            zipped(zipfile.ZIP_LZMA, images=saved(IMAGES), labels=LABELS_FILE),
            "images",
            "packed in a way",
            id="LZMA",
        ),
        pytest.param(
            zipped(zipfile.ZIP_STORED, **{f"a{i}": b"" for i in range(200)}),
            "file",
            "more than 100",
            id="members",
        ),
        pytest.param(GOOD[:-30], "file", "broken", id="cut short"),
        pytest.param(GOOD[:60], "file", "broken", id="only the start"),
        pytest.param(b"PK\3\4", "file", "broken", id="magic only"),
        pytest.param(
            patched(GOOD, 100, bytes([GOOD[100] ^ 255])),
            "file|images",
            "broken|no array",
            id="flipped byte",
        ),
        pytest.param(
            patched(GOOD, GOOD.index(b"PK\1\2") + 8, b"\1\0"), "file", "broken", id="encrypted"
        ),
        pytest.param(declaring(1327), "file", "Bad CRC-32", id="declares less"),
        pytest.param(declaring(0), "file", "Bad CRC-32", id="declares nothing"),
    ],
)
def test_what_is_no_npz_is_told(library: Library, content: bytes, part: str, words: str) -> None:
    with pytest.raises(BadDataError, match=words) as caught:
        add(library, content)
    assert caught.value.part in part.split("|")
    assert nothing_is_kept(library)


def bomb(unpacked: int) -> bytes:
    return zipped(images=npy(HEADER, bytes(unpacked)), labels=LABELS_FILE)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(bomb(LIMITS.unpacked_bytes), id="a bomb"),
        pytest.param(zipped(other=bytes(LIMITS.unpacked_bytes + 1)), id="elsewhere"),
        pytest.param(declaring(2**32 - 2), id="declares more"),
        pytest.param(npz(images=np.zeros((4, 65, 65), np.uint8), labels=[0, 0, 1, 1]), id="wide"),
    ],
)
def test_what_is_too_large_is_told_before_it_is_unpacked(library: Library, content: bytes) -> None:
    assert len(content) < 5000
    with pytest.raises(TooLargeError, match="allowed"):
        add(library, content)
    assert nothing_is_kept(library)


def test_a_bomb_that_lies_about_its_size_unpacks_to_no_more_than_it_said(library: Library) -> None:
    content = bomb(10_000_000)
    told = struct.pack("<I", len(npy(HEADER)) + 1200)
    content = patched(content, content.index(b"PK\1\2") + 24, told)
    with pytest.raises(BadDataError, match=r"broken \(Bad CRC-32"):
        add(library, content)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("0,1,2\n1,five,4\n", "line 2, column 2: 'five' is not a whole number from 0 to 255"),
        ("label,a,b\n0,1,2\n3,word,2\n", "line 3, column 2: 'word'"),
        ("0,1,2\n1,3,NaN\n", "line 2, column 3: 'NaN'"),
        ("nan,1,2\n1,3,4\n", "line 1, column 1: 'nan'"),
        ("0,1,2\n1,3,1e3\n", "line 2, column 3: '1e3'"),
        ("0,1,2\n1,3,1.0.0\n", "line 2, column 3: '1.0.0'"),
        ("0,1,2\n1,3,256\n", "line 2, column 3: '256'"),
        ("0,1,2\n1,3,-1\n", "line 2, column 3: '-1'"),
        ("0,1,2\n1,3," + "9" * 99 + "\n", f"line 2, column 3: '{'9' * 99}'"),
        ("0,1,2\n\n1,3,\n", "line 3, column 3: there is nothing"),
        (",1,2\n0,3,4\n", "line 1, column 1: there is nothing"),
        ("0,1,2\n1,3\n", "line 2 has 2 values; those before it have 3"),
        ("label,a\n0,1,2\n", "line 2 has 3 values; those before it have 2"),
        ("0,1,2\n1,3,4,5\n", "line 2 has 4 values"),
        ("0:1:2\n1:3:4\n", "one value only"),
        ("0\n1\n", "one value only"),
        ("a\nb\n", "one value only"),
        ("label,pixel\n", "no lines of numbers"),
        ("words", "no lines of numbers"),
        ("\n\n", "no lines of numbers"),
        (" ", "no lines of numbers|nothing"),
        ("0,1,\0\n", "line 1, column 3"),
        ("0,1,٣\n", "line 1, column 3"),
    ],
)
def test_what_is_no_csv_is_told_with_its_line_and_column(
    library: Library, content: str, words: str
) -> None:
    with pytest.raises(BadDataError, match=words):
        add(library, content.encode())
    assert nothing_is_kept(library)


@pytest.mark.parametrize(
    "content",
    [
        bytes(range(256)),
        b"0,1\n\xe9,2\n\x81,3\n",
        b"\xff\xfe0\x00,\x001\x00\n",
        b"\xff\xfe0\x00\x00\xd8",
        b"\xef\xbb\xbf0,1\n\xff,2\n",
    ],
)
def test_what_is_no_text_is_told(library: Library, content: bytes) -> None:
    with pytest.raises(BadDataError, match=r"no text|its text is broken"):
        add(library, content)
