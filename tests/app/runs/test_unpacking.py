"""Hostile archives: what is no archive, or says what no run says, is refused in words."""

import contextlib
import io
import json
import stat
import struct
import zipfile
from collections.abc import Callable
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
        (lambda: b"", "broken"),
        (lambda: b"no zip", "not a zip file"),
        (lambda: packed(run_of())[:-30], "not a zip file"),
        (lambda: packed(run_of())[100:], "broken"),
        (lambda: zipped({}), "no manifest"),
        (lambda: zipped({"inner.zip": packed(run_of())}), "'inner.zip' is nothing"),
        (lambda: with_file("../../etc/cron.d/evil"), "is nothing"),
        (lambda: with_file("/etc/passwd"), "is nothing"),
        (lambda: with_file("runs/0001/../0002/run.json"), "is nothing"),
        (lambda: with_file("runs/0001/checkpoints/01.safetensors"), "is nothing"),
        (lambda: with_file("runs/0001/checkpoints/१.safetensors"), "is nothing"),
        (lambda: with_file("runs/0001/RUN.JSON"), "is nothing"),
        (lambda: with_file("runs/0001\\run.json"), "is nothing"),
        (lambda: with_file("runs/0002/"), "is nothing"),
        (lambda: with_file("runs/0003/run.json"), "tells of 1 runs; there are 2"),
        (with_link, "is a link"),
        (with_the_same_name_twice, "twice"),
        (with_many_entries, "more than 20,000 entries"),
        (lambda: packed(*[run_of(epochs=0)] * 4), "4 runs are too many; 3 are allowed"),
        (encrypted, "encrypted"),
        (lambda: bomb("epochs.jsonl"), "line 1 is too long"),
        (lambda: bomb("run.json"), "unpacks to too much: 65,536 bytes"),
        (lambda: bomb("frame.safetensors"), "unpacks to too much"),
        (lambda: claiming_to_be_small(bomb("epochs.jsonl")), "broken"),
        (lambda: packed(*[run_of(RunSpec(hidden=[100]), 1)] * 2), "1,048,576 bytes are allowed"),
        (lambda: another_manifest(version=2), "version"),
        (lambda: another_manifest(format="something else"), "format"),
        (lambda: another_manifest(runs=10**30), "runs"),
        (lambda: another_manifest(more=1), "more"),
    ],
)
def test_a_zip_that_is_no_archive_is_refused(
    tmp_path: Path, archive: Callable[[], bytes], words: str
) -> None:
    with pytest.raises(BadArchiveError, match=f"(?i){words}"):
        unpacked(archive(), tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["runs.zip"]


def with_command(**content: object) -> bytes:
    line = json.dumps({"step": 1, "content": content}).encode()
    return with_entries(**{"commands.jsonl": line + b"\n"})


AT_251 = b'{"step": 251, "content": {"type": "nudge", "index": 0, "amount": 1}}\n'


@pytest.mark.parametrize(
    ("archive", "words"),
    [
        (lambda: with_entries(**{"run.json": b"{"}), "run.json: .*JSON"),
        (lambda: with_entries(**{"run.json": b"[" * 60_000}), "run.json: .*JSON"),
        (lambda: with_entries(**{"run.json": b"\xff"}), "run.json: .*JSON"),
        (lambda: with_entries(**{"run.json": None}), "no item named 'runs/0001/run.json'"),
        (lambda: with_run_json(step=10**400), "step"),
        (lambda: with_run_json(step=-1), "step"),
        (lambda: with_run_json(step=2**53), "step 9,007,199,254,740,992 is none of those after 2"),
        (lambda: with_run_json(step=249), "step 249 is none"),
        (lambda: with_run_json(seconds=-1e9), "seconds"),
        (lambda: with_run_json(spec={"hidden": [4], "batch_size": 64}), "an epoch of 125 steps"),
        (lambda: with_run_json(step=4), "none of those after 2 epochs"),
        (lambda: with_run_json(step=True), "step"),
        (lambda: with_run_json(seconds=float("nan")), "seconds"),
        (lambda: with_run_json(seconds=float("inf")), "seconds"),
        (lambda: with_run_json(status="ruling"), "status"),
        (lambda: with_run_json(name="x" * 81), "name"),
        (lambda: with_run_json(reason="x" * 2001), "reason"),
        (lambda: with_run_json(created="2026-03-02T08:00:00"), "created"),
        (lambda: with_run_json(created="0001-01-01T00:00:00+14:00"), "created"),
        (lambda: with_run_json(owner="me"), "owner"),
        (lambda: with_run_json(spec={"hidden": [0]}), "spec.hidden.0"),
        (lambda: with_run_json(spec={"hidden": [4], "owner": 1}), "spec.owner"),
        (lambda: with_run_json(spec={"hidden": [2000, 2000]}), "hidden: 5,5.*parameters"),
        (lambda: with_run_json(spec={"dataset": "../../etc"}), "dataset: no data set"),
        (lambda: with_entries(**{"epochs.jsonl": None}), "no item named"),
        (lambda: with_entries(**{"epochs.jsonl": b"{}"}), "ends in the middle of a line"),
        (lambda: with_entries(**{"epochs.jsonl": b"\n"}), "line 1"),
        (lambda: with_entries(**{"epochs.jsonl": b" " * 70_000 + b"\n"}), "line 1 is too long"),
        (lambda: with_entries(**{"commands.jsonl": b"[]\n"}), "line 1"),
        (lambda: with_entries(**{"commands.jsonl": b'{"step": NaN}\n'}), "line 1"),
        (lambda: with_entries(**{"commands.jsonl": b'{"step": 1, "x": 1e999}\n'}), "line 1"),
        (lambda: with_command(type="delete"), "line 1"),
        (lambda: with_command(type="change", values={"name": "x"}), "line 1: a name is nothing"),
        (lambda: with_entries(**{"commands.jsonl": AT_251}), "later than its step, 250"),
        (lambda: with_command(type="change", values={"learning_rate": 1e999}), "line 1"),
        (lambda: with_command(type="change", values={"optimizer": "adam"}), "line 1"),
        (lambda: with_command(type="nudge", index=10**6, amount=1), "no such parameter"),
        (lambda: with_entries(**{"commands.jsonl": b'{"step": 1.5}\n'}), "line 1"),
        (lambda: with_entries(**{"commands.jsonl": b'{"a":' * 5000 + b"\n"}), "line 1"),
    ],
)
def test_json_that_is_not_what_a_run_says_is_refused(
    tmp_path: Path, archive: Callable[[], bytes], words: str
) -> None:
    with pytest.raises(BadArchiveError, match=f"(?i){words}"):
        unpacked(archive(), tmp_path)


@pytest.mark.parametrize(
    "figures",
    [
        {"epoch": 2},
        {"epoch": 1.0},
        {"cost": float("nan")},
        {"cost": float("inf")},
        {"cost": "0.5"},
        {"gradient_norms": [0.1]},
        {"gradient_norms": [0.1, -0.1]},
        {"step": 124},
        {"step": 2**53},
        {"seconds": -1e18},
        {"cost": -1.0},
        {"accuracy": 1.5},
        {"test_accuracy": -0.1},
        {"learning_rate": 1e300},
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
