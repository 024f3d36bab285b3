"""What is told at upload of data that can be read, but may not be as it was meant."""

from pathlib import Path

import numpy as np
import pytest

from nn_core.datasets import Library
from tests.nn_core.datasets.csv_texts import CLASSES, PICTURES, Writer
from tests.nn_core.datasets.uploaded_files import npz


def notes_of(tmp_path: Path, content: bytes) -> str:
    library = Library(cache_dir=tmp_path / "cache")
    (tmp_path / "upload").write_bytes(content)
    info = library.add(tmp_path / "upload")
    assert library.info(info.name).notes == info.notes  # they stay with it
    return " | ".join(info.notes)


def blank(*rows: int, value: int = 0) -> np.ndarray:
    images = PICTURES.copy()
    images[list(rows)] = value
    return images


TWO_PARTS = {"x_train": PICTURES, "x_test": PICTURES}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(npz(x=PICTURES, y=CLASSES), "", id="nothing"),
        pytest.param(
            npz(x=PICTURES, y=np.full(40, 3)), "all examples are of one class, 3", id="one class"
        ),
        pytest.param(
            Writer()(labels=["cat"] * 40), "all examples are of one class, cat", id="one word"
        ),
        pytest.param(
            Writer(label_name=None, label_at="last")(labels=[6] * 40),
            "call that label in a first line | all examples are of one class, 0",
            id="one class, no heading",
        ),
        pytest.param(
            npz(x=PICTURES, y=CLASSES + (CLASSES > 1)), "no examples of the class 2", id="a gap"
        ),
        pytest.param(
            npz(**TWO_PARTS, y_train=CLASSES, y_test=CLASSES // 2),
            "there are no examples to test with of the classes 2, 3",
            id="none to test",
        ),
        pytest.param(
            npz(**TWO_PARTS, y_train=CLASSES // 2, y_test=CLASSES),
            "there are no examples to train with of the classes 2, 3",
            id="none to train",
        ),
        pytest.param(
            npz(x=blank(6), y=CLASSES),
            "1 image is blank, the same in each pixel: number 7 of 40",
            id="blank",
        ),
        pytest.param(
            npz(x=blank(0, 39, value=255), y=CLASSES), "2 images are blank", id="two white"
        ),
        pytest.param(
            npz(x=blank(*range(20)), y=CLASSES),
            "number 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 10 more",
            id="many",
        ),
        pytest.param(
            npz(x=np.repeat(PICTURES[:1], 40, axis=0), y=CLASSES),
            "all images are the same",
            id="all the same",
        ),
        pytest.param(npz(x=PICTURES * 0, y=CLASSES), "all images are the same", id="all black"),
        pytest.param(
            npz(x=PICTURES // 16, y=CLASSES), "no pixel is brighter than 15 of 255", id="dark"
        ),
    ],
)
def test_what_is_told(tmp_path: Path, content: bytes, words: str) -> None:
    notes = notes_of(tmp_path, content)
    assert words in notes
    assert bool(words) == bool(notes)
