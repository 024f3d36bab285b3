"""IDX files: valid ones are read; for others the error names the file and the fault."""

import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nn_core.datasets import DatasetError
from nn_core.datasets.idx import load_idx
from tests.nn_core.datasets.idx_files import idx, is_mapped

IMAGES = np.arange(3 * 4 * 5, dtype=np.uint8).reshape(3, 4, 5)


@given(hnp.arrays(np.uint8, hnp.array_shapes(min_dims=1, max_dims=3, max_side=6)), st.booleans())
def test_what_was_written_is_read(
    tmp_path_factory: pytest.TempPathFactory,
    array: np.ndarray,
    gzipped: bool,  # noqa: FBT001 - hypothesis draws it
) -> None:
    directory = tmp_path_factory.mktemp("idx")
    path = directory / "file"
    path.write_bytes(gzip.compress(idx(array)) if gzipped else idx(array))
    read = load_idx(path, directory / "cache")
    assert read.dtype == np.uint8
    assert np.array_equal(read, array)


def test_gzipped_or_not_is_seen_by_the_content_and_gives_the_same(tmp_path: Path) -> None:
    plain, packed = tmp_path / "plain.gz", tmp_path / "packed"
    plain.write_bytes(idx(IMAGES))
    packed.write_bytes(gzip.compress(idx(IMAGES)))
    assert np.array_equal(load_idx(plain, tmp_path / "a"), load_idx(packed, tmp_path / "b"))
    assert not (tmp_path / "a").exists()  # nothing to unpack


def test_the_array_is_mapped_and_read_only(tmp_path: Path) -> None:
    path = tmp_path / "images.gz"
    path.write_bytes(gzip.compress(idx(IMAGES)))
    read = load_idx(path, tmp_path / "cache")
    assert is_mapped(read)
    with pytest.raises(ValueError, match="read-only"):
        read[0] = 1


def test_the_second_load_uses_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, cache = tmp_path / "images.gz", tmp_path / "deep" / "cache"
    path.write_bytes(gzip.compress(idx(IMAGES)))
    load_idx(path, cache)
    (copy,) = cache.iterdir()  # and nothing half made is left beside it
    before = copy.stat()

    def no_unpacking(*_args: object) -> None:
        pytest.fail("it was unpacked again")

    monkeypatch.setattr(gzip, "open", no_unpacking)

    assert np.array_equal(load_idx(path, cache), IMAGES)
    assert copy.stat().st_mtime_ns == before.st_mtime_ns
    assert list(cache.iterdir()) == [copy]


