"""Uploads that are kept: their names, their number, their folders."""

import errno
import json
from pathlib import Path

import pytest

from nn_core.datasets import (
    BadDataError,
    Library,
    NameTakenError,
    StorageError,
    TooManyDatasetsError,
    UnknownDatasetError,
)
from tests.nn_core.datasets import test_uploads
from tests.nn_core.datasets.test_uploads import (
    add,
    all_pairs,
    nothing_is_kept,
    pairs,
)
from tests.nn_core.datasets.uploaded_files import (
    GOOD,
    IMAGES,
    LABELS,
    csv,
)

library = test_uploads.library  # the same fixture


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
