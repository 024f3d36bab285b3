"""The database: its migrations, and PostgreSQL in SQLite's place."""

import contextlib
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.runs.connecting import MIGRATIONS, connect
from app.runs.tables import metadata
from tests.app.clients import ENDLESS, Client, Watcher
from tests.app.runs.archives import with_entries, with_run_json
from tests.app.wall_watcher import TEACHER, TOKEN
from tests.nn_core.datasets.uploaded_files import npz
from tests.server_process import StartProcess
from tests.server_thread import StartServer
from tests.servers import PATIENCE, Server


def server_programs() -> Path | None:
    """Return the folder with PostgreSQL's programs, which Debian keeps off the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    program = found[-1] if found else shutil.which("initdb")
    return Path(program).parent if program else None


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    """Start a PostgreSQL of our own, on a free port of this machine; return its address."""
    programs = server_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    user = "postgres" if os.geteuid() == 0 else None  # it refuses to run as root

    def call(*arguments: object) -> None:
        subprocess.run(
            list(map(str, arguments)),
            check=True,
            stdout=subprocess.DEVNULL,
            cwd="/",
            user=user,
        )

    with tempfile.TemporaryDirectory(prefix="nudge-postgresql-") as folder:
        if user:
            shutil.chown(folder, user)
        data = Path(folder) / "data"
        call(programs / "initdb", "-D", data, "-U", "nudge", "-A", "trust")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        control = (programs / "pg_ctl", "-D", data, "-w", "-l", Path(folder) / "log")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
        call(*control, "-o", options, "start")
        yield f"postgresql://nudge@127.0.0.1:{port}"
        call(*control, "-m", "immediate", "stop")


def with_driver(url: str) -> str:
    """Return the address as SQLAlchemy takes it."""
    return url.replace("postgresql:", "postgresql+psycopg:")


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return the address of an empty database, of the kind that the test is called with."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'nudge.sqlite'}"
        return
    # A database of its own for each test: a server may still be writing to the one before.
    url: str = request.getfixturevalue("postgresql")
    name = f"nudge_{secrets.token_hex(4)}"
    engine = sa.create_engine(with_driver(f"{url}/postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    engine.dispose()
    yield f"{url}/{name}"


both = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)


@both
def test_a_database_from_the_first_migration_is_brought_up_to_date(database: str) -> None:
    engine = sa.create_engine(with_driver(database))
    row = {
        "id": "a" * 32, "owner": "b" * 32, "created": 1.0, "seen": 2.0, "spec": "{}",
        "dataset": "{}", "status": "finished", "epoch": 3, "step": 4, "seconds": 5.0, "events": 6,
    }  # fmt: skip
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        runs = sa.Table("runs", sa.MetaData(), autoload_with=connection)
        connection.execute(runs.insert(), row)
    engine.dispose()
    for _ in range(2):  # the second time there is nothing to do
        engine = connect(database)
        with engine.connect() as connection:
            kept = connection.execute(sa.select(metadata.tables["runs"])).mappings().one()
            assert row.items() <= dict(kept).items()
            # What the migrations made is what the program expects.
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        engine.dispose()


@both
def test_a_new_database_is_what_the_migrations_make(database: str) -> None:
    """It is made without them: Alembic takes long to import."""
    engine = connect(database)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    newest = ScriptDirectory.from_config(config).get_current_head()
    with engine.connect() as connection:
        migrated = MigrationContext.configure(connection)
        assert migrated.get_current_revision() == newest
        assert compare_metadata(migrated, metadata) == []
    engine.dispose()


@both
def test_runs_are_kept_in_either(
    start_process: StartProcess, start_server: StartServer, database: str
) -> None:
    server: Server = (killed := start_process(database_url=database))
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        run = client.run(**ENDLESS)
        watcher = Watcher(server, run)
        watcher.until("epoch")
        client.patch(f"/api/runs/{run}", json={"learning_rate": 0.5, "name": "ours"})
        watcher.until("epoch", learning_rate=0.5)
        ended = client.run(epochs=2)
        Watcher(server, ended).until_status("finished")
        figures = client.get(f"/api/runs/{ended}/epochs").json()
        cookies = client.cookies
    killed.kill()
    server = start_server(database_url=database)
    with Client(base_url=server.url, timeout=PATIENCE, cookies=cookies) as client:
        assert client.get(f"/api/runs/{ended}/epochs").json() == figures
        described = client.get(f"/api/runs/{run}").json()
        assert (described["name"], described["spec"]["learning_rate"]) == ("ours", 0.5)
        Watcher(server, run).until("epoch")
        client.delete(f"/api/runs/{ended}")
        assert client.get(f"/api/runs/{ended}").status_code == 404


NUL = "a\0b"


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_nul_in_any_text_stops_no_keeping(start_server: StartServer, database: str) -> None:
    """PostgreSQL refuses it, where SQLite keeps it."""
    server = start_server(database_url=database, classroom_token=TOKEN)
    with Client(base_url=server.url) as rude, Client(base_url=server.url) as other:
        run = rude.run(**ENDLESS)
        lesson = {"code": server.app.state.classroom.code, "nickname": NUL}
        own = f"label,a,b\n{NUL},1,2\nx,2,1\n".encode()
        named = npz(images=np.zeros((4, 4), np.uint8), labels=np.array([NUL, "x"] * 2))
        teach = {"drawings": [{"image": NUL, "label": 0}]}
        nested = {"type": "learn", "images": [NUL], "labels": [0], "seed": 1}
        changed = {"type": "change", "values": {"name": NUL}}
        refused = [
            rude.patch(f"/api/runs/{run}", json={"name": NUL}),
            rude.post("/api/runs", json={"dataset": NUL}),
            rude.post("/api/runs", json=teach),
            rude.post("/api/class/join", json=lesson),
            rude.post(f"/api/runs/{run}/learn", json=teach),
            rude.post("/api/datasets", content=own),
            rude.post("/api/datasets", content=named),
            rude.post("/api/classroom/hold", json={"reason": NUL}, headers=TEACHER),
            rude.post("/api/classroom/send", json={"text": NUL}, headers=TEACHER),
            *(
                rude.post("/api/runs/import", content=archive)
                for archive in (
                    with_run_json(name=NUL),
                    with_run_json(reason=NUL),
                    with_run_json(status=NUL),
                    with_run_json(spec={"dataset": NUL}),
                    *(
                        with_entries(**{"commands.jsonl": json.dumps(command).encode() + b"\n"})
                        for command in (
                            {"step": 7, "content": nested},
                            {"step": 7, "content": changed},
                        )
                    ),
                )
            ),
        ]
        assert [answer.status_code for answer in refused] == [422] * len(refused)
        good = other.run(epochs=3, train_examples=320)
        Watcher(server, good).until_status("finished")
        assert "nudge_set_aside_total 0.0" in other.get("/metrics").text
        assert other.get("/api/health").status_code == 200
    server.stop()
    server = start_server(database_url=database)
    with Client(base_url=server.url, cookies=other.cookies) as other:
        kept = other.get(f"/api/runs/{good}").json()
        assert (kept["status"], kept["epoch"], kept["yours"]) == ("finished", 3, True)


def test_a_database_that_can_not_be_opened_is_told_in_a_line(start_process: StartProcess) -> None:
    with pytest.raises(AssertionError, match="nudge: the database of the runs can't be opened: "):
        start_process(database_url="postgresql://nobody@127.0.0.1:1/nothing")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a folder on a disk of 4 MiB, in memory; skip where that can't be made."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("only root can mount a small disk")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def test_training_goes_on_while_the_disk_is_full_and_nothing_is_lost_when_there_is_room(
    small_disk: Path, start_process: StartProcess, start_server: StartServer
) -> None:
    settings = {"store_dir": small_disk, "checkpoint_seconds": 0.5}
    server: Server = (killed := start_process(**settings))
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        # A small network, slowly: else its files fill the disk without our help.
        run = client.run(epochs=None, hidden=[4], train_examples=320, steps_per_second=100)
        watcher = Watcher(server, run)
        told = watcher.until("epoch")
        ballast = small_disk / "ballast"
        with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))
        told += watcher.until("status", status="training")
        assert "can't be kept" in told[-1]["reason"]
        assert "training goes on" in told[-1]["reason"]
        told += [event for _ in range(3) for event in watcher.until("epoch")]
        health = client.get("/api/health")
        assert health.status_code == 503
        assert "can't be kept" in json.dumps(health.json())
        assert re.search(r"^nudge_unwritten [1-9]", client.get("/metrics").text, re.MULTILINE)
        assert any("full" in line for line in killed.log)
        ballast.unlink()
        told += watcher.until("status", status="training", reason=None)
        told += watcher.until("epoch")
        assert client.get("/api/health").status_code == 200
        cookies = client.cookies
    killed.kill()
    server = start_server(**settings)
    with Client(base_url=server.url, timeout=PATIENCE, cookies=cookies) as client:
        kept = client.get(f"/api/runs/{run}/epochs").json()
        numbers = [event["epoch"] for event in told if event["type"] == "epoch"]
        assert numbers == list(range(numbers[0], numbers[-1] + 1))
        assert [epoch["epoch"] for epoch in kept] == list(range(1, len(kept) + 1))
        assert all(kept[event["epoch"] - 1] == event for event in told if event["type"] == "epoch")
