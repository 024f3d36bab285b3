"""The files of the checkpoints: what waits to be written is there for whoever asks."""

from pathlib import Path
from unittest.mock import patch

from app.runs.checkpoint_files import CheckpointFiles
from nn_core.checkpoints import serialize
from tests.event_loop import run_in_loop

FIRST, SECOND, THIRD = (serialize({}, {"file": name}) for name in ("first", "second", "third"))


@patch("app.runs.checkpoint_files.RETRY_SECONDS", 0.01)
def test_what_waits_is_read_and_is_written_once_the_database_is(tmp_path: Path) -> None:
    database_is_written = False

    def written() -> list[Path]:
        return list(tmp_path.glob("run/*"))

    async def use() -> None:
        nonlocal database_is_written
        files = CheckpointFiles(tmp_path, lambda: database_is_written, lambda _trouble: None)
        files.put("run", "1", FIRST)
        files.put("run", "2", SECOND)
        files.put("gone", "1", b"of a run that is deleted")
        files.remove("run", "2")
        assert files.get("run", "1") == FIRST
        assert files.get("run", "2") is None
        await files.retire("gone")
        assert files.get("gone", "1") is None
        assert files.epochs("run") == {1}
        assert written() == []  # files are never ahead of the database
        database_is_written = True
        await files.write("run", "3", THIRD)
        files.close()
        assert files.epochs("run") == {1, 3}
        assert files.get("run", "1") == FIRST

    run_in_loop(use())


def test_a_damaged_file_counts_as_absent_and_is_put_aside(
    tmp_path: Path, expected_errors: list[str]
) -> None:
    expected_errors.append("it is damaged")

    async def use() -> None:
        files = CheckpointFiles(tmp_path, lambda: True, lambda _trouble: None)
        await files.write("run", "1", FIRST[:-1])
        assert files.get("run", "1") is None
        assert files.epochs("run") == set()
        files.close()

    run_in_loop(use())
    assert (tmp_path / "run" / "1.damaged").exists()
