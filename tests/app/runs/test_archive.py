"""Archives of runs: a packed run is unpacked, and a hostile archive is refused with a reason."""

import contextlib
import io
import json
import stat
import struct
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors import numpy as safetensors_numpy

from app.runs.archive import ArchivedEpoch, ArchivedRun
from app.runs.spec import RunSpec
from app.runs.unpacking import BadArchiveError, unpack
from app.settings import Settings
from nn_core import checkpoints
from nn_core.events import Epoch
from tests.app.runs.archives import (
    checkpoint_of,
    entries,
    epoch_of,
    frame_of,
    honest_entries,
    network_of,
    packed,
    run_of,
    training_of,
    with_entries,
    with_run_json,
    zipped,
)

SPEC = RunSpec(hidden=[4])
OTHER = RunSpec(hidden=[5])
LIMITS = Settings(max_import_unpacked_bytes=2**20, max_runs_per_visitor=3)


def unpacked(content: bytes, folder: Path, limits: Settings = LIMITS) -> list[ArchivedRun]:
    path = folder / "runs.zip"
    path.write_bytes(content)
    return list(unpack(path, limits))


# What is packed is unpacked

figures = st.floats(allow_nan=False, allow_infinity=False) | st.none()
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
            st.none() | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80)
        ),
        created=draw(st.datetimes(timezones=st.just(UTC))),
        status=draw(st.sampled_from(["finished", "stopped", "diverged", "interrupted", "failed"])),
        reason=draw(st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=99)),
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
    assert set(ArchivedEpoch.model_fields) == {"type", *Epoch._fields}


@given(st.lists(runs(), max_size=3))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
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


# Hostile zips


def with_link() -> bytes:
    link = zipfile.ZipInfo("runs/0001/frame.safetensors")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    contents = entries(with_entries(**{"frame.safetensors": None}))
    file = io.BytesIO(zipped(contents))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    return file.getvalue()