def test_a_file_that_changes_is_unpacked_anew(tmp_path: Path) -> None:
    path, cache = tmp_path / "images.gz", tmp_path / "cache"
    path.write_bytes(gzip.compress(idx(IMAGES)))
    first = load_idx(path, cache)
    path.write_bytes(gzip.compress(idx(IMAGES + 1)))
    assert np.array_equal(load_idx(path, cache), IMAGES + 1)
    assert np.array_equal(first, IMAGES)


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda copy: copy.write_bytes(copy.read_bytes()[:-1]), id="cut short"),
        pytest.param(lambda copy: copy.write_bytes(b""), id="empty"),
        pytest.param(lambda copy: copy.write_bytes(bytes(76)), id="zeros"),
        pytest.param(lambda copy: copy.unlink(), id="gone"),
    ],
)
def test_a_damaged_copy_in_the_cache_is_made_again(
    tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    path, cache = tmp_path / "images.gz", tmp_path / "cache"
    path.write_bytes(gzip.compress(idx(IMAGES)))
    load_idx(path, cache)
    (copy,) = cache.iterdir()
    damage(copy)
    assert np.array_equal(load_idx(path, cache), IMAGES)
    assert list(cache.iterdir()) == [copy]


def spoiled(name: str, spoil: Callable[[bytes], bytes], message: str) -> object:
    return pytest.param(spoil, message, id=name)


FAULTS = [
    spoiled("empty", lambda _: b"", "not an IDX file.*nothing"),
    spoiled("one byte", lambda _: b"\0", "not an IDX file"),
    spoiled("text", lambda _: b"<html>404</html>", "not an IDX file.*3c 68 74 6d"),
    spoiled("no dimensions", lambda file: b"\0\0\x08\0" + file[4:], "not an IDX file"),
    spoiled("cut short in the magic", lambda file: file[:3], "not an IDX file"),
    spoiled("cut short in the header", lambda file: file[:9], "cut short.*header"),
    spoiled("header only", lambda file: file[:16], "cut short, 16 bytes.*76"),
    spoiled("cut short in the data", lambda file: file[:-1], "cut short, 75 bytes.*76"),
    spoiled("too long", lambda file: file + b"\0", "too long, 77 bytes.*76"),
    spoiled("four dimensions", lambda file: b"\0\0\x08\x04" + file[4:], "it has 4 dimensions"),
    spoiled("floats", lambda file: b"\0\0\x0d\x03" + file[4:], "type 0x0d, not unsigned bytes"),
    spoiled("no examples", lambda file: file[:4] + b"\0\0\0\0" + file[8:16], r"empty.*\(0, 4, 5\)"),
    spoiled(
        "claims to be huge",
        lambda file: file[:4] + b"\xff" * 12 + file[16:],
        "cut short.*4294967295",
    ),
]


@pytest.mark.parametrize("gzipped", [False, True], ids=["plain", "gzipped"])
@pytest.mark.parametrize(("spoil", "message"), FAULTS)
def test_a_faulty_file_is_named_with_its_fault(
    tmp_path: Path,
    spoil: Callable[[bytes], bytes],
    message: str,
    gzipped: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    path = tmp_path / "my-images"
    content = spoil(idx(IMAGES))
    path.write_bytes(gzip.compress(content) if gzipped else content)
    with pytest.raises(DatasetError, match=f"{path}: .*{message}"):
        load_idx(path, tmp_path / "cache")


PACKED = gzip.compress(idx(IMAGES))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(PACKED[:-1], id="cut short at the end"),
        pytest.param(PACKED[: len(PACKED) // 2], id="cut short in the middle"),
        pytest.param(PACKED[:2], id="two bytes"),
        pytest.param(b"\x1f\x8b" + b"garbage" * 10, id="garbage"),
        pytest.param(PACKED[:-8] + b"\0" * 8, id="wrong checksum"),
        pytest.param(PACKED[:20] + bytes([PACKED[20] ^ 0xFF]) + PACKED[21:], id="a flipped byte"),
        pytest.param(PACKED + b"more", id="garbage behind"),
    ],
)
def test_broken_gzip_is_named_and_leaves_nothing_in_the_cache(
    tmp_path: Path, content: bytes
) -> None:
    path, cache = tmp_path / "my-images.gz", tmp_path / "cache"
    path.write_bytes(content)
    for _ in range(2):
        with pytest.raises(DatasetError, match=f"{path}: .*gzip data is cut short or broken"):
            load_idx(path, cache)
        assert list(cache.iterdir()) == []


@given(content=st.binary(max_size=60), gzipped=st.booleans(), idx_start=st.booleans())
def test_no_bytes_are_anything_but_an_array_or_a_dataset_error(
    tmp_path_factory: pytest.TempPathFactory,
    content: bytes,
    gzipped: bool,  # noqa: FBT001
    idx_start: bool,  # noqa: FBT001
) -> None:
    directory = tmp_path_factory.mktemp("idx")
    path = directory / "file"
    start = b"\x1f\x8b\x08" if gzipped else b"\0\0\x08\x01\0\0\0" if idx_start else b""
    path.write_bytes(start + content)
    message = ""
    try:
        load_idx(path, directory / "cache")
    except DatasetError as error:
        message = str(error)
    assert not message or message.startswith(f"{path}: ")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "nothing-here"
    with pytest.raises(DatasetError, match=f"{path}: .*No such file"):
        load_idx(path, tmp_path)


def test_a_directory_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=f"{tmp_path}: .*directory"):
        load_idx(tmp_path, tmp_path / "cache")


def test_a_cache_that_can_not_be_written_to_is_named(tmp_path: Path) -> None:
    """It is a file here: permissions stop nobody who is root."""
    path, cache = tmp_path / "images.gz", tmp_path / "cache"
    path.write_bytes(PACKED)
    cache.write_text("I am no directory")
    with pytest.raises(DatasetError, match=f"{cache}: images.gz can't be unpacked there"):
        load_idx(path, cache)
    with pytest.raises(DatasetError, match=f"{cache}/sub: images.gz can't be unpacked there"):
        load_idx(path, cache / "sub")


def test_a_full_disk_leaves_nothing_half_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, cache = tmp_path / "images.gz", tmp_path / "cache"
    path.write_bytes(PACKED)

    def no_space(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", no_space)
        with pytest.raises(DatasetError, match=f"{cache}: .*No space left"):
            load_idx(path, cache)
    assert list(cache.iterdir()) == []
    assert np.array_equal(load_idx(path, cache), IMAGES)
