"""What an uploaded data set says of itself: how a drawing becomes an image like its own."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn_core.datasets import Dataset, DatasetInfo, Library
from nn_core.digit_image import digit_image
from tests.nn_core.datasets.uploaded_files import IMAGES, LABELS, npz
from tests.pictures import clothes, dotted_letters


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(cache_dir=tmp_path)


def added(library: Library, arrays: dict[str, Any], name: str = "mine") -> DatasetInfo:
    path = library.cache / "file"
    path.write_bytes(npz(**arrays))
    return library.add(path, name)


def test_digits_are_known_by_how_they_were_prepared(library: Library, digits: Dataset) -> None:
    images = digits.training.images[:300].reshape(-1, 28, 28)
    info = added(library, {"images": images, "labels": digits.training.labels[:300]})
    assert (info.drawing, info.ground) == ("digits", "dark")
    assert library.load("mine").kind == info.kind


@pytest.mark.parametrize("made", [clothes, dotted_letters])
def test_other_pictures_are_read_as_they_are(
    library: Library, made: Callable[[int], tuple[Any, Any]]
) -> None:
    images, labels = made(60)
    info = added(library, {"images": images, "labels": labels})
    assert (info.drawing, info.ground) == ("whole", "dark")


def test_letters_whose_dots_matter_are_no_digits(library: Library) -> None:
    """Even where they were placed as digits are."""
    images, labels = dotted_letters(60)
    placed = [np.rint(255 * digit_image(image)).astype(np.uint8) for image in images]
    assert added(library, {"images": np.array(placed), "labels": labels}).drawing == "whole"


def test_the_ground_of_ones_own_pictures_is_known(library: Library) -> None:
    images, labels = dotted_letters(60)
    assert added(library, {"images": 255 - images, "labels": labels}, "light").ground == "light"
    half = np.where(np.arange(60)[:, None, None] % 2, images, 255 - images)
    assert added(library, {"images": half, "labels": labels}, "any").ground is None


def test_what_was_uploaded_before_this_was_kept_is_read_as_it_is(library: Library) -> None:
    added(library, {"images": IMAGES, "labels": LABELS})
    file = library.uploads_dir / "mine" / "about.json"
    about = json.loads(file.read_text())
    del about["drawing"], about["ground"]
    file.write_text(json.dumps(about))
    info = library.info("mine")
    assert (info.drawing, info.ground) == ("whole", "dark")
