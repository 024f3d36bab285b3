"""Archives: runs in a zip, to be moved to another server.

A ``manifest.json`` says which version of this format it is and how many runs there are; each has a
folder: ``run.json``, ``epochs.jsonl`` and ``commands.jsonl`` (a line each), ``checkpoints/N`` by
epoch, the ``training`` to go on from and the last ``frame``, if there are any, as safetensors.
The way back is ``unpacking.py``.
"""

import json
import zipfile
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, Final, Literal

from pydantic import AfterValidator, AwareDatetime, Field
from safetensors import numpy as safetensors_numpy

from app.runs.ledger import Ledger
from app.runs.record import Best, RunStatus
from app.runs.spec import LearningRate, RunPatch, RunSpec, Text
from app.runs.steering import to_json
from app.strict_json import strict_json
from app.strict_model import StrictModel
from nn_core import checkpoints
from nn_core.readable import without_unreadable

if TYPE_CHECKING:
    from app.runs.database import Database

VERSION: Final = 1
LINES = 1000  # that are written at a time
SINCE_1980 = (1980, 1, 1, 0, 0, 0)  # every entry's date: the same runs make the same bytes

Count = Field(ge=0, le=2**53)
Share = Annotated[float, Field(ge=0, le=1)] | None  # null: it was not finite
Figure = Annotated[float, Field(ge=0)] | None
Seconds = Annotated[float, Field(ge=0, le=1e9)]


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
    epochs: Iterable[dict[str, Any]]  # their events: there may be a million, read as they are used
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
        return best_of(self.epochs, self.checkpoints)


