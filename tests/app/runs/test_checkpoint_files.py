"""The files of the checkpoints: what waits to be written is there for whoever asks."""

from pathlib import Path
from unittest.mock import patch

from app.runs.checkpoint_files import CheckpointFiles
from tests.event_loop import run_in_loop


@patch("app.runs.checkpoint_files.RETRY_SECONDS", 0.01)
def test_what_waits_is_read_and_is_written_once_the_database_is(tmp_path: Path) -> None:
    database_is_written = False

    def written() -> list[Path]:
        return list(tmp_path.glob("run/*"))

    async def use() -> None:
        nonlocal database_is_written
        files = CheckpointFiles(tmp_path, lambda: database_is_written, lambda _trouble: None)
        files.put("run", "1", b"first")
        files.put("run", "2", b"second")
        files.put("gone", "1", b"of a run that is deleted")
        files.remove("run", "2")
        assert files.get("run", "1") == b"first"
        assert files.get("run", "2") is None
        await files.retire("gone")
        assert files.get("gone", "1") is None
        assert files.epochs("run") == {1}
        assert written() == []  # files are never ahead of the database
        database_is_written = True
        await files.write("run", "3", b"third")
        files.close()
        assert files.epochs("run") == {1, 3}
        assert files.get("run", "1") == b"first"

    run_in_loop(use())
