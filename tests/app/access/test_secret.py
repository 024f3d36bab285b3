"""The secret is made once, whole, and for the server's eyes only."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from app.access.secret import kept_secret


def test_it_is_made_once_and_kept(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there yet"
    secret = kept_secret(folder)
    assert len(bytes.fromhex(secret)) == 32
    assert kept_secret(folder) == secret
    assert kept_secret(tmp_path) != secret
    assert stat.S_IMODE((folder / "secret").stat().st_mode) == 0o600
    assert [file.name for file in folder.iterdir()] == ["secret"]


def test_servers_that_start_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        secrets = set(pool.map(kept_secret, [tmp_path] * 8))
    assert len(secrets) == 1
