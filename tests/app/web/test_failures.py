"""Failures that nobody expected are told in words, with the headers of every answer."""

import errno
from unittest.mock import patch

import pytest

from tests.app.clients import Client
from tests.app.runs.archives import packed, run_of


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


@pytest.mark.parametrize("path", ["/api/runs/import", "/api/datasets?name=x"])
def test_a_full_temporary_folder_is_507(client: Client, path: str) -> None:
    full = OSError(errno.ENOSPC, "No space left on device", "/somewhere")
    with patch("tempfile.mkdtemp", side_effect=full):
        answer = client.post(path, content=packed(run_of()))
    assert answer.status_code == 507
    assert "full" in answer.json()["detail"]
    assert "default-src" in answer.headers["content-security-policy"]
