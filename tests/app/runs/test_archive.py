"""Archives of runs: a packed run is unpacked, and a hostile archive is refused with a reason."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.runs.archive import ArchivedEpoch, ArchivedRun
from app.runs.ledger import EPOCH_FIGURES
from app.runs.spec import RunSpec
from app.runs.unpacking import unpack
from app.settings import Settings
from nn_core import checkpoints
from nn_core.readable import without_unreadable
from tests.app.runs.archives import (
    checkpoint_of,
    epoch_of,
    frame_of,
    network_of,
    packed,
    run_of,
    training_of,
    with_entries,
    with_run_json,
)

SPEC = RunSpec(hidden=[4])
OTHER = RunSpec(hidden=[5])
LIMITS = Settings(max_import_unpacked_bytes=2**20, max_runs_per_visitor=3)


def unpacked(content: bytes, folder: Path, limits: Settings = LIMITS) -> list[ArchivedRun]:
    path = folder / "runs.zip"
    path.write_bytes(content)
    return [replace(run, epochs=list(run.epochs)) for run in unpack(path, limits)]


# What is packed is unpacked

figures = st.floats(0, allow_nan=False, allow_infinity=False) | st.none()
specs = st.builds(
    RunSpec,
    hidden=st.lists(st.integers(1, 5), max_size=2),
    activation=st.sampled_from(["sigmoid", "tanh", "relu", "leaky-relu", "identity"]),
    output=st.sampled_from(["sigmoid", "softmax"]),
    cost=st.sampled_from(["squared-error", "cross-entropy"]),
    optimizer=st.sampled_from(["sgd", "momentum", "nesterov", "rmsprop", "adam"]),
    epochs=st.none() | st.integers(1, 1000),
    seed=st.integers(0, 2**32 - 1),
)


CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")


BEGUN = datetime(1970, 1, 1), datetime(2026, 1, 1)  # noqa: DTZ001 - hypothesis adds the zone


@st.composite
def runs(draw: st.DrawFn) -> ArchivedRun:
    """Make up a run that has ended."""
    spec = draw(specs)
    count = draw(st.integers(0, 3))
    epochs = [
        epoch_of(spec, epoch, cost=draw(figures), examples_per_second=draw(figures))
        for epoch in range(1, count + 1)
    ]
    gradient = draw(st.none() | st.just(network_of(spec, 1).parameters))
    run = run_of(
        spec,
        count,
        name=draw(
            st.none() | st.text(CHARACTERS, max_size=80).map(without_unreadable).filter(bool)
        ),
        created=draw(st.datetimes(*BEGUN, timezones=st.just(UTC))),
        status=draw(st.sampled_from(["finished", "stopped", "diverged", "interrupted", "failed"])),
        reason=draw(st.none() | st.text(CHARACTERS, max_size=99).map(without_unreadable)),
        seconds=draw(st.floats(0, 1e9)),
        checkpoints={
            epoch: checkpoint_of(spec, epoch)
            for epoch in sorted(draw(st.sets(st.integers(0, count))))
        },
        saved=draw(st.none() | st.just(training_of(spec, count))),
        frame=draw(st.none() | st.just(frame_of(spec, count, gradient))),
    )
    return replace(run, epochs=epochs)


def test_an_archived_epoch_has_all_figures_of_an_epoch() -> None:
    assert set(ArchivedEpoch.model_fields) == {"type", *EPOCH_FIGURES}


@given(st.lists(runs(), max_size=3))
def test_what_is_packed_is_unpacked(tmp_path: Path, archived: list[ArchivedRun]) -> None:
    archive = packed(*archived)
    assert unpacked(archive, tmp_path) == archived
    assert packed(*unpacked(archive, tmp_path)) == archive


@pytest.mark.parametrize("status", ["queued", "training", "paused"])
def test_a_run_that_was_live_is_stopped(tmp_path: Path, status: str) -> None:
    (run,) = unpacked(packed(run_of(status=status)), tmp_path)
    assert run.status == "stopped"
    assert run.reason is not None
    assert status in run.reason


def test_what_a_network_s_file_hides_beside_its_numbers_is_left_behind(tmp_path: Path) -> None:
    metadata = {"epoch": "1", "step": "125", "hidden": "payload"}
    file = checkpoints.save(network_of(SPEC, 1), metadata)
    archive = with_entries(**{"checkpoints/1.safetensors": file})
    (run,) = unpacked(archive, tmp_path)
    assert run.checkpoints[1] == checkpoint_of(SPEC, 1)


def test_of_more_checkpoints_than_are_kept_here_those_come_in_that_would_have_been_kept(
    tmp_path: Path,
) -> None:
    epochs = [epoch_of(SPEC, e, test_accuracy=0.9 if e == 7 else 0.5) for e in range(1, 11)]
    archive = packed(replace(run_of(SPEC, 10), epochs=epochs))
    few = LIMITS.model_copy(update={"kept_checkpoints": 3})
    size = len(checkpoint_of(SPEC, 1))
    small = LIMITS.model_copy(update={"kept_checkpoint_bytes": 3 * size})

    assert list(unpacked(archive, tmp_path)[0].checkpoints) == list(range(11))
    for limits in (few, small):
        assert list(unpacked(archive, tmp_path, limits)[0].checkpoints) == [0, 4, 7, 8]  # 7: best


def test_a_name_that_turns_letters_around_comes_without_that(tmp_path: Path) -> None:
    (run,) = unpacked(with_run_json(name="\u202egnitset\u2067", reason="a\u202eb"), tmp_path)
    assert (run.name, run.reason) == ("gnitset", "ab")
    (run,) = unpacked(with_run_json(name="\u202e"), tmp_path)
    assert run.name is None


def test_a_run_that_a_fast_clock_began_is_taken_in_as_begun_now(tmp_path: Path) -> None:
    (run,) = unpacked(with_run_json(created="9999-12-31T23:59:59.999999Z"), tmp_path)
    assert run.created <= datetime.now(UTC)


def test_a_run_s_created_is_in_utc(tmp_path: Path) -> None:
    (run,) = unpacked(with_run_json(created="2026-03-02T10:00:00+02:00"), tmp_path)
    assert run.created == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert run.created.tzinfo == UTC
