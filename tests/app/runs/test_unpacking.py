"""Hostile archives: what is no archive, or says what no run says, is refused in words."""

import contextlib
import io
import json
import stat
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.runs.spec import RunSpec
from app.runs.unpacking import BadArchiveError
from tests.app.runs.archives import (
    entries,
    epoch_of,
    honest_entries,
    packed,
    run_of,
    with_entries,
    with_run_json,
    zipped,
)
from tests.app.runs.test_archive import SPEC, unpacked


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


RUN = run_of()


HONEST = packed(RUN)


@given(st.data())
def test_a_damaged_archive_is_refused_or_harmless(tmp_path: Path, data: st.DataObject) -> None:
    damaged = bytearray(HONEST)
    for place in data.draw(st.lists(st.integers(0, len(HONEST) - 1), min_size=1, max_size=8)):
        damaged[place] = data.draw(st.integers(0, 255))
    with contextlib.suppress(BadArchiveError):
        assert unpacked(bytes(damaged), tmp_path) == [RUN]


@given(st.integers(0, len(HONEST) - 1))
def test_an_archive_that_ends_too_early_is_refused(tmp_path: Path, end: int) -> None:
    with pytest.raises(BadArchiveError):
        unpacked(HONEST[:end], tmp_path)
