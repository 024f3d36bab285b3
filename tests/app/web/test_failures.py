"""Failures that nobody expected are told in words, with the headers of every answer."""

import asyncio
import errno
import threading
from unittest.mock import patch

import httpx
import pytest

from app.runs.ledger import Ledger
from app.runs.room import StoredEvent
from tests.app.clients import Client
from tests.app.runs.archives import long_run, packed, run_of
from tests.servers import PATIENCE


def test_a_failure_has_words_a_number_and_the_headers(
    client: Client, expected_errors: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    expected_errors.append("nobody expected this")
    with patch("app.runs.run.Run.describe", side_effect=RuntimeError("nobody expected this")):
        failed = client.get("/api/runs/pretrained")
    assert failed.status_code == 500
    number = failed.headers["x-request-id"]
    assert number in failed.json()["detail"]
    assert number in caplog.text
    assert "nobody expected" not in failed.text
    assert "default-src" in failed.headers["content-security-policy"]
    assert failed.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(("code", "words"), [(errno.ENOSPC, "full"), (errno.EROFS, "written to")])
@pytest.mark.parametrize("path", ["/api/runs/import", "/api/datasets?name=x"])
def test_a_full_or_read_only_temporary_folder_is_507(
    client: Client, path: str, code: int, words: str
) -> None:
    with patch("tempfile.mkdtemp", side_effect=OSError(code, "No, says the system", "/somewhere")):
        answer = client.post(path, content=packed(run_of()))
    assert answer.status_code == 507
    assert words in answer.json()["detail"]
    assert "default-src" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("form", ["csv", "json"])
def test_what_is_deleted_while_it_is_taken_does_not_look_whole(
    client: Client, monkeypatch: pytest.MonkeyPatch, form: str, expected_errors: list[str]
) -> None:
    expected_errors.append("ASGI callable returned without completing response.")
    deleted, epochs = threading.Event(), Ledger.epochs

    async def slowly(ledger: Ledger, after: int) -> list[StoredEvent]:
        if after:
            await asyncio.to_thread(deleted.wait, PATIENCE)
        return await epochs(ledger, after)

    monkeypatch.setattr(Ledger, "epochs", slowly)
    run = client.post("/api/runs/import", content=packed(long_run(1500))).json()[0]["id"]
    with client.stream("GET", f"/api/runs/{run}/epochs?format={form}") as answer:
        pieces = answer.iter_raw()
        assert b"1" in next(pieces)
        assert client.delete(f"/api/runs/{run}").status_code == 204
        deleted.set()
        with pytest.raises(httpx.RemoteProtocolError, match="incomplete"):
            list(pieces)
