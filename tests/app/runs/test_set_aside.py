"""One line that the database can never take: it is set aside, and stops nobody else's."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.app.clients import Client, Watcher
from tests.app.runs.archives import with_run_json
from tests.server_thread import StartServer

NEVER = """CREATE TRIGGER never BEFORE INSERT ON runs WHEN NEW.name = 'never'
BEGIN SELECT RAISE(ABORT, 'it can never be written'); END"""


def test_what_can_never_be_written_stops_nobody_else(
    start_server: StartServer, tmp_path: Path, expected_errors: list[str]
) -> None:
    expected_errors.append("it can never be written")
    server = start_server()
    with closing(sqlite3.connect(tmp_path / "store" / "nudge.sqlite")) as database:
        database.execute(NEVER)
    with Client(base_url=server.url) as rude, Client(base_url=server.url) as other:
        bad = rude.run(epochs=1, train_examples=320)
        Watcher(server, bad).until_status("finished")
        rude.patch(f"/api/runs/{bad}", json={"name": "never"})
        good = other.run(epochs=3, train_examples=320)
        Watcher(server, good).until_status("finished")
        assert other.get("/api/health").status_code == 200
        assert "nudge_set_aside_total 1.0" in other.get("/metrics").text
        server.stop()
        server = start_server()
        other.base_url = server.url
        kept = other.get(f"/api/runs/{good}").json()
        assert (kept["status"], kept["epoch"], kept["yours"]) == ("finished", 3, True)


@pytest.mark.parametrize("name", ["a\0b", "\0", "\ud800"])
def test_a_name_that_a_database_can_t_take_is_refused(client: Client, name: str) -> None:
    run = client.run(epochs=1, train_examples=320)
    body = json.dumps({"name": name})
    headers = {"Content-Type": "application/json"}
    answer = client.patch(f"/api/runs/{run}", content=body, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", "name"]
    for field in ("name", "reason"):
        answer = client.post("/api/runs/import", content=with_run_json(**{field: name}))
        assert answer.status_code == 422
