"""The .npz files that NumPy, Keras, scikit-learn and people's own scripts make."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_core.datasets import BadDataError, Dataset, Library
from tests.nn_core.datasets.csv_texts import CLASSES, PICTURES
from tests.nn_core.datasets.uploaded_files import npz

ONE_HOT = np.eye(4)[CLASSES]


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(cache_dir=tmp_path / "cache")


def add(library: Library, content: bytes) -> Dataset:
    path = library.cache.parent / "upload"
    path.write_bytes(content)
    return library.load(library.add(path).name)


def examples(dataset: Dataset) -> list[tuple[bytes, int]]:
    parts = (dataset.training, dataset.test)
    return sorted(
        (image.tobytes(), label)
        for part in parts
        for image, label in zip(part.images, part.labels.tolist(), strict=True)
    )


EXAMPLES = sorted(
    (image.tobytes(), label) for image, label in zip(PICTURES, CLASSES.tolist(), strict=True)
)

SHAPES = {
    "rows and columns": (40, 5, 5),
    "flat": (40, 25),
    "colour last": (40, 5, 5, 1),
    "colour first": (40, 1, 5, 5),
}
SCALES = {
    "uint8": PICTURES,
    "int64": PICTURES.astype(np.int64),
    "big-endian": PICTURES.astype(">i4"),
    "float": PICTURES.astype(np.float64),
    "big-endian float": PICTURES.astype(">f4"),
    "0 to 1": (PICTURES / 255).astype(np.float32),
    "0 to 1, half": (PICTURES / 255).astype(np.float16),
    "0 to 1, big-endian": (PICTURES / 255).astype(">f8"),
}
LABELS = {
    "bytes": CLASSES.astype(np.uint8),
    "column": CLASSES[:, None],
    "big-endian": CLASSES.astype(">i2"),
    "floats": CLASSES.astype(np.float32),
    "column of floats": CLASSES[:, None].astype(">f8"),
    "one-hot": ONE_HOT,
    "one-hot bits": ONE_HOT.astype(bool),
    "one-hot, big-endian": ONE_HOT.astype(">i4"),
    "text": CLASSES.astype(str),
    "column of bytes": CLASSES.astype("S")[:, None],
}
NAMES = [
    *(("images", "labels"), ("x", "y"), ("X", "Y"), ("data", "target"), ("image", "label")),
    *(("X", "labels"), ("images", "targets"), ("Data", "Target"), ("arr_0", "arr_1")),
]


@given(
    shape=st.sampled_from(list(SHAPES)),
    scale=st.sampled_from(list(SCALES)),
    labels=st.sampled_from(list(LABELS)),
    names=st.sampled_from(NAMES),
    fortran=st.booleans(),
)
def test_any_shape_type_and_name_gives_the_same(
    library: Library,
    shape: str,
    scale: str,
    labels: str,
    names: tuple[str, str],
    fortran: bool,  # noqa: FBT001
) -> None:
    images = SCALES[scale].reshape(SHAPES[shape])
    content = npz(
        **{names[0]: np.asfortranarray(images) if fortran else images, names[1]: LABELS[labels]}
    )
    dataset = add(library, content)
    library.remove(dataset.name)
    assert examples(dataset) == EXAMPLES
    assert dataset.input_shape == (5, 5)
    assert dataset.classes == 4


@pytest.mark.parametrize(
    "names",
    [
        ("x_train", "y_train", "x_test", "y_test"),
        ("X_train", "y_train", "X_test", "y_test"),
        ("train_images", "train_labels", "test_images", "test_labels"),
        ("training_images", "training_labels", "test_images", "test_labels"),
        ("images_train", "labels_train", "images_test", "labels_test"),
        ("train_x", "train_y", "test_x", "test_y"),
        ("Xtrain", "Ytrain", "Xtest", "Ytest"),
        ("train_data", "train_target", "test_data", "test_target"),
    ],
)
def test_the_names_that_two_parts_may_have(library: Library, names: tuple[str, ...]) -> None:
    parts = (PICTURES[:30], ONE_HOT[:30], PICTURES[30:], ONE_HOT[30:])
    dataset = add(library, npz(**dict(zip(names, parts, strict=True)), val_images=PICTURES))
    assert examples(dataset) == EXAMPLES
    assert dataset.test.images.tobytes() == PICTURES[30:].tobytes()
    assert dataset.test.labels.tolist() == CLASSES[30:].tolist()


def test_both_parts_have_one_scale(library: Library) -> None:
    dark = np.minimum(PICTURES[30:], 1).astype(float)
    parts = {"x_train": PICTURES[:30] * 1.0, "y_train": CLASSES[:30]}
    dataset = add(library, npz(**parts, x_test=dark, y_test=CLASSES[30:]))
    assert dataset.test.images.max() == 1
    parts["x_train"] = PICTURES[:30] / 255
    dataset = add(library, npz(**parts, x_test=dark, y_test=CLASSES[30:]))
    assert dataset.test.images.max() == 255
    assert dataset.training.images.max() == 255


def test_bits_are_ground_and_ink(library: Library) -> None:
    dataset = add(library, npz(x=PICTURES > 99, y=CLASSES))
    assert np.unique(dataset.training.images).tolist() == [0, 255]


def test_a_bunch_of_scikit_learn(library: Library) -> None:
    """It has words and objects in it, too, that are nobody's images and labels."""
    content = npz(
        data=PICTURES.reshape(40, -1) / 16,
        target=CLASSES,
        images=PICTURES / 255,
        target_names=np.arange(4),
        feature_names=np.array(["a", None], object),
        DESCR="Digits",
    )
    assert examples(add(library, content)) == EXAMPLES


