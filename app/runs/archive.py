"""Archives: runs in a zip, to be moved to another server.

A ``manifest.json`` says which version of this format it is and how many runs there are; each has a
folder: ``run.json``, ``epochs.jsonl`` and ``commands.jsonl`` (a line each), ``checkpoints/N`` by
epoch, the ``training`` to go on from and the last ``frame``, if there are any, as safetensors.
The way back is ``unpacking.py``.
"""

import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, BinaryIO, Literal

from pydantic import AwareDatetime, BaseModel, Field

from app.runs.ledger import Ledger
from app.runs.record import Best, RunStatus
from app.runs.spec import STRICT, RunName, RunPatch, RunSpec
from app.runs.steering import to_json
from app.strict_json import strict_json

VERSION = 1
SINCE_1980 = (1980, 1, 1, 0, 0, 0)  # every entry's date: the same runs make the same bytes

Count = Field(ge=0, le=2**53)


@dataclass(frozen=True)
class ArchivedRun:
    """A run in an archive: all that it takes to go on with it."""

    name: str | None
    created: datetime
    status: RunStatus
    reason: str | None
    spec: RunSpec  # as it began
    step: int
    seconds: float  # that it has trained
    epochs: list[dict[str, Any]]  # their events
    commands: list[dict[str, Any]]  # that took effect: a step and a content each
    checkpoints: dict[int, bytes] = field(default_factory=dict)  # by epoch
    saved: bytes | None = None  # the training to go on from
    frame: bytes | None = None

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Yield its networks, each with its name: an epoch, "training", "frame"."""
        for epoch, file in sorted(self.checkpoints.items()):
            yield str(epoch), file
        if self.saved:
            yield "training", self.saved
        if self.frame:
            yield "frame", self.frame

    def best(self) -> Best | None:
        """Return the epoch that reads the test set best, the first of them, if it is here."""
        scores = [
            (epoch["test_accuracy"], -epoch["test_cost"], -epoch["epoch"])
            for epoch in self.epochs
            if epoch["epoch"] in self.checkpoints
            and epoch["test_accuracy"] is not None
            and epoch["test_cost"] is not None
        ]
        if not scores:
            return None
        accuracy, minus_cost, minus_epoch = max(scores)
        return Best(-minus_epoch, accuracy, -minus_cost)


def archived(ledger: Ledger) -> ArchivedRun:
    """Return a run as an archive has it. Blocks, and may be called in another thread.

    The files are read before the record: it may be ahead of them, but they never of it. Commands
    may be added meanwhile; the record says how many of them count.
    """
    storage, run = ledger.storage, ledger.id
    saved, frame = storage.files.get(run, "training"), storage.files.get(run, "frame")
    files = {epoch: storage.files.get(run, str(epoch)) for epoch in storage.files.epochs(run)}
    record = ledger.record
    epochs: list[dict[str, Any]] = []
    while more := storage.database.epochs(run, len(epochs)):
        epochs += [json.loads(event.text) for event in more]
    return ArchivedRun(
        name=record.name,
        created=datetime.fromtimestamp(record.created, UTC),
        status=record.status,
        reason=record.reason,
        spec=record.spec,
        step=record.step,
        seconds=record.seconds,
        epochs=epochs,
        commands=[
            {"step": step, "content": to_json(steering)}
            for step, steering in ledger.commands[: record.commands]
        ],
        checkpoints={epoch: file for epoch, file in files.items() if file and epoch <= len(epochs)},
        saved=saved,
        frame=frame,
    )


class Manifest(BaseModel):
    """What the archive says of itself."""

    model_config = STRICT

    format: Literal["nudge-runs"]
    version: Literal[1]
    runs: int = Field(ge=0, le=9999)


class RunFile(BaseModel):
    """What ``run.json`` says."""

    model_config = STRICT

    name: RunName
    created: AwareDatetime
    status: RunStatus
    reason: str | None = Field(max_length=2000)
    spec: RunSpec
    step: int = Count
    seconds: float = Field(ge=0)


class ArchivedChange(BaseModel):
    """Hyperparameters were changed."""

    model_config = STRICT

    type: Literal["change"]
    values: RunPatch


class ArchivedNudge(BaseModel):
    """A parameter was nudged by hand."""

    model_config = STRICT

    type: Literal["nudge"]
    index: int = Count
    amount: float = Field(ge=-1000, le=1000)


class ArchivedLearn(BaseModel):
    """Drawings were learned, in a few steps."""

    model_config = STRICT

    type: Literal["learn"]
    images: list[str] = Field(min_length=1)
    labels: list[int]
    seed: int = Count


class ArchivedAdd(BaseModel):
    """Drawings were added to what is trained on."""

    model_config = STRICT

    type: Literal["add"]
    images: list[str] = Field(min_length=1)
    labels: list[int]


class ArchivedCommand(BaseModel):
    """A command that changed what was learned, and after which step."""

    model_config = STRICT

    step: int = Count
    content: ArchivedChange | ArchivedNudge | ArchivedLearn | ArchivedAdd = Field(
        discriminator="type"
    )


class ArchivedEpoch(BaseModel):
    """The event of an epoch, with the fields of ``events.Epoch``; null: it was not finite."""

    model_config = STRICT

    type: Literal["epoch"]
    epoch: int = Count
    step: int = Count
    cost: float | None
    accuracy: float | None
    test_cost: float | None
    test_accuracy: float | None
    gradient_norms: list[float | None]
    learning_rate: float
    seconds: float
    examples_per_second: float | None


def pack(runs: Iterable[ArchivedRun], file: BinaryIO) -> None:
    """Write an archive of these runs, in their order; the same runs make the same bytes."""
    number = 0
    with zipfile.ZipFile(file, "w") as archive:
        for number, run in enumerate(runs, 1):
            for name, content in _files(run).items():
                _write(archive, f"runs/{number:04}/{name}", content)
        manifest = Manifest(format="nudge-runs", version=VERSION, runs=number)
        _write(archive, "manifest.json", manifest.model_dump_json().encode())


def _files(run: ArchivedRun) -> dict[str, bytes]:
    """Return what the folder of a run holds."""
    about = {name: getattr(run, name) for name in RunFile.model_fields}
    networks = {f"checkpoints/{epoch}": file for epoch, file in sorted(run.checkpoints.items())}
    networks |= {"training": run.saved or b"", "frame": run.frame or b""}
    return {
        "run.json": RunFile(**about).model_dump_json().encode(),
        "epochs.jsonl": _lines(run.epochs),
        "commands.jsonl": _lines(run.commands),
        **{f"{name}.safetensors": file for name, file in networks.items() if file},
    }


def _lines(objects: list[dict[str, Any]]) -> bytes:
    return "".join(f"{strict_json(content)}\n" for content in objects).encode()


def _write(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, SINCE_1980)
    entry.external_attr = 0o600 << 16
    packed = not name.endswith(".safetensors")  # those are noise to it
    archive.writestr(entry, content, zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED)
