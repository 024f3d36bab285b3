"""The data sets: what ships, what lies in the data directory, and what is wrong with a file."""

import gzip
import multiprocessing
import re
import shutil
import tempfile
import threading
from multiprocessing.synchronize import Barrier
from pathlib import Path

import numpy as np
import pytest

from nn_core.datasets import DATASETS, Dataset, DatasetError, Library, is_here, load
from nn_core.datasets.library import EMBEDDED_DIR
from nn_core.datasets.registry import FILES
from tests.nn_core.datasets.idx_files import idx, is_mapped

TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS = FILES


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A data directory with a tiny data set in the place of MNIST, to be spoiled."""
    directory = tmp_path / "data" / "mnist"
    directory.mkdir(parents=True)
    rng = np.random.default_rng(0)
    for images, labels, examples in (
        (TRAIN_IMAGES, TRAIN_LABELS, 12),
        (TEST_IMAGES, TEST_LABELS, 5),
    ):
        drawn = rng.integers(0, 256, (examples, 28, 28))
        (directory / images).write_bytes(gzip.compress(idx(drawn)))
        (directory / labels).write_bytes(gzip.compress(idx(np.arange(examples) % 10)))
    return directory.parent


# digits-5k, which ships


def test_it_is_there_without_any_directory_of_yours() -> None:
    assert is_here("digits-5k", None)


def test_4000_to_train_and_1000_to_test(digits: Dataset) -> None:
    info = DATASETS["digits-5k"]
    assert (len(digits.training), len(digits.test)) == (4000, 1000)
    assert (info.training_examples, info.test_examples) == (4000, 1000)
    assert digits.input_shape == (28, 28)
    assert digits.classes == 10
    for examples in (digits.training, digits.test):
        assert examples.images.shape == (len(examples), 784)
        assert examples.images.dtype == examples.labels.dtype == np.uint8


def test_as_many_of_each_digit_in_both(digits: Dataset) -> None:
    assert np.bincount(digits.training.labels).tolist() == [400] * 10
    assert np.bincount(digits.test.labels).tolist() == [100] * 10


def test_the_first_so_many_are_a_mixture(digits: Dataset) -> None:
    """train_examples takes the first ones, so they must not be sorted by class."""
    counts = np.bincount(digits.training.first(500).labels, minlength=10)
    assert counts.min() > 25


def test_no_test_digit_is_among_those_to_train_with(digits: Dataset) -> None:
    training = {image.tobytes() for image in digits.training.images}
    assert len(training) == 4000
    assert not training & {image.tobytes() for image in digits.test.images}


def test_the_images_are_digits_in_their_full_range(digits: Dataset) -> None:
    images = digits.training.images
    assert (images.min(), images.max()) == (0, 255)
    corners = images.reshape(-1, 28, 28)[:, ::27, ::27]
    assert not corners.any()
    assert 0.10 < images.mean() / 255 < 0.16  # MNIST's is 0.13


def test_they_are_mapped_into_memory_not_read(digits: Dataset) -> None:
    for examples in (digits.training, digits.test):
        assert is_mapped(examples.images)
        assert not examples.images.flags.writeable


def test_they_are_all_from_mnists_training_set(digits: Dataset, mnist: Dataset) -> None:
    known = {
        (image.tobytes(), label)
        for image, label in zip(mnist.training.images, mnist.training.labels.tolist(), strict=True)
    }
    for examples in (digits.training, digits.test):
        for image, label in zip(examples.images, examples.labels.tolist(), strict=True):
            assert (image.tobytes(), label) in known


# MNIST itself


def test_mnist_in_full(mnist: Dataset) -> None:
    assert (len(mnist.training), len(mnist.test)) == (60_000, 10_000)
    assert mnist.training.images.shape == (60_000, 784)
    assert np.bincount(mnist.training.labels).tolist() == [
        *(5923, 6742, 5958, 6131, 5842),
        *(5421, 5918, 6265, 5851, 5949),
    ]
    assert np.bincount(mnist.test.labels).sum() == 10_000
    assert mnist.training.labels[:5].tolist() == [5, 0, 4, 1, 9]
    assert mnist.test.labels[:5].tolist() == [7, 2, 1, 0, 4]
    assert is_mapped(mnist.training.images)


def test_mnist_is_here_only_where_its_files_are(mnist_data_dir: Path, tmp_path: Path) -> None:
    assert is_here("mnist", mnist_data_dir, tmp_path)
    assert not is_here("mnist", tmp_path, tmp_path)
    assert not is_here("mnist", None, tmp_path)


def test_files_that_were_downloaded_are_found_in_the_cache(data_dir: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    shutil.move(data_dir / "mnist", cache / "mnist")
    assert is_here("mnist", data_dir, cache)
    assert len(load("mnist", data_dir, cache).training) == 12


def test_a_user_without_a_home_has_a_cache_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_home() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", no_home)
    assert Library().cache.is_relative_to(tempfile.gettempdir())


# A data directory


def test_gzipped_or_unpacked_gives_the_same(data_dir: Path, tmp_path: Path) -> None:
    gzipped = load("mnist", data_dir, tmp_path / "cache")
    for file in FILES:
        packed = data_dir / "mnist" / file
        packed.with_suffix("").write_bytes(gzip.decompress(packed.read_bytes()))
        packed.unlink()
    unpacked = load("mnist", data_dir, tmp_path / "unused")
    for one, other in ((gzipped.training, unpacked.training), (gzipped.test, unpacked.test)):
        assert np.array_equal(one.images, other.images)
        assert np.array_equal(one.labels, other.labels)
    assert not (tmp_path / "unused").exists()


def test_the_data_directory_is_never_written_to(data_dir: Path, tmp_path: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in data_dir.rglob("*")}
    load("mnist", data_dir, tmp_path / "cache")
    assert {path: path.stat().st_mtime_ns for path in data_dir.rglob("*")} == before


def test_an_unknown_name_is_told_with_those_there_are() -> None:
    with pytest.raises(DatasetError, match=r"'letters'.*digits-5k, mnist"):
        load("letters")


@pytest.mark.parametrize("name", ["../mnist", "/etc", "", "digits-5k/"])
def test_a_path_is_no_name(name: str, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no data set"):
        load(name, tmp_path, tmp_path)


def test_a_data_set_that_is_not_here_says_where_it_was_looked_for(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    with pytest.raises(
        DatasetError, match=r"mnist is not here: .*nudge download mnist.*none is set"
    ):
        load("mnist", cache_dir=cache)
    with pytest.raises(DatasetError, match=f"mnist is not here.*{tmp_path / 'mnist'}"):
        load("mnist", tmp_path, cache)


@pytest.mark.parametrize("file", FILES)
def test_a_missing_file_is_named(data_dir: Path, tmp_path: Path, file: str) -> None:
    (data_dir / "mnist" / file).unlink()
    with pytest.raises(DatasetError, match=re.escape(file.removesuffix(".gz"))):
        load("mnist", data_dir, tmp_path / "cache")


@pytest.mark.parametrize(
    ("file", "array", "message"),
    [
        (TRAIN_IMAGES, np.zeros((12, 28)), r"shape is \(12, 28\), not that of 28x28 images"),
        (TRAIN_IMAGES, np.zeros((12, 20, 20)), r"shape is \(12, 20, 20\), not that of 28x28"),
        (TEST_IMAGES, np.zeros(5), r"shape is \(5,\), not that of 28x28 images"),
        (TRAIN_LABELS, np.zeros(11), r"shape is \(11,\), not a label for each of the 12 images"),
        (TRAIN_LABELS, np.zeros((12, 1)), r"shape is \(12, 1\), not a label for each"),
        (TEST_LABELS, np.zeros(12), r"shape is \(12,\), not a label for each of the 5 images"),
        (TEST_LABELS, np.array([0, 1, 10, 3, 4]), "label 10; the classes are 0 to 9"),
        (TRAIN_LABELS, np.full(12, 255), "label 255; the classes are 0 to 9"),
    ],
)
def test_files_that_do_not_fit_are_named_with_what_is_wrong(
    data_dir: Path, tmp_path: Path, file: str, array: np.ndarray, message: str
) -> None:
    path = data_dir / "mnist" / file
    path.write_bytes(gzip.compress(idx(array)))
    with pytest.raises(DatasetError, match=f"{re.escape(str(path))}: .*{message}"):
        load("mnist", data_dir, tmp_path / "cache")


def test_a_real_file_cut_short_is_named(data_dir: Path, tmp_path: Path) -> None:
    path = data_dir / "mnist" / TEST_IMAGES
    whole = (EMBEDDED_DIR / "digits-5k" / TEST_IMAGES).read_bytes()
    path.write_bytes(whole[:100_000])
    with pytest.raises(DatasetError, match=f"{re.escape(str(path))}: .*cut short"):
        load("mnist", data_dir, tmp_path / "cache")


def test_images_and_labels_that_were_exchanged(data_dir: Path, tmp_path: Path) -> None:
    directory = data_dir / "mnist"
    shutil.move(directory / TRAIN_IMAGES, directory / "aside")
    shutil.move(directory / TRAIN_LABELS, directory / TRAIN_IMAGES)
    shutil.move(directory / "aside", directory / TRAIN_LABELS)
    with pytest.raises(DatasetError, match=re.escape(TRAIN_IMAGES)):
        load("mnist", data_dir, tmp_path / "cache")


# Several at once


def sum_of_pixels(cache_dir: Path) -> int:
    digits = load("digits-5k", cache_dir=cache_dir)
    return int(digits.training.images.sum(dtype=np.int64) + digits.test.labels.sum(dtype=np.int64))


def load_when_all_are_ready(start: Barrier, cache_dir: Path) -> None:
    start.wait(60)
    assert sum_of_pixels(cache_dir) > 0


def test_processes_that_load_at_once_do_not_disturb_each_other(
    tmp_path: Path, digits: Dataset
) -> None:
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(2)
    processes = [
        context.Process(target=load_when_all_are_ready, args=(start, tmp_path / "cache"))
        for _ in range(2)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0]
    assert len(list((tmp_path / "cache").iterdir())) == 4  # the four files, nothing half made
    again = load("digits-5k", cache_dir=tmp_path / "cache")
    assert np.array_equal(again.training.images, digits.training.images)


def test_threads_that_load_at_once_all_get_the_digits(tmp_path: Path) -> None:
    start = threading.Barrier(4)
    sums: list[int] = []

    def work() -> None:
        start.wait(60)
        sums.append(sum_of_pixels(tmp_path))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(sums) == 4
    assert len(set(sums)) == 1
