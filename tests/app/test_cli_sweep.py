"""``nudge sweep``."""

import csv
import json
from pathlib import Path

import pytest

from tests.app.clients import Client
from tests.app.sweeps.sweeping import QUICK, begun, until
from tests.app.test_cli import nudge


def in_a_file(folder: Path, asked: object) -> Path:
    file = folder / "sweep.json"
    file.write_text(json.dumps(asked))
    return file


@pytest.mark.parametrize("search", ["grid", "halving"])
def test_a_sweep_has_the_results_that_it_has_on_a_server(
    client: Client, tmp_path: Path, cache_dir: Path, search: str
) -> None:
    base, vary = QUICK | {"epochs": 8}, {"learning_rate": [0.01, 0.1, 1.0, 3.0]}
    file = in_a_file(tmp_path, {"base": base, "vary": vary, "search": search})
    told = nudge("sweep", file, "--csv", tmp_path / "results.csv", cache_dir=cache_dir)
    assert told.returncode == 0, told.stderr
    assert "test accuracy" in told.stdout
    rows = list(csv.DictReader((tmp_path / "results.csv").read_text().splitlines()))
    sweep = begun(client, vary, base, search=search)
    runs = until(client, sweep, "finished")["runs"]
    client.delete(f"/api/sweeps/{sweep['id']}")
    for row, run in zip(rows, runs, strict=True):
        assert float(row["learning_rate"]) == run["varied"]["learning_rate"]
        assert (row["status"], int(row["epoch"])) == (run["status"], run["epoch"])
        assert row["reason"] == (run["reason"] or "")
        assert float(row["test_accuracy"]) == pytest.approx(run["test_accuracy"])


def test_optuna_is_asked_here_too_and_a_dry_sweep_trains_nothing(
    tmp_path: Path, cache_dir: Path
) -> None:
    vary = {"learning_rate": {"from": 0.1, "to": 1}}
    file = in_a_file(tmp_path, {"base": QUICK, "vary": vary, "search": "optuna", "runs": 3})
    told = nudge("sweep", file, cache_dir=cache_dir)
    assert told.returncode == 0, told.stderr
    assert told.stdout.count("finished") == 3
    file = in_a_file(tmp_path, {"vary": {"seed": [1, 2]}, "dry": True})
    dry = nudge("sweep", file, cache_dir=cache_dir)
    assert dry.stdout.count("13,002") == 2
    assert "test accuracy" not in dry.stdout


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"vary": {"learning_rate": [1, -1]}}, "vary.learning_rate.1: "),
        ({"vary": {"learning_rate": [1]}, "brain": 1}, "brain: "),
        (None, "sweep.json"),
    ],
)
def test_what_is_wrong_with_the_file_is_said_at_its_field(
    tmp_path: Path, cache_dir: Path, asked: object, words: str
) -> None:
    file = in_a_file(tmp_path, asked)
    if asked is None:
        file.write_text("x")
    told = nudge("sweep", file, cache_dir=cache_dir)
    assert (told.returncode, told.stdout) == (2, "")
    assert words in told.stderr
