"""Labels: classes keep the names that their owner gave them."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_core.datasets import BadDataError, DatasetError, Library
from nn_core.datasets.labels import Labels, classes_of, labels_in
from tests.nn_core.datasets.csv_texts import CLASSES, PICTURES, Writer
from tests.nn_core.datasets.uploaded_files import npz


def names_of(*texts: str) -> tuple[str, ...]:
    """Return what the classes with these labels are called, by their number."""
    classes = classes_of([Labels(texts, np.arange(len(texts)))], 256)
    return tuple(map(classes.name, range(classes.number)))


@pytest.mark.parametrize(
    ("texts", "names"),
    [
        ("10 9 8 7 6 5 4 3 2 1", "1 2 3 4 5 6 7 8 9 10"),
        ("2 0 1", "0 1 2"),
        ("0 1 2 4", "0 1 2 3 4"),
        ("1 2 4", "1 2 3 4"),
        ("3 8", "3 8"),
        ("9 11 10", "9 10 11"),
        ("0 255", "0 255"),
        ("-1 1", "-1 1"),
        ("100 20", "20 100"),
        ("18446744073709551615 1", "1 18446744073709551615"),
        ("7", "0 1 2 3 4 5 6 7"),
        ("300", "300"),
        ("7.0 7 6.000e+00 +5", "5 6 7"),
        ("b a c", "a b c"),
        ("dog Cat ant", "ant Cat dog"),
        ("f a 10 9 0", "0 9 10 a f"),
        ("é e z", "e z é"),
        ("T-shirt/top 0.5x 1,x", "0.5x 1,x T-shirt/top"),
    ],
)
def test_numbers_are_in_order_of_their_value_and_words_of_the_alphabet(
    texts: str, names: str
) -> None:
    assert names_of(*texts.split()) == tuple(names.split())


@given(st.sets(st.integers(-300, 300), min_size=2, max_size=200))
def test_each_number_keeps_its_name(numbers: set[int]) -> None:
    labels = Labels([f"{number:.1f}" for number in sorted(numbers)], np.arange(len(numbers)))
    classes = classes_of([labels], 601)
    called = [int(classes.name(label)) for label in classes.labels[0].tolist()[:200]]
    assert called == sorted(numbers)


def test_usual_classes_have_no_names() -> None:
    assert classes_of([labels_in(CLASSES, "y", 256)], 256).names is None


def test_parts_share_their_classes() -> None:
    one, other = Labels(["b", "a"], np.array([0, 1, 1])), Labels(["c", "b"], np.array([1, 0]))
    classes = classes_of([one, other], 3)
    assert classes.names == ("a", "b", "c")
    assert [labels.tolist() for labels in classes.labels] == [[1, 0, 0], [1, 2]]
    with pytest.raises(BadDataError, match="there are 3 classes, a to c; 2 are allowed"):
        classes_of([one, other], 2)


# Added to another data set, by their names


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(cache_dir=tmp_path / "cache")


def add(library: Library, content: bytes, name: str) -> None:
    path = library.cache.parent / "upload"
    path.write_bytes(content)
    library.add(path, name)


@pytest.mark.parametrize(
    ("names", "labels", "numbers"),
    [
        ("abcd", "bd", [1, 3]),
        ("abcd", [1, 3], [1, 3]),  # numbers go with words
        ([1, 2, 3, 4], [4, 2], [3, 1]),
        ([1, 2, 3, 4], [4], [3]),
        ([10, 20, 30, 40], [40, 10], [3, 0]),
        ([0, 1, 2, 3], [3, 1], [3, 1]),
        ([0, 1, 2, 3], [3], [3]),
        ([0, 1, 2, 3], [0, 3], [0, 3]),
    ],
)
def test_examples_are_added_to_the_class_of_the_same_name(
    library: Library, names: list[int] | str, labels: list[int] | str, numbers: list[int]
) -> None:
    add(library, Writer()(labels=[names[i] for i in CLASSES]), "mine")
    images = PICTURES[: len(labels)] // 2
    add(library, Writer()(images, list(labels)), "few")
    both = library.load_to_train("mine", None, "few").training
    added = dict(zip((image.tobytes() for image in both.images), both.labels.tolist(), strict=True))
    assert [added[image.tobytes()] for image in images] == numbers


@pytest.mark.parametrize(
    ("names", "labels", "words"),
    [
        ("abcd", "ax", "few has the label x; the classes of mine are a, b, c, d"),
        ("abcd", [1, 9], "few has the label 9; the classes of mine are a, b, c, d"),
        ([1, 2, 3, 4], [0, 1], "few has the label 0; the classes of mine are 1, 2, 3, 4"),
        ([0, 1, 2, 3], "ab", "few has the label a; the classes of mine are 0 to 3"),
    ],
)
def test_a_class_of_another_name_can_not_be_added(
    library: Library, names: list[int] | str, labels: list[int] | str, words: str
) -> None:
    add(library, Writer()(labels=[names[i] for i in CLASSES]), "mine")
    add(library, Writer()(PICTURES[: len(labels)] // 2, list(labels)), "few")
    with pytest.raises(DatasetError) as caught:
        library.load_to_train("mine", None, "few")
    assert words in str(caught.value)


def test_numbers_are_added_to_a_data_set_of_words(library: Library) -> None:
    add(library, npz(x=PICTURES, y=np.array(["b", "a"])[CLASSES % 2]), "mine")
    add(library, npz(x=PICTURES[:1] // 2, y=[0]), "few")
    both = library.load_to_train("mine", None, "few").training
    assert both.labels[-1] == 0
