"""Uploaded data sets: valid ones train like any other, and the rest is refused with a reason."""

import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nn_core.datasets import (
    Dataset,
    DatasetError,
    DatasetInfo,
    Library,
    UploadLimits,
    load,
)
from tests.nn_core.datasets.idx_files import is_mapped
from tests.nn_core.datasets.uploaded_files import (
    GOOD,
    IMAGES,
    LABELS,
    RNG,
    csv,
    npy,
    npz,
    saved,
    zipped,
)

LIMITS = UploadLimits(unpacked_bytes=100_000, pixels=4096, classes=256, datasets=3)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(cache_dir=tmp_path / "cache")


def add(library: Library, content: bytes, name: str | None = "mine") -> DatasetInfo:
    path = library.cache.parent / "upload"
    path.write_bytes(content)
    return library.add(path, name, limits=LIMITS)


def pairs(images: np.ndarray, labels: np.ndarray) -> list[tuple[bytes, int]]:
    """Return the examples in an order that does not depend on theirs."""
    return sorted(
        (image.astype(np.uint8).tobytes(), int(label))
        for image, label in zip(images, labels, strict=True)
    )


def all_pairs(dataset: Dataset) -> list[tuple[bytes, int]]:
    return sorted(
        pairs(dataset.training.images, dataset.training.labels)
        + pairs(dataset.test.images, dataset.test.labels)
    )


def nothing_is_kept(library: Library) -> bool:
    own = library.cache / "own"
    return not own.exists() or list(own.iterdir()) == []


# What is good


def test_an_npz_is_taken_in(library: Library) -> None:
    info = add(library, GOOD)
    assert (info.name, info.input_shape, info.classes) == ("mine", (6, 4), 5)
    assert (info.training_examples, info.test_examples) == (40, 10)
    assert info.licence is None
    assert library.is_here("mine")
    assert library.info("mine") == info
    assert library.all()[-1] == info
    dataset = load("mine", cache_dir=library.cache)
    assert dataset.input_shape == (6, 4)
    assert dataset.classes == 5
    assert all_pairs(dataset) == pairs(IMAGES, LABELS)
    assert is_mapped(dataset.training.images)


def test_a_csv_gives_the_same_as_an_npz(library: Library) -> None:
    add(library, npz(images=IMAGES.reshape(50, -1), labels=LABELS), "from-npz")
    add(library, csv(IMAGES, LABELS), "from-csv")
    one, other = library.load("from-npz"), library.load("from-csv")
    assert np.array_equal(one.training.images, other.training.images)
    assert np.array_equal(one.test.labels, other.test.labels)
    assert one.input_shape == other.input_shape == (1, 24)


def test_the_split_is_stratified_and_a_mixture_and_always_the_same(
    library: Library, tmp_path: Path
) -> None:
    labels = np.repeat([0, 1, 2], [100, 10, 2])
    content = npz(images=RNG.integers(0, 256, (112, 2, 2), np.uint8), labels=labels)
    add(library, content)
    dataset = library.load("mine")
    assert np.bincount(dataset.test.labels).tolist() == [20, 2, 1]
    assert np.bincount(dataset.training.labels).tolist() == [80, 8, 1]
    assert len(set(dataset.training.first(30).labels.tolist())) > 1
    again = Library(cache_dir=tmp_path / "another")
    add(again, content)
    assert np.array_equal(again.load("mine").training.images, dataset.training.images)


def test_a_test_part_that_is_given_is_kept(library: Library) -> None:
    add(
        library,
        npz(x_train=IMAGES[:30], y_train=LABELS[:30], x_test=IMAGES[30:], y_test=LABELS[30:]),
    )
    dataset = library.load("mine")
    assert pairs(dataset.training.images, dataset.training.labels) == pairs(
        IMAGES[:30], LABELS[:30]
    )
    assert np.array_equal(dataset.test.images, IMAGES[30:].reshape(20, -1))
    assert np.array_equal(dataset.test.labels, LABELS[30:])


@pytest.mark.parametrize(
    ("arrays", "shape"),
    [
        ({"x": IMAGES, "y": LABELS}, (6, 4)),
        ({"X": IMAGES, "y": LABELS}, (6, 4)),
        ({"images": IMAGES[:, :4], "labels": LABELS}, (4, 4)),
        ({"images": IMAGES.reshape(50, 24)[:, :16], "labels": LABELS}, (4, 4)),
        ({"images": IMAGES.reshape(50, 24)[:, :15], "labels": LABELS}, (1, 15)),
        ({"images": IMAGES, "labels": LABELS.astype(">i8")}, (6, 4)),
        ({"images": IMAGES, "labels": LABELS.astype(np.uint8)}, (6, 4)),
        ({"images": np.asfortranarray(IMAGES), "labels": LABELS}, (6, 4)),
        ({"images": IMAGES, "labels": LABELS, "more": np.array(["words"])}, (6, 4)),
    ],
)
def test_names_shapes_and_orders_that_arrays_may_have(
    library: Library, arrays: dict[str, np.ndarray], shape: tuple[int, int]
) -> None:
    assert add(library, npz(**arrays)).input_shape == shape
    images = next(array for name, array in arrays.items() if name in ("images", "x", "X"))
    assert all_pairs(library.load("mine")) == pairs(images, LABELS)


