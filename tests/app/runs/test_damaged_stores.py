"""Damaged stores: what is damaged counts as absent, nothing is erased, and no start hangs."""

import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from shutil import copytree
from unittest.mock import patch

import pytest

from tests.app.clients import Client, Watcher
from tests.app.test_cli import nudge
from tests.server_thread import StartServer, serving


def flipped(file: bytes) -> bytes:
    """Return the file with one number of its network changed."""
    place = len(file) - 1000
    return file[:place] + bytes([file[place] ^ 1]) + file[place + 1 :]


@pytest.mark.parametrize(
    "damaged",
    [
        lambda _file: b"",
        lambda file: file[:100],
        lambda file: file[:-1],
        lambda file: os.urandom(len(file)),
        lambda _file: b"\2\0\0\0\0\0\0\0{}",
        flipped,
    ],
)
def test_a_run_whose_last_checkpoint_is_damaged_is_trained_again(
    start_server: StartServer,
    tmp_path: Path,
    expected_errors: list[str],
    damaged: Callable[[bytes], bytes],
) -> None:
    expected_errors.append("it is damaged")
    server = start_server()
    with Client(base_url=server.url) as client:
        run = client.run(epochs=None, train_examples=320, steps_per_second=200)
        watcher = Watcher(server, run)
        watcher.until("epoch")
        watcher.close()
        client.patch(f"/api/runs/{run}", json={"learning_rate": 0.5})
        client.command(run, "pause")
        before = client.command(run, "step")
        network = client.get(f"/api/runs/{run}/checkpoint").content
        server.stop()
        file = tmp_path / "store" / "checkpoints" / run / "training.safetensors"
        file.write_bytes(damaged(file.read_bytes()))
        server = start_server()
        client.base_url = server.url
        again = client.get(f"/api/runs/{run}").json()
        assert (again["status"], again["step"]) == ("paused", before["step"])
        stepped = client.command(run, "step")
        assert stepped["step"] == before["step"] + 1
        client.command(run, "stop")
        server.stop()
        assert network  # bit for bit: test_lasting


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Return the folder of a server that has ended, and its two runs, which had ended before."""
    folder = tmp_path_factory.mktemp("ended")
    with serving(folder) as server, Client(base_url=server.url) as client:
        runs = [client.run(epochs=1, train_examples=320) for _ in range(2)]
        for run in runs:
            watcher = Watcher(server, run)
            watcher.until_status("finished")
            watcher.close()
    return folder, runs


@pytest.fixture
def ended_store(made_once: tuple[Path, list[str]], tmp_path: Path) -> list[str]:
    """Put a copy of that store where the test's servers have theirs; return its runs."""
    folder, runs = made_once
    copytree(folder / "store", tmp_path / "store")
    return runs


def test_a_run_that_can_t_be_read_keeps_its_networks(
    start_server: StartServer, ended_store: list[str], tmp_path: Path, expected_errors: list[str]
) -> None:
    expected_errors.append("its record can't be read")
    expected_errors.append("belongs to no run")
    first, second = ended_store
    store = tmp_path / "store"
    (store / "checkpoints" / "a-folder").mkdir()
    (store / "checkpoints" / "a-folder" / "file").write_text("somebody's")
    with closing(sqlite3.connect(store / "nudge.sqlite")) as database:
        spec = json.dumps({"of a later version": True})
        database.execute("UPDATE runs SET spec = ? WHERE id = ?", (spec, first))
        database.commit()
    server = start_server()
    with Client(base_url=server.url) as client:
        assert client.get(f"/api/runs/{first}").status_code == 404
        assert client.get(f"/api/runs/{second}/checkpoint").status_code == 200
        assert (store / "checkpoints" / first / "1.safetensors").exists()
        assert (store / "aside" / "a-folder" / "file").read_text() == "somebody's"


def overwrite(path: Path) -> None:
    """Put garbage into all pages of a database but the first."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(size - 4096))


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE alembic_version SET version_num = '0999'")
        database.commit()


@pytest.mark.parametrize(
    ("damage", "words", "environment"),
    [
        (lambda store: overwrite(store / "nudge.sqlite"), "can't be", {}),
        (lambda store: (store / "nudge.sqlite").write_bytes(b"no database" * 500), "can't be", {}),
        (lambda store: newer(store / "nudge.sqlite"), "a newer version of Nudge", {}),
        (lambda store: (store / "secret").write_text(""), "secret", {}),
        (lambda store: (store / "nudge.sqlite").unlink(), "do not belong together", {}),
        (lambda store: (store / "store-name").write_text("other"), "do not belong together", {}),
        (lambda _: None, "do not belong together", {"NUDGE_DATABASE_URL": "sqlite://"}),
        (lambda _: None, "sqlite or postgresql", {"NUDGE_DATABASE_URL": "mysql://x/y"}),
        (lambda _: None, "can't be opened", {"NUDGE_DATABASE_URL": "nonsense"}),
        (
            lambda _: None,
            "can't be opened",
            {"NUDGE_DATABASE_URL": "postgresql://127.0.0.1:1/x?connect_timeout=2"},
        ),
    ],
)
def test_a_store_that_can_t_be_used_is_told_in_one_line(
    ended_store: list[str],
    tmp_path: Path,
    damage: Callable[[Path], object],
    words: str,
    environment: dict[str, str],
) -> None:
    store = tmp_path / "store"
    damage(store)
    environment |= {"NUDGE_STORE_DIR": str(store)}
    with patch("app.server.set_up_logs"):  # those of the tests stay as they are
        told = nudge("serve", "--port", "0", cache_dir=tmp_path / "cache", **environment)
    assert told.returncode == 1
    assert "Traceback" not in told.stderr
    line = told.stderr.splitlines()[-1]
    assert line.startswith("nudge: ")
    assert words in line
    for run in ended_store:
        assert (store / "checkpoints" / run / "1.safetensors").exists()
