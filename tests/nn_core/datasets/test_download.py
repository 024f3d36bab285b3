"""Downloads: whole and as pinned, or not at all."""

import gzip
import multiprocessing
import os
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from multiprocessing.synchronize import Barrier
from pathlib import Path

import numpy as np
import pytest

from nn_core.datasets import DATASETS, DatasetInfo, DownloadError, Library
from nn_core.datasets.download import CHUNK, download
from nn_core.datasets.registry import FILES
from tests.mirror import Mirror, published
from tests.nn_core.datasets.idx_files import idx

RNG = np.random.default_rng(0)
SMALL = {
    FILES[0]: gzip.compress(idx(RNG.integers(0, 256, (300, 28, 28))), mtime=0),
    FILES[1]: gzip.compress(idx(np.arange(300) % 10), mtime=0),
    FILES[2]: gzip.compress(idx(RNG.integers(0, 256, (20, 28, 28))), mtime=0),
    FILES[3]: gzip.compress(idx(np.arange(20) % 10), mtime=0),
}


@pytest.fixture
def mirror() -> Iterator[Mirror]:
    with Mirror({f"mnist/{name}": body for name, body in SMALL.items()}) as mirror:
        yield mirror


@pytest.fixture
def info(mirror: Mirror) -> DatasetInfo:
    """MNIST, as if its files were these small ones, at the local server."""
    return published(DATASETS["mnist"], SMALL, f"{mirror.address}/mnist")


def test_it_is_here_once_it_is_downloaded(
    tmp_path: Path, info: DatasetInfo, mirror: Mirror
) -> None:
    library = Library(cache_dir=tmp_path)
    assert not library.is_here("mnist")
    download(info, library.download_dir("mnist"))
    assert library.is_here("mnist")
    assert len(library.load("mnist").training) == 300
    assert mirror.requests == [f"mnist/{name}" for name in FILES]
    kept = sorted(path.name for path in library.download_dir("mnist").iterdir())
    assert kept == sorted(FILES)
    for path in library.download_dir("mnist").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o644  # a server may be another user


def test_a_mirror_is_asked_instead_of_the_public_home(
    tmp_path: Path, info: DatasetInfo, mirror: Mirror
) -> None:
    elsewhere = published(info, SMALL, "http://127.0.0.1:9/nowhere")
    download(elsewhere, tmp_path / "mnist", mirror=mirror.address + "/")
    assert len(mirror.requests) == 4


def test_the_progress_grows_to_all_bytes(tmp_path: Path, info: DatasetInfo) -> None:
    told: list[tuple[int, int]] = []
    download(info, tmp_path / "mnist", lambda done, total: told.append((done, total)))
    size = sum(map(len, SMALL.values()))
    assert len(SMALL[FILES[0]]) > 2 * CHUNK
    assert told[0] == (CHUNK, size)
    assert told[-1] == (size, size)
    done = [bytes_here for bytes_here, _ in told]
    assert done == sorted(done)


def test_a_server_may_send_in_chunks_and_not_say_how_much(
    tmp_path: Path, info: DatasetInfo, mirror: Mirror
) -> None:
    mirror.chunked = 1000
    told: list[int] = []
    download(info, tmp_path / "mnist", lambda done, _total: told.append(done))
    assert Library(cache_dir=tmp_path).is_here("mnist")
    assert told == sorted(told)
    assert told[-1] == sum(map(len, SMALL.values()))


def test_what_is_there_already_is_not_downloaded_again(
    tmp_path: Path, info: DatasetInfo, mirror: Mirror
) -> None:
    download(info, tmp_path / "mnist")
    (tmp_path / "mnist" / FILES[2]).unlink()
    (tmp_path / "mnist" / FILES[3]).write_bytes(b"damaged")
    mirror.requests.clear()
    download(info, tmp_path / "mnist")
    assert mirror.requests == [f"mnist/{FILES[2]}", f"mnist/{FILES[3]}"]
    assert (tmp_path / "mnist" / FILES[3]).read_bytes() == SMALL[FILES[3]]


def assert_nothing_is_kept(tmp_path: Path) -> None:
    assert not Library(cache_dir=tmp_path).is_here("mnist")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("cut_after", [0, 1, CHUNK, CHUNK + 1, len(SMALL[FILES[0]]) - 1])
def test_a_download_that_is_cut_off_leaves_nothing_and_can_be_repeated(
    tmp_path: Path, info: DatasetInfo, mirror: Mirror, cut_after: int
) -> None:
    mirror.cut_after = cut_after
    with pytest.raises(DownloadError, match=rf"mnist can't be downloaded: .*{FILES[0]}.*broke off"):
        download(info, tmp_path / "mnist")
    assert_nothing_is_kept(tmp_path)
    mirror.cut_after = None
    download(info, tmp_path / "mnist")
    assert Library(cache_dir=tmp_path).is_here("mnist")


def test_a_wrong_checksum_is_refused(tmp_path: Path, info: DatasetInfo, mirror: Mirror) -> None:
    body = bytearray(SMALL[FILES[0]])
    body[1000] ^= 1
    mirror.files[f"mnist/{FILES[0]}"] = bytes(body)
    with pytest.raises(DownloadError, match=f"{FILES[0]} is not the file .*SHA-256.*NUDGE_DATA"):
        download(info, tmp_path / "mnist")
    assert_nothing_is_kept(tmp_path)