def best_of(events: Iterable[dict[str, Any]], among: Collection[int]) -> Best | None:
    """Return which of these epochs reads the test set best, the first of them."""
    scores = [
        (event["test_accuracy"], -event["test_cost"], -event["epoch"])
        for event in events
        if event["epoch"] in among
        and event["test_accuracy"] is not None
        and event["test_cost"] is not None
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
    record, commands, folded = ledger.record, ledger.commands, ledger.folded
    saved = renumbered(saved, folded) if saved and folded else saved
    return ArchivedRun(
        name=without_nul(record.name),
        created=datetime.fromtimestamp(record.created, UTC),
        status=record.status,
        reason=without_nul(record.reason),
        spec=record.spec,
        step=record.step,
        seconds=record.seconds,
        epochs=EpochsInDatabase(storage.database, run, record.epoch),
        commands=[
            {"step": step, "content": to_json(steering)}
            for step, steering in commands[: record.commands - folded]
        ],
        checkpoints={
            epoch: file for epoch, file in files.items() if file and epoch <= record.epoch
        },
        saved=saved,
        frame=frame,
    )


def without_nul(text: str | None) -> str | None:
    """Return a text that any database can keep: it may be from before that was checked."""
    return text and (text.replace("\0", "") or None)


def renumbered(saved: bytes, folded: int) -> bytes | None:
    """Return a saved training whose commands are counted from the first that is kept."""
    metadata = checkpoints.read_metadata(saved)
    taken = int(metadata["commands"]) - folded
    if taken < 0:
        return None
    metadata["commands"] = str(taken)
    return checkpoints.serialize(safetensors_numpy.load(saved), metadata)


class EpochsInDatabase:
    """The events of a run's first epochs, read a thousand at a time."""

    def __init__(self, database: "Database", run: str, count: int) -> None:
        self._database = database
        self._run = run
        self._count = count

    def __iter__(self) -> Iterator[dict[str, Any]]:
        after = 0
        while after < self._count and (more := self._database.epochs(self._run, after)):
            for event in more[: self._count - after]:
                yield json.loads(event.text)
            after += len(more)


def not_in_the_future(time: datetime) -> datetime:
    """Return a time since 1970; now for a later one: the clock there, or here, is wrong."""
    if time < datetime(1970, 1, 1, tzinfo=UTC):
        raise ValueError("it is no time at which a run can have begun")
    return min(time, datetime.now(UTC))


def name_of(text: str) -> str | None:
    """Return a name without what can't be read, which older servers let in; None for nothing."""
    return without_unreadable(text) or None


class Manifest(StrictModel):
    """What the archive says of itself."""

    format: Literal["nudge-runs"]
    version: Literal[1]
    runs: int = Field(ge=0, le=9999)


class RunFile(StrictModel):
    """What ``run.json`` says."""

    name: Annotated[Text, Field(max_length=80), AfterValidator(name_of)] | None
    created: Annotated[AwareDatetime, AfterValidator(not_in_the_future)]
    status: RunStatus
    reason: Annotated[Text, AfterValidator(without_unreadable)] | None = Field(max_length=2000)
    spec: RunSpec
    step: int = Count
    seconds: Seconds


class ArchivedChange(StrictModel):
    """Hyperparameters were changed."""

    type: Literal["change"]
    values: RunPatch


class ArchivedNudge(StrictModel):
    """A parameter was nudged by hand."""

    type: Literal["nudge"]
    index: int = Count
    amount: float = Field(ge=-1000, le=1000)
    value: float | None = Field(None, ge=-1e6, le=1e6)


class ArchivedLearn(StrictModel):
    """Drawings were learned, in a few steps."""

    type: Literal["learn"]
    images: list[str] = Field(min_length=1)
    labels: list[int]
    seed: int = Count


class ArchivedAdd(StrictModel):
    """Drawings were added to what is trained on."""

    type: Literal["add"]
    images: list[str] = Field(min_length=1)
    labels: list[int]


class ArchivedCommand(StrictModel):
    """A command that changed what was learned, and after which step."""

    step: int = Count
    content: ArchivedChange | ArchivedNudge | ArchivedLearn | ArchivedAdd = Field(
        discriminator="type"
    )


class ArchivedEpoch(StrictModel):
    """The event of an epoch, with the fields of ``events.Epoch``; null: it was not finite."""

    type: Literal["epoch"]
    epoch: int = Count
    step: int = Count
    cost: Figure
    accuracy: Share
    test_cost: Figure
    test_accuracy: Share
    gradient_norms: list[Figure]
    learning_rate: LearningRate
    seconds: Seconds
    examples_per_second: Figure
    clean_accuracy: Share = None  # runs of before know none
    noisy_accuracy: Share = None


def pack(runs: Iterable[ArchivedRun], file: BinaryIO) -> None:
    """Write an archive of these runs, in their order; the same runs make the same bytes."""
    number = 0
    with zipfile.ZipFile(file, "w") as archive:
        for number, run in enumerate(runs, 1):
            for name, content in _files(run):
                _write(archive, f"runs/{number:04}/{name}", content)
        manifest = Manifest(format="nudge-runs", version=VERSION, runs=number)
        _write(archive, "manifest.json", [manifest.model_dump_json().encode()])


def _files(run: ArchivedRun) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Yield what the folder of a run holds: names, and contents in pieces."""
    about = {name: getattr(run, name) for name in RunFile.model_fields}
    networks = {f"checkpoints/{epoch}": file for epoch, file in sorted(run.checkpoints.items())}
    networks |= {"training": run.saved or b"", "frame": run.frame or b""}
    yield "run.json", [RunFile(**about).model_dump_json().encode()]
    yield "epochs.jsonl", _lines(run.epochs)
    yield "commands.jsonl", _lines(run.commands)
    for name, file in networks.items():
        if file:
            yield f"{name}.safetensors", [file]


def _lines(objects: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """Yield a line for each object, many of them at a time."""
    left = iter(objects)
    while some := list(islice(left, LINES)):
        yield "".join(f"{strict_json(content)}\n" for content in some).encode()


def _write(archive: zipfile.ZipFile, name: str, content: Iterable[bytes]) -> None:
    entry = zipfile.ZipInfo(name, SINCE_1980)
    entry.external_attr = 0o600 << 16
    packed = not name.endswith(".safetensors")  # those are noise to it
    entry.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    with archive.open(entry, "w") as file:
        for piece in content:
            file.write(piece)
