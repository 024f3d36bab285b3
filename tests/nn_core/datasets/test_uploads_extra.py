"""A few uploaded examples, to be added to another data set."""

import numpy as np
import pytest

from nn_core.datasets import (
    DatasetError,
    Library,
)
from tests.nn_core.datasets import test_uploads
from tests.nn_core.datasets.idx_files import is_mapped
from tests.nn_core.datasets.test_uploads import add, all_pairs, pairs
from tests.nn_core.datasets.uploaded_files import (
    IMAGES,
    LABELS,
    csv,
    npz,
)

library = test_uploads.library  # the same fixture


@pytest.mark.parametrize(
    ("content", "training", "test", "classes"),
    [
        (csv(IMAGES[:3], np.full(3, 7)), 2, 1, 8),
        (csv(IMAGES[:1], np.full(1, 7)), 1, 0, 8),
        (csv(IMAGES[:2], np.arange(2)), 2, 0, 2),
        (npz(images=IMAGES[:4], labels=np.zeros(4, int)), 3, 1, 1),
    ],
)
def test_a_few_examples_are_a_data_set(
    library: Library, content: bytes, training: int, test: int, classes: int
) -> None:
    info = add(library, content)
    assert (info.training_examples, info.test_examples, info.classes) == (training, test, classes)
    few = library.load("mine")
    assert (len(few.training), len(few.test)) == (training, test)
    count = training + test
    assert {image for image, _ in all_pairs(few)} == {image.tobytes() for image in IMAGES[:count]}


@pytest.fixture
def with_extra(library: Library) -> Library:
    """Return a library with the data set mine and two examples more, of the classes 1 and 3."""
    add(library, npz(images=IMAGES, labels=LABELS))
    add(library, npz(images=IMAGES[:3] // 2, labels=[3, 3, 1]), "few")
    return library


def test_all_examples_of_another_data_set_are_added(with_extra: Library) -> None:
    mine, few = with_extra.load("mine"), with_extra.load("few")
    assert len(few.test) == 1  # that one, too
    both = with_extra.load_to_train("mine", None, "few")
    assert len(both.training) == len(mine.training) + 3
    assert np.array_equal(both.training.images[: len(mine.training)], mine.training.images)
    assert both.training.images.dtype == np.uint8
    assert (both.training.classes, both.training.input_shape) == (5, (6, 4))
    added = pairs(both.training.images[-3:], both.training.labels[-3:])
    assert added == pairs(IMAGES[:3] // 2, np.array([3, 3, 1]))
    assert np.array_equal(both.test.images, mine.test.images)


def test_others_are_added_to_the_first_examples(with_extra: Library) -> None:
    both = with_extra.load_to_train("mine", 10, "few")
    assert len(both.training) == 13
    assert len(with_extra.load_to_train("mine", 10).training) == 10


def test_without_others_nothing_is_copied(with_extra: Library) -> None:
    assert is_mapped(with_extra.load_to_train("mine").training.images)


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        ("mine", "the data set itself"),
        ("none", "no data set is called 'none'"),
        ("mnist", "not here"),
        ("digits-5k", "of digits-5k 28×28 and those of mine 6×4"),
        ("more", "label 5; the classes of mine are 0 to 4"),
    ],
)
def test_what_does_not_go_together_is_told(with_extra: Library, extra: str, words: str) -> None:
    add(with_extra, npz(images=IMAGES[:2], labels=[5, 0]), "more")
    with pytest.raises(DatasetError, match=words):
        with_extra.load_to_train("mine", None, extra)
