"""Files that come together: IDX files in a zip or one by one, gzipped or not; and foreign ones."""

import gzip
import io
import zipfile
from pathlib import Path

import numpy as np
import pytest

from nn_core.datasets import BadDataError, Dataset, DatasetError, Library, Offered, TooLargeError
from nn_core.datasets.limits import UploadLimits
from tests.nn_core.datasets.csv_texts import CLASSES, PICTURES, Writer
from tests.nn_core.datasets.idx_files import idx
from tests.nn_core.datasets.uploaded_files import npz

IMAGES, LABELS = idx(PICTURES), idx(CLASSES)
PAIR = {"train-images-idx3-ubyte": IMAGES, "train-labels-idx1-ubyte": LABELS}
FOUR = {
    "train-images-idx3-ubyte": idx(PICTURES[:30]),
    "train-labels-idx1-ubyte": idx(CLASSES[:30]),
    "t10k-images-idx3-ubyte": idx(PICTURES[30:]),
    "t10k-labels-idx1-ubyte": idx(CLASSES[30:]),
}


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(cache_dir=tmp_path / "cache")


def zipped(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def add(
    library: Library,
    files: dict[str, bytes],
    limits: UploadLimits = UploadLimits(),  # noqa: B008
) -> Dataset:
    offered = []
    for number, (name, content) in enumerate(files.items()):
        path = library.cache.parent / str(number)
        path.write_bytes(content)
        offered.append(Offered(name, path))
    return library.load(library.add(offered, "mine", limits=limits).name)


def is_whole(dataset: Dataset) -> bool:
    images = np.concatenate([dataset.training.images, dataset.test.images])
    labels = np.concatenate([dataset.training.labels, dataset.test.labels])
    return dataset.input_shape == (5, 5) and sorted(
        zip(map(bytes, images), labels.tolist(), strict=True)
    ) == sorted(zip(map(bytes, PICTURES.reshape(40, -1)), CLASSES.tolist(), strict=True))


def spelled(files: dict[str, bytes], old: str, new: str) -> dict[str, bytes]:
    return {name.replace(old, new): content for name, content in files.items()}


def gzipped(files: dict[str, bytes]) -> dict[str, bytes]:
    return {f"{name}.gz": gzip.compress(content) for name, content in files.items()}


@pytest.mark.parametrize("pack", [dict, gzipped], ids=["plain", "gzipped"])
@pytest.mark.parametrize(
    "files",
    [
        pytest.param(PAIR, id="a pair"),
        pytest.param(FOUR, id="four"),
        pytest.param(spelled(FOUR, "-idx", ".idx"), id="dots"),
        pytest.param(spelled(FOUR, "t10k", "test"), id="test"),
        pytest.param(spelled(FOUR, "t", "emnist-letters-t"), id="emnist"),
        pytest.param({"images": IMAGES, "labels": LABELS}, id="any names"),
        pytest.param(dict(reversed(FOUR.items())), id="another order"),
    ],
)
def test_idx_files_are_taken_in_a_zip_or_one_by_one(
    library: Library, files: dict[str, bytes], pack: type[dict[str, bytes]]
) -> None:
    files = pack(files)
    beside = {"README.md": b"read me", "__MACOSX/._x": b"\0\5\x16\7", ".DS_Store": b"\0\0\0\1"}
    for offered in (
        files,
        {"all.zip": zipped(files)},
        {"all.zip": zipped({f"a folder/{name}": content for name, content in files.items()})},
        {"all.zip": zipped(files | beside)},
    ):
        dataset = add(library, offered)
        library.remove("mine")
        assert is_whole(dataset)
        if len(files) == 4:
            assert bytes(dataset.test.images) == bytes(PICTURES[30:])


@pytest.mark.parametrize(
    "files",
    [
        {"digits.csv.gz": gzip.compress(Writer()())},
        {"digits.zip": zipped({"digits.csv": Writer()(), "README.txt": b"about them"})},
        {"digits.zip": zipped({"digits.npz": npz(x=PICTURES, y=CLASSES)})},
        {"digits.npz.gz": gzip.compress(npz(x=PICTURES, y=CLASSES))},
    ],
)
def test_one_file_that_is_packed(library: Library, files: dict[str, bytes]) -> None:
    dataset = add(library, files)
    assert len(dataset.training) + len(dataset.test) == 40


def test_labels_of_idx_files_keep_their_names(library: Library) -> None:
    add(library, {"images": IMAGES, "labels": idx(CLASSES + 1)})
    assert library.info("mine").class_names == ("1", "2", "3", "4")


def test_the_same_files_in_another_order_are_the_same(library: Library) -> None:
    add(library, PAIR)
    add(library, dict(reversed(PAIR.items())))


@pytest.mark.parametrize(
    ("files", "words"),
    [
        pytest.param({"a": IMAGES}, "1 files (a): 1 with images, 0 with labels", id="images only"),
        pytest.param({"a": LABELS}, "0 with images, 1 with labels", id="labels only"),
        pytest.param(
            {"a": IMAGES, "b": idx(CLASSES[:9])}, "40 images (a) and 9 labels (b)", id="9"
        ),
        pytest.param(
            {"train-images": IMAGES, "t10k-labels": LABELS}, "do not belong together", id="mixed"
        ),
        pytest.param(spelled(FOUR, "t10k", "other"), 'have "train" in it and that of', id="names"),
        pytest.param({"a": IMAGES[:-1], "b": LABELS}, "a: cut short, 1,015 bytes", id="short"),
        pytest.param({"a": b"\0\0\x0d\1" + LABELS[4:], "b": IMAGES}, "type 0x0d", id="floats"),
        pytest.param(
            {"a.gz": gzip.compress(IMAGES)[:-9], "b": LABELS}, "a.gz: its gzip data is", id="gz"
        ),
        pytest.param(
            {"a": Writer()(), "b": Writer()()}, "2 files (a, b): send one .npz, one CSV", id="two"
        ),
        pytest.param(
            {"x.zip": zipped({f"{i}.png": b"\x89PNG" for i in range(9)})},
            "9 files (0.png, 1.png, 2.png, 3.png, 4.png and 4 more): send one",
            id="pictures",
        ),
        pytest.param({"x": zipped({"xl/workbook.xml": b"<", "a": b""})}, "as CSV", id="Excel"),
        pytest.param({"x": zipped({"a/data.pkl": b"(", "a/0": b""})}, "a pickle in it", id="torch"),
        pytest.param({"x": b"\x89HDF\r\n\x1a\n"}, "an HDF5 file, which is not read", id="HDF5"),
        pytest.param({"x": b"\x89PNG\r\n\x1a\n"}, "a picture, which is not read", id="PNG"),
        pytest.param({"x": gzip.compress(b"")}, "empty", id="nothing gzipped"),
    ],
)
def test_what_can_not_be_read_is_told_by_its_cause(
    library: Library, files: dict[str, bytes], words: str
) -> None:
    with pytest.raises(BadDataError) as caught:
        add(library, files)
    assert words in str(caught.value)
    assert str(library.cache.parent) not in str(caught.value)
    assert not library.uploads_dir.exists()


def test_a_cut_off_or_damaged_zip_is_told(library: Library) -> None:
    whole = zipped(gzipped(FOUR))
    for place in range(0, len(whole), 7):
        for content in (whole[:place], whole[:place] + b"\xff" + whole[place + 1 :]):
            try:
                add(library, {"x.zip": content})
            except DatasetError as error:
                assert str(error)  # noqa: PT017 - either is good
            else:
                library.remove("mine")


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"x.csv.gz": gzip.compress(bytes(200_001))}, id="gzipped"),
        pytest.param({"x.zip": zipped({"a": bytes(200_001)})}, id="zipped"),
        pytest.param({"x.zip": zipped({"a": bytes(150_000), "b": bytes(60_000)})}, id="together"),
        pytest.param(
            {"x.zip": zipped({"a.gz": gzip.compress(bytes(10**7)), "b": LABELS})}, id="in a zip"
        ),
        pytest.param(
            {f"{i}.gz": gzip.compress(idx(np.zeros((9, 100, 100)))) for i in range(3)}, id="three"
        ),
    ],
)
def test_what_unpacks_to_too_much_is_not_unpacked(
    library: Library, files: dict[str, bytes]
) -> None:
    with pytest.raises(TooLargeError, match="allowed"):
        add(library, files, UploadLimits(unpacked_bytes=200_000))