def test_an_npz_that_is_not_compressed(library: Library) -> None:
    members = {"images": saved(IMAGES), "labels": saved(LABELS)}
    add(library, zipped(zipfile.ZIP_STORED, **members))
    assert all_pairs(library.load("mine")) == pairs(IMAGES, LABELS)


@pytest.mark.parametrize(
    "content",
    [
        csv(IMAGES, LABELS, "label," + ",".join(f"pixel{i}" for i in range(24))),
        csv(IMAGES, LABELS, "label," + ",".join(map(str, range(24)))),
        csv(IMAGES, LABELS).replace(b"\n", b"\r\n"),
        csv(IMAGES, LABELS).replace(b"\n", b"\n\n"),
        csv(IMAGES, LABELS).replace(b",", b", "),
        b"\xef\xbb\xbf" + csv(IMAGES, LABELS),
        b"\xef\xbb\xbf" + csv(IMAGES, LABELS, '"label"' + "," * 24),
        csv(IMAGES, LABELS)[:-1],
        csv(IMAGES, LABELS, "label" + ",x" * 24).replace(b"\n", b"\r"),
    ],
    ids=[
        "heading",
        "numbered",
        "windows",
        "blank lines",
        "blanks",
        "mark",
        "quoted",
        "no end",
        "mac",
    ],
)
def test_the_ways_that_a_csv_is_written(library: Library, content: bytes) -> None:
    add(library, content)
    assert all_pairs(library.load("mine")) == pairs(IMAGES, LABELS)


@given(
    data=st.data(),
    shape=hnp.array_shapes(min_dims=2, max_dims=3, min_side=1, max_side=8),
    as_csv=st.booleans(),
)
def test_whatever_is_well_formed_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory,
    data: st.DataObject,
    shape: tuple[int, ...],
    as_csv: bool,  # noqa: FBT001
) -> None:
    library = Library(cache_dir=tmp_path_factory.mktemp("own") / "cache")
    images = data.draw(hnp.arrays(np.uint8, (len(shape) + 3, *shape[1:])))
    labels = data.draw(hnp.arrays(np.uint8, len(images), elements=st.integers(0, 2)))
    labels[:3] = [0, 0, 1]
    info = add(library, (csv if as_csv else lambda i, n: npz(images=i, labels=n))(images, labels))
    assert all_pairs(library.load("mine")) == pairs(images, labels)
    assert info.input_shape[0] * info.input_shape[1] == images[0].size
    assert info.classes == labels.max() + 1


class Runs:
    """What runs code when it is unpickled."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (pytest.fail, ("it was unpickled",))


HEADER = "{'descr': '|u1', 'fortran_order': False, 'shape': (50, 6, 4), }\n"
LABELS_FILE = saved(LABELS)


def with_images(content: bytes) -> bytes:
    return zipped(images=content, labels=LABELS_FILE)


def patched(content: bytes, offset: int, value: bytes) -> bytes:
    return content[:offset] + value + content[offset + len(value) :]


def declaring(size: int) -> bytes:
    """Return a good file that says of its first member, in its directory, that it is so large."""
    return patched(GOOD, GOOD.index(b"PK\1\2") + 24, struct.pack("<I", size))


# Anything at all


def survives(library: Library, content: bytes) -> None:
    """Whatever is offered is a data set, or a DatasetError; never anything else."""
    try:
        info = add(library, content)
    except DatasetError as error:
        assert str(error)  # noqa: PT017 - either is good
        assert nothing_is_kept(library)
    else:
        library.load(info.name)


@given(content=st.binary(max_size=300), start=st.sampled_from([b"", b"PK\3\4", b"\x93NUMPY"]))
@pytest.mark.filterwarnings("ignore")
def test_any_bytes_are_a_data_set_or_an_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, start: bytes
) -> None:
    survives(Library(cache_dir=tmp_path_factory.mktemp("own") / "cache"), start + content)


@given(noise=st.binary(min_size=1, max_size=8), place=st.integers(0, len(GOOD) - 1))
@pytest.mark.filterwarnings("ignore")
def test_any_damage_to_an_npz_is_survived(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes, place: int
) -> None:
    library = Library(cache_dir=tmp_path_factory.mktemp("own") / "cache")
    survives(library, patched(GOOD, place, noise))


PLAIN = npy(HEADER, IMAGES.tobytes())


@given(noise=st.binary(min_size=1, max_size=20), place=st.integers(0, len(PLAIN) - 1200))
@pytest.mark.filterwarnings("ignore")
def test_any_damage_to_an_array_is_survived(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes, place: int
) -> None:
    library = Library(cache_dir=tmp_path_factory.mktemp("own") / "cache")
    survives(library, with_images(patched(PLAIN, place, noise)))


@given(text=st.text(st.sampled_from('01259,.-+e\n\r" nax\0'), max_size=60))
@pytest.mark.filterwarnings("ignore")
def test_any_csv_is_survived(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    library = Library(cache_dir=tmp_path_factory.mktemp("own") / "cache")
    survives(library, text.encode())


def test_notes_are_laid_beside_it(library: Library, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(npz(images=IMAGES, labels=LABELS))
    library.add(file, "mine", notes={"owner": "somebody"})
    assert (library.uploads_dir / "mine" / "owner").read_text() == "somebody"