def test_three_good_files_are_not_a_data_set(
    tmp_path: Path, info: DatasetInfo, mirror: Mirror
) -> None:
    mirror.files[f"mnist/{FILES[3]}"] = b"<html>Sign in to this network</html>"
    with pytest.raises(DownloadError, match=FILES[3]):
        download(info, tmp_path / "mnist")
    assert len(list((tmp_path / "mnist").iterdir())) == 3
    assert not Library(cache_dir=tmp_path).is_here("mnist")


def test_a_file_that_does_not_end_is_given_up(
    tmp_path: Path, info: DatasetInfo, mirror: Mirror
) -> None:
    mirror.files[f"mnist/{FILES[0]}"] = SMALL[FILES[0]] + bytes(50 * CHUNK)
    mirror.hold_after = len(SMALL[FILES[0]]) + 3 * CHUNK  # it would wait for ever
    with pytest.raises(DownloadError, match="more bytes than"):
        download(info, tmp_path / "mnist")
    assert_nothing_is_kept(tmp_path)


def test_a_missing_file_is_told(tmp_path: Path, info: DatasetInfo, mirror: Mirror) -> None:
    del mirror.files[f"mnist/{FILES[0]}"]
    with pytest.raises(DownloadError, match="answered 404"):
        download(info, tmp_path / "mnist")


def test_without_a_network_the_address_and_the_other_way_are_told(
    tmp_path: Path, info: DatasetInfo
) -> None:
    with socket.socket() as nobody:  # bound, but it does not listen
        nobody.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        with pytest.raises(DownloadError) as caught:
            download(info, tmp_path / "mnist", mirror=address)
    assert f"{address}/mnist/{FILES[0]} can't be reached" in str(caught.value)
    assert "NUDGE_DATA_DIR/mnist" in str(caught.value)
    assert_nothing_is_kept(tmp_path)


def test_a_directory_that_can_not_be_written_to_is_told(tmp_path: Path, info: DatasetInfo) -> None:
    (tmp_path / "file").write_text("I am no directory")
    with pytest.raises(DownloadError, match=r"can't be written to|can't be downloaded"):
        download(info, tmp_path / "file" / "mnist")


def test_the_digits_that_ship_can_not_be_downloaded(tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match="digits-5k is nothing that could be downloaded"):
        download(DATASETS["digits-5k"], tmp_path)


def test_what_a_killed_download_left_behind_is_removed_later(
    tmp_path: Path, info: DatasetInfo
) -> None:
    directory = tmp_path / "mnist"
    directory.mkdir()
    for name, seconds_ago in (("tmpold", 100_000), ("tmpnew", 60)):
        (directory / name).touch()
        then = time.time() - seconds_ago
        os.utime(directory / name, (then, then))
    download(info, directory)
    assert sorted(path.name for path in directory.iterdir()) == sorted([*FILES, "tmpnew"])


class GiveUpError(Exception):
    pass


def test_whoever_is_told_of_the_progress_can_end_it(tmp_path: Path, info: DatasetInfo) -> None:
    def give_up(_done: int, _total: int) -> None:
        raise GiveUpError

    with pytest.raises(GiveUpError):
        download(info, tmp_path / "mnist", give_up)
    assert_nothing_is_kept(tmp_path)


def download_when_all_are_ready(start: Barrier, info: DatasetInfo, directory: Path) -> None:
    start.wait(60)
    download(info, directory)


def test_processes_that_download_at_once_do_not_disturb_each_other(
    tmp_path: Path, info: DatasetInfo, mirror: Mirror
) -> None:
    mirror.hold_after = CHUNK  # so that both are in the middle of the first file
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(2)
    processes = [
        context.Process(target=download_when_all_are_ready, args=(start, info, tmp_path / "mnist"))
        for _ in range(2)
    ]
    for process in processes:
        process.start()
    for _ in processes:
        assert mirror.holding.acquire(timeout=60)
    assert not Library(cache_dir=tmp_path).is_here("mnist")
    mirror.go_on.set()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0]
    assert sorted(path.name for path in (tmp_path / "mnist").iterdir()) == sorted(FILES)
    assert len(Library(cache_dir=tmp_path).load("mnist").training) == 300


@pytest.mark.parametrize("name", ["mnist", "fashion-mnist", "kmnist"])
def test_each_public_data_set_has_four_pinned_files(name: str) -> None:
    source = DATASETS[name].source
    assert source is not None
    assert [file.name for file in source.files] == list(FILES)
    for file in source.files:
        assert len(bytes.fromhex(file.sha256)) == 32
    assert 10e6 < source.size < 40e6


def test_mnists_pinned_files_are_those_of_the_original(
    mnist_data_dir: Path, tmp_path: Path
) -> None:
    """The real sums, on the real files, through a real download."""
    files = {f"mnist/{name}": (mnist_data_dir / "mnist" / name).read_bytes() for name in FILES}
    with Mirror(files) as mirror:
        download(DATASETS["mnist"], tmp_path / "mnist", mirror=mirror.address)
    assert len(Library(cache_dir=tmp_path).load("mnist").training) == 60_000


def test_importing_nn_core_needs_no_downloader() -> None:
    code = "import sys, nn_core, nn_core.datasets.download; print('pooch' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"