def test_labels_may_be_words(library: Library) -> None:
    words = np.array(["bird", "ant", "dog", "Cat"])
    dataset = add(library, npz(x=PICTURES, y=words[CLASSES]))
    assert library.info(dataset.name).class_names == ("ant", "bird", "Cat", "dog")
    number = np.array([1, 0, 3, 2])
    assert examples(dataset) == sorted(
        (image.tobytes(), int(label))
        for image, label in zip(PICTURES, number[CLASSES], strict=True)
    )


def test_a_class_of_one_hot_labels_may_be_missing(library: Library) -> None:
    dataset = add(library, npz(x=PICTURES, y=np.eye(6)[CLASSES]))
    assert dataset.classes == 6
    assert "no examples of the classes 4, 5" in library.info(dataset.name).notes[0]


@pytest.mark.parametrize(
    ("images", "labels", "words"),
    [
        (PICTURES - 0.5, CLASSES, "images run from -0.5 to 254.5; they must be from 0"),
        (PICTURES.astype(int) * 257, CLASSES, "images run from 0 to 65535"),
        (PICTURES / 255 - 0.5, CLASSES, "images run from -0.5 to 0.5"),
        (np.where(PICTURES == 255, np.nan, PICTURES), CLASSES, "NaN or infinite), in image 1"),
        (np.where(PICTURES == 255, np.inf, PICTURES), CLASSES, "NaN or infinite), in image 1"),
        (np.zeros((40, 5, 5, 3)), CLASSES, "without colours"),
        (PICTURES, ONE_HOT * 2, "row 1 is '2.0, 0.0, 0.0, 0.0'"),
        (PICTURES, ONE_HOT + 1, "each row should be one-hot"),
        (PICTURES, np.zeros((40, 4)), "row 1 is '0.0, 0.0, 0.0, 0.0'"),
        (PICTURES, np.zeros((40, 300)), "of classes, 256 are allowed"),
        (PICTURES, np.full((40, 2), "a"), "no numbers"),
        (PICTURES, np.arange(40) / 8, "labels are float64, and not all are whole: there is 0.125"),
        (PICTURES, np.full(40, np.nan), "there is nan"),
        (PICTURES, np.full(40, np.inf), "there is inf"),
        (PICTURES, np.full(40, " "), "a label can't be read: there is nothing"),
        (PICTURES, np.full(40, "a\0b"), "has characters that can't be shown"),
        (PICTURES, np.array(["a"] * 40, object), "labels.astype(str)"),
        (PICTURES, CLASSES.astype("M8[s]"), "labels are datetime64[s]; they must be"),
    ],
)
def test_what_can_not_be_read_is_told_with_its_value(
    library: Library, images: np.ndarray, labels: np.ndarray, words: str
) -> None:
    with pytest.raises(BadDataError) as caught:
        add(library, npz(images=images, labels=labels))
    assert words in str(caught.value)


def test_text_that_is_none_is_told(library: Library) -> None:
    labels = np.full(40, 0x110000, np.uint32).view("U1")
    with pytest.raises(BadDataError, match="its characters do not exist"):
        add(library, npz(images=PICTURES, labels=labels))
