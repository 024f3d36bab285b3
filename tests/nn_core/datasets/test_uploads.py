"""Uploaded data sets: valid ones train like any other, and the rest is refused with a reason."""

import errno
import json
import pickle
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nn_core.datasets import (
    BadDataError,
    Dataset,
    DatasetError,
    DatasetInfo,
    Library,
    NameTakenError,
    StorageError,
    TooLargeError,
    TooManyDatasetsError,
    UnknownDatasetError,
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


# Names


@pytest.mark.parametrize(
    ("filename", "name"),
    [
        ("My Digits (2).npz", "my-digits-2"),
        ("/etc/../x.csv", "x"),
        ("a" * 90 + ".csv", "a" * 40),
    ],
)
def test_the_name_is_made_of_that_of_the_file(
    library: Library, tmp_path: Path, filename: str, name: str
) -> None:
    (tmp_path / "upload").write_bytes(GOOD)
    assert library.add(tmp_path / "upload", filename=filename).name == name
    assert library.add(tmp_path / "upload", filename=filename).name == name  # the same once more
    (tmp_path / "upload").write_bytes(csv(IMAGES, LABELS))
    other = library.add(tmp_path / "upload", filename=filename)  # the same name, another content
    assert other.name.startswith(name[:31] + "-")


@pytest.mark.parametrize("filename", [None, "", "数字.npz", "mnist.npz"])
def test_a_file_without_a_name_that_serves_gets_one(
    library: Library, tmp_path: Path, filename: str | None
) -> None:
    (tmp_path / "upload").write_bytes(GOOD)
    name = library.add(tmp_path / "upload", filename=filename).name
    assert name.startswith(("own-", "mnist-"))
    assert library.is_here(name)


@pytest.mark.parametrize("name", ["", "-a", "A", "a b", "../mine", "a/b", "a" * 41, "ä", "a\n"])
def test_a_bad_name_is_told(library: Library, name: str) -> None:
    with pytest.raises(BadDataError, match="a name has up to 40 small letters") as caught:
        add(library, GOOD, name)
    assert caught.value.part == "name"


def test_a_name_is_taken_once(library: Library) -> None:
    first = add(library, GOOD)
    assert add(library, GOOD) == first
    with pytest.raises(NameTakenError, match="another data set is called mine"):
        add(library, csv(IMAGES, LABELS))
    for known in ("mnist", "digits-5k"):
        with pytest.raises(NameTakenError, match=f"{known} is the name of a data set"):
            add(library, GOOD, known)


def test_there_are_only_so_many(library: Library) -> None:
    for name in ("a", "b", "c"):
        add(library, GOOD, name)
    with pytest.raises(TooManyDatasetsError, match="there are 3 uploaded data sets"):
        add(library, GOOD, "d")
    add(library, GOOD, "a")  # it is here
    library.remove("a")
    add(library, GOOD, "d")
    assert [info.name for info in library.all()][-3:] == ["b", "c", "d"]


def test_a_data_set_that_is_deleted_is_gone_and_can_still_be_read_by_who_has_it(
    library: Library,
) -> None:
    add(library, GOOD)
    dataset = library.load("mine")
    library.remove("mine")
    assert all_pairs(dataset) == pairs(IMAGES, LABELS)
    assert not library.is_here("mine")
    assert nothing_is_kept(library)
    with pytest.raises(UnknownDatasetError):
        library.remove("mine")
    with pytest.raises(NameTakenError, match="only uploaded data"):
        library.remove("mnist")
    add(library, csv(IMAGES, LABELS))


@pytest.mark.parametrize("name", ["../own/mine", "mine/", ".", "..", ""])
def test_a_path_is_no_name(library: Library, name: str) -> None:
    add(library, GOOD)
    assert not library.is_here(name)
    for call in (library.load, library.info, library.remove):
        with pytest.raises(UnknownDatasetError):
            call(name)


@pytest.mark.parametrize("note", ["", "{}", "[]", '{"input_shape": 3}', "no JSON"])
def test_a_folder_that_is_no_data_set_is_passed_over(library: Library, note: str) -> None:
    add(library, GOOD)
    broken = library.cache / "own" / "broken"
    broken.mkdir()
    (broken / "about.json").write_text(note)
    assert [info.name for info in library.all()][-1] == "mine"
    with pytest.raises(UnknownDatasetError):
        library.load("broken")
    with pytest.raises(NameTakenError):
        add(library, csv(IMAGES, LABELS), "broken")


def test_a_full_disk_leaves_nothing(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_space(*_args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(json, "dumps", no_space)
        with pytest.raises(StorageError, match="No space left"):
            add(library, GOOD)
    assert nothing_is_kept(library)
    add(library, GOOD)


# What is not good: an .npz


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


# What is not good: a CSV


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


# A few examples only: drawings, to be added to another data set


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
