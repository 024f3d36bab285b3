"""A data directory: its folders and files in the usual spellings, and what is missing in it."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from nn_core.datasets import DatasetError, Library
from nn_core.datasets.registry import FILES
from tests.nn_core.datasets.idx_files import idx

CONTENTS = [
    idx(np.full((6, 28, 28), 9)),
    idx(np.arange(6)),
    idx(np.full((3, 28, 28), 8)),
    idx(np.ones(3)),
]


def put(folder: Path, change: tuple[str, str] = ("", ""), *, packed: bool = False) -> None:
    folder.mkdir(parents=True)
    for file, content in zip(FILES, CONTENTS, strict=True):
        name = file.removesuffix(".gz").replace(*change) + ".gz" * packed
        (folder / name).write_bytes(gzip.compress(content) if packed else content)


def library(data_dir: Path) -> Library:
    return Library(data_dir, data_dir.parent / "cache")


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("change", [("", ""), ("-idx", ".idx"), ("t10k", "test"), ("-u", "-u")])
def test_the_usual_spellings_of_the_files(
    tmp_path: Path,
    change: tuple[str, str],
    packed: bool,  # noqa: FBT001
) -> None:
    put(tmp_path / "data" / "mnist", change, packed=packed)
    there = library(tmp_path / "data")
    assert there.is_here("mnist")
    assert there.missing("mnist") is None
    assert len(there.load("mnist").test) == 3


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("mnist", "mnist"),
        ("mnist", "MNIST/raw"),
        ("fashion-mnist", "FashionMNIST/raw"),
        ("fashion-mnist", "fashion_mnist"),
        ("kmnist", "KMNIST"),
        ("mnist", "."),
        ("kmnist", "../kmnist"),
    ],
)
def test_the_usual_names_of_the_folder(tmp_path: Path, name: str, folder: str) -> None:
    data_dir = tmp_path / "mnist" if folder == "." else tmp_path / "data"
    if folder.startswith(".."):
        data_dir = tmp_path / "kmnist"
        folder = "."
    put(data_dir / folder)
    assert len(library(data_dir).load(name).training) == 6
    assert [
        known.name for known in library(data_dir).all() if library(data_dir).is_here(known.name)
    ] == [
        "digits-5k",
        name,
    ]


def test_a_folder_that_is_called_like_a_file_is_none(tmp_path: Path) -> None:
    """As some archives unpack: a folder for each file, and the files beside them with a dot."""
    put(tmp_path / "data" / "mnist", ("-idx", ".idx"))
    for file in FILES:
        (tmp_path / "data" / "mnist" / file.removesuffix(".gz")).mkdir()
    assert len(library(tmp_path / "data").load("mnist").test) == 3


def test_the_folder_with_most_of_the_files_is_taken(tmp_path: Path) -> None:
    put(tmp_path / "data" / "MNIST" / "raw")
    (tmp_path / "data" / "mnist").mkdir()
    assert library(tmp_path / "data").is_here("mnist")


def test_what_is_missing_is_told_with_the_folder(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    assert library(data_dir).missing("mnist") == f"there is no folder {data_dir / 'mnist'}"
    put(data_dir / "mnist", ("-idx", ".idx"))
    (data_dir / "mnist" / "t10k-labels.idx1-ubyte").unlink()
    words = f"{data_dir / 'mnist'} has no t10k-labels-idx1-ubyte"
    assert library(data_dir).missing("mnist") == words
    for call in (library(data_dir).load, library(data_dir).load_to_train):
        with pytest.raises(DatasetError) as caught:
            call("mnist")
        assert words in str(caught.value)
    with pytest.raises(DatasetError) as caught:
        library(data_dir).check_extra("digits-5k", "mnist")
    assert words in str(caught.value)
    assert Library(None, tmp_path / "cache").missing("mnist") is None
    assert library(data_dir).missing("digits-5k") is None