def with_the_same_name_twice() -> bytes:
    file = io.BytesIO(packed(run_of()))
    with zipfile.ZipFile(file, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("runs/0001/run.json", "{}")
    return file.getvalue()


def with_many_entries() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(20_001):
            archive.writestr(f"runs/0001/checkpoints/{number}.safetensors", "")
    return file.getvalue()


def bomb(name: str) -> bytes:
    """Make a small file that unpacks to 64 MiB of zeros."""
    return with_entries(**{name: bytes(2**26)})


def claiming_to_be_small(archive: bytes) -> bytes:
    """Say in all of a zip's headers that its entries unpack to ten bytes."""
    changed = bytearray(archive)
    for signature, offset in ((b"PK\3\4", 22), (b"PK\1\2", 24)):
        place = -1
        while (place := archive.find(signature, place + 1)) >= 0:
            struct.pack_into("<I", changed, place + offset, 10)
    return bytes(changed)


def encrypted() -> bytes:
    changed = bytearray(packed(run_of()))
    place = changed.rfind(b"PK\1\2")  # of the manifest
    changed[place + 8] |= 1
    return bytes(changed)


def another_manifest(**changes: object) -> bytes:
    contents = honest_entries()
    manifest = json.loads(contents["manifest.json"]) | changes
    return zipped(contents | {"manifest.json": json.dumps(manifest).encode()})


def with_file(name: str, content: bytes = b"x") -> bytes:
    return zipped(honest_entries() | {name: content})


@pytest.mark.parametrize(
    ("archive", "words"),
    [
        (b"", "broken"),
        (b"no zip", "not a zip file"),
        (packed(run_of())[:-30], "not a zip file"),
        (packed(run_of())[100:], "broken"),
        (zipped({}), "no manifest"),
        (zipped({"inner.zip": packed(run_of())}), "'inner.zip' is nothing"),
        (with_file("../../etc/cron.d/evil"), "is nothing"),
        (with_file("/etc/passwd"), "is nothing"),
        (with_file("runs/0001/../0002/run.json"), "is nothing"),
        (with_file("runs/0001/checkpoints/01.safetensors"), "is nothing"),
        (with_file("runs/0001/checkpoints/१.safetensors"), "is nothing"),
        (with_file("runs/0001/RUN.JSON"), "is nothing"),
        (with_file("runs/0001\\run.json"), "is nothing"),
        (with_file("runs/0002/"), "is nothing"),
        (with_file("runs/0003/run.json"), "tells of 1 runs; there are 2"),
        (with_link(), "is a link"),
        (with_the_same_name_twice(), "twice"),
        (with_many_entries(), "more than 20,000 entries"),
        (packed(*[run_of(epochs=0)] * 4), "4 runs are too many; 3 are allowed"),
        (encrypted(), "encrypted"),
        (bomb("epochs.jsonl"), "unpacks to too much: 1,048,576 bytes"),
        (bomb("run.json"), "unpacks to too much: 65,536 bytes"),
        (bomb("frame.safetensors"), "unpacks to too much"),
        (claiming_to_be_small(bomb("epochs.jsonl")), "broken"),
        (packed(*[run_of(RunSpec(hidden=[100]), 1)] * 2), "1,048,576 bytes are allowed"),
        (another_manifest(version=2), "version"),
        (another_manifest(format="something else"), "format"),
        (another_manifest(runs=10**30), "runs"),
        (another_manifest(more=1), "more"),
    ],
)
def test_a_zip_that_is_no_archive_is_refused(tmp_path: Path, archive: bytes, words: str) -> None:
    with pytest.raises(BadArchiveError, match=f"(?i){words}"):
        unpacked(archive, tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["runs.zip"]


# Hostile words


def with_command(**content: object) -> bytes:
    line = json.dumps({"step": 1, "content": content}).encode()
    return with_entries(**{"commands.jsonl": line + b"\n"})


@pytest.mark.parametrize(
    ("archive", "words"),
    [
        (with_entries(**{"run.json": b"{"}), "run.json: .*JSON"),
        (with_entries(**{"run.json": b"[" * 60_000}), "run.json: .*JSON"),
        (with_entries(**{"run.json": b"\xff"}), "run.json: .*JSON"),
        (with_entries(**{"run.json": None}), "no item named 'runs/0001/run.json'"),
        (with_run_json(step=10**400), "step"),
        (with_run_json(step=-1), "step"),
        (with_run_json(step=True), "step"),
        (with_run_json(seconds=float("nan")), "seconds"),
        (with_run_json(seconds=float("inf")), "seconds"),
        (with_run_json(status="ruling"), "status"),
        (with_run_json(name="x" * 81), "name"),
        (with_run_json(reason="x" * 2001), "reason"),
        (with_run_json(created="2026-03-02T08:00:00"), "created"),
        (with_run_json(created="0001-01-01T00:00:00+14:00"), "broken"),
        (with_run_json(owner="me"), "owner"),
        (with_run_json(spec={"hidden": [0]}), "spec.hidden.0"),
        (with_run_json(spec={"hidden": [4], "owner": 1}), "spec.owner"),
        (with_run_json(spec={"hidden": [2000, 2000]}), "hidden: 5,5.*parameters"),
        (with_run_json(spec={"dataset": "../../etc"}), "dataset: no data set"),
        (with_entries(**{"epochs.jsonl": None}), "no item named"),
        (with_entries(**{"epochs.jsonl": b"{}"}), "ends in the middle of a line"),
        (with_entries(**{"epochs.jsonl": b"\n"}), "line 1"),
        (with_entries(**{"epochs.jsonl": b" " * 70_000 + b"\n"}), "line 1 is too long"),
        (with_entries(**{"commands.jsonl": b"[]\n"}), "line 1"),
        (with_entries(**{"commands.jsonl": b'{"step": NaN}\n'}), "line 1"),
        (with_entries(**{"commands.jsonl": b'{"step": 1, "x": 1e999}\n'}), "line 1"),
        (with_command(type="delete"), "line 1"),
        (with_command(type="change", values={"learning_rate": 1e999}), "line 1"),
        (with_command(type="change", values={"optimizer": "adam"}), "line 1"),
        (with_command(type="nudge", index=10**6, amount=1), "no such parameter"),
        (with_entries(**{"commands.jsonl": b'{"step": 1.5}\n'}), "line 1"),
        (with_entries(**{"commands.jsonl": b'{"a":' * 5000 + b"\n"}), "line 1"),
    ],
)
def test_json_that_is_not_what_a_run_says_is_refused(
    tmp_path: Path, archive: bytes, words: str
) -> None:
    with pytest.raises(BadArchiveError, match=f"(?i){words}"):
        unpacked(archive, tmp_path)


@pytest.mark.parametrize(
    "figures",
    [
        {"epoch": 2},
        {"epoch": 1.0},
        {"cost": float("nan")},
        {"cost": float("inf")},
        {"cost": "0.5"},
        {"gradient_norms": [0.1]},
        {"gradient_norms": None},
        {"type": "status"},
        {"more": 1},
    ],
)
def test_figures_that_are_no_epoch_s_are_refused(
    tmp_path: Path, figures: dict[str, object]
) -> None:
    line = json.dumps(epoch_of(SPEC, 1) | figures).encode() + b"\n"
    with pytest.raises(BadArchiveError, match="line 1"):
        unpacked(with_entries(**{"epochs.jsonl": line}), tmp_path)


# Hostile networks


def tampered(file: bytes, name: str, value: float) -> bytes:
    """Return the file with one number changed."""
    tensors = safetensors_numpy.load(file)
    tensors[name].flat[0] = value
    return safetensors_numpy.save(tensors, checkpoints.read_metadata(file))


def with_tensors(file: bytes, dtype: type | None = None, **more: np.ndarray) -> bytes:
    """Return the file with more tensors, or with others in their place, or of another type."""
    tensors = safetensors_numpy.load(file) | more
    if dtype:
        tensors = {name: tensor.astype(dtype) for name, tensor in tensors.items()}
    return safetensors_numpy.save(tensors, checkpoints.read_metadata(file))


def with_metadata(file: bytes, **metadata: str) -> bytes:
    tensors = safetensors_numpy.load(file)
    return safetensors_numpy.save(tensors, checkpoints.read_metadata(file) | metadata)


def with_header_length(file: bytes, length: int) -> bytes:
    return struct.pack("<Q", length) + file[8:]


CHECKPOINT, FRAME = checkpoint_of(SPEC, 1), frame_of(SPEC, 1, network_of(SPEC).parameters)
TRAINING = training_of(SPEC, 2)
NOT_RANDOM = {"bit_generator": "PCG64", "state": {"state": -1, "inc": 2**200}}


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("checkpoints/1", b""),
        ("checkpoints/1", b"no safetensors"),
        ("checkpoints/1", CHECKPOINT[:-1]),
        ("checkpoints/1", CHECKPOINT + b"more"),
        ("checkpoints/1", with_header_length(CHECKPOINT, 2**63)),
        ("checkpoints/1", with_header_length(CHECKPOINT, 0)),
        ("checkpoints/1", with_header_length(CHECKPOINT, len(CHECKPOINT))),
        ("checkpoints/1", checkpoint_of(OTHER, 1)),
        ("checkpoints/1", checkpoint_of(RunSpec(hidden=[4], output="softmax"), 1)),
        ("checkpoints/1", checkpoint_of(SPEC, 2)),
        ("checkpoints/3", checkpoint_of(SPEC, 3)),
        ("checkpoints/1", tampered(CHECKPOINT, "weights.0", float("inf"))),
        ("checkpoints/1", tampered(CHECKPOINT, "biases.1", float("nan"))),
        ("checkpoints/1", with_tensors(CHECKPOINT, np.float64)),
        ("checkpoints/1", with_tensors(CHECKPOINT, np.int32)),
        ("checkpoints/1", with_tensors(CHECKPOINT, more=np.zeros(3, np.float32))),
        ("checkpoints/1", with_metadata(CHECKPOINT, epoch="one")),
        ("checkpoints/1", with_metadata(CHECKPOINT, step="9" * 400)),
        ("checkpoints/1", with_metadata(CHECKPOINT, step="-1")),
        ("checkpoints/1", with_metadata(CHECKPOINT, activation="[" * 10_000)),
        ("frame", CHECKPOINT),
        ("frame", tampered(FRAME, "gradient.weights.0", float("nan"))),
        ("frame", tampered(FRAME, "weights.0", float("inf"))),
        ("frame", with_metadata(FRAME, epoch="3")),
        ("training", CHECKPOINT),
        ("training", training_of(OTHER, 2)),
        ("training", training_of(RunSpec(hidden=[4], optimizer="adam"), 2)),
        ("training", tampered(TRAINING, "weights.0", float("nan"))),
        ("training", training_of(SPEC, 3)),
        ("training", training_of(SPEC, 2, step=-1)),
        ("training", training_of(SPEC, 2, position=0.5)),
        ("training", training_of(SPEC, 2, seconds=float("nan"))),
        ("training", training_of(SPEC, 2, cost_sum="much")),
        ("training", training_of(SPEC, 2, rng=[1])),
        ("training", training_of(SPEC, 2, rng={"bit_generator": "MT19937"})),
        ("training", training_of(SPEC, 2, rng_at_epoch_start=NOT_RANDOM)),
        ("training", with_metadata(TRAINING, training='{"evil": 1}')),
        ("training", with_metadata(TRAINING, training="[]")),
        ("training", with_metadata(TRAINING, commands="2")),
        ("training", with_metadata(TRAINING, descent='{"name": "evil", "steps": 1}')),
        ("training", with_metadata(TRAINING, descent='{"name": "sgd", "steps": 1e999}')),
        ("training", with_metadata(TRAINING, descent='{"name": "sgd", "steps": -1}')),
    ],
)
def test_a_file_that_is_not_the_run_s_network_is_refused(
    tmp_path: Path, name: str, file: bytes
) -> None:
    archive = with_entries(**{f"{name}.safetensors": file})
    with pytest.raises(BadArchiveError, match=f"runs/0001/{name}.safetensors"):
        unpacked(archive, tmp_path)


RUN = run_of()
HONEST = packed(RUN)


@given(st.data())
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_damaged_archive_is_refused_or_harmless(tmp_path: Path, data: st.DataObject) -> None:
    damaged = bytearray(HONEST)
    for place in data.draw(st.lists(st.integers(0, len(HONEST) - 1), min_size=1, max_size=8)):
        damaged[place] = data.draw(st.integers(0, 255))
    with contextlib.suppress(BadArchiveError):
        assert unpacked(bytes(damaged), tmp_path) == [RUN]


@given(st.integers(0, len(HONEST) - 1))
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_archive_that_ends_too_early_is_refused(tmp_path: Path, end: int) -> None:
    with pytest.raises(BadArchiveError):
        unpacked(HONEST[:end], tmp_path)


def test_a_run_s_created_is_in_utc(tmp_path: Path) -> None:
    (run,) = unpacked(with_run_json(created="2026-03-02T10:00:00+02:00"), tmp_path)
    assert run.created == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert run.created.tzinfo == UTC
