"""Batches: bytes become numbers between 0 and 1, labels one-hot rows."""

from pathlib import Path

import numpy as np
import pytest

from nn_core.datasets import Examples


@pytest.fixture
def examples() -> Examples:
    images = np.array([[0, 255], [51, 102], [1, 254], [255, 255]], np.uint8)
    return Examples(images, np.array([0, 2, 1, 2], np.uint8), classes=3, input_shape=(1, 2))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_batch_is_gathered_and_scaled(examples: Examples, dtype: type[np.floating]) -> None:
    x, y = examples.batch(np.array([3, 1]), dtype)
    assert x.dtype == y.dtype == dtype
    assert x.ravel().tolist() == pytest.approx([1, 1, 0.2, 0.4], rel=1e-6)
    assert y.tolist() == [[0, 0, 1], [0, 0, 1]]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_no_byte_is_more_than_1(dtype: type[np.floating]) -> None:
    examples = Examples(np.arange(256, dtype=np.uint8)[:, None], np.zeros(256, np.uint8), 1)
    x, _ = examples.batch(np.arange(256), dtype)
    assert (x[0], x[255]) == (0, 1)
    assert np.all(np.diff(x[:, 0]) > 0)
    np.testing.assert_allclose(x[:, 0], np.arange(256) / 255, rtol=1e-6)


def test_a_batch_may_be_written_to(examples: Examples) -> None:
    before = examples.images.copy()
    x, y = examples.batch(np.arange(4))
    x[:] = y[:] = 9
    assert np.array_equal(examples.images, before)
    assert examples.batch(np.arange(4))[1].max() == 1


def test_the_first_so_many(examples: Examples) -> None:
    assert len(examples) == 4
    assert len(examples.first(2)) == 2
    assert np.array_equal(examples.first(2).images, examples.images[:2])
    assert examples.first(2).labels.tolist() == [0, 2]
    assert examples.first(2).classes == 3
    assert examples.first(2).input_shape == (1, 2)
    assert len(examples.first(None)) == 4
    assert len(examples.first(100)) == 4


def test_only_the_rows_of_a_batch_are_read_from_a_mapped_file(tmp_path: Path) -> None:
    path = tmp_path / "images"
    np.arange(20, dtype=np.uint8).tofile(path)
    examples = Examples(np.memmap(path, np.uint8, "r", 0, (10, 2)), np.zeros(10, np.uint8), 1)
    x, _ = examples.batch(np.array([9, 0]))
    np.testing.assert_allclose(x * 255, [[18, 19], [0, 1]], rtol=1e-6)
    assert not np.shares_memory(x, examples.images)
