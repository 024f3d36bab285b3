"""Unpacking an archive of runs: a zip that may come from anybody, so that nothing is trusted.

Names, numbers and sizes are checked, bytes are counted as they are unpacked whatever the file says
about itself, and networks are rebuilt from their numbers. Nothing is written anywhere, and only one
run at a time is in memory.
"""

import base64
import binascii
import mmap
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from app.datasets.owners import require_open
from app.runs.archive import (
    ArchivedAdd,
    ArchivedChange,
    ArchivedCommand,
    ArchivedEpoch,
    ArchivedLearn,
    ArchivedNudge,
    ArchivedRun,
    Manifest,
    RunFile,
)
from app.runs.archived_networks import BadNetworkError, ForeignNetworks, files_to_keep
from app.runs.checkpoint_spacing import most_kept
from app.runs.course import Course, NoCourseError
from app.runs.record import LIVE
from app.runs.spec import SpecError, check_against
from app.settings import Settings
from nn_core.datasets import DatasetInfo, UnknownDatasetError

SIGNATURE = b"PK\1\2"  # of each entry in a zip's directory
MAX_ENTRIES = 20_000
MAX_LINE = 64 * 2**10
MAX_COMMAND = 2 * 2**20  # a line with drawings: more than a request can bring
ENTRY = re.compile(
    r"runs/([0-9]{4})/(run\.json|epochs\.jsonl|commands\.jsonl|training\.safetensors"
    r"|frame\.safetensors|checkpoints/(?:0|[1-9][0-9]{0,6})\.safetensors)"
)

BROKEN = (
    *(ValueError, KeyError, TypeError, OverflowError, EOFError, OSError, RuntimeError),
    *(NotImplementedError, struct.error, zipfile.BadZipFile, zlib.error),
)
"""What zipfile raises for a file that is broken, or made to break it."""

Model = TypeVar("Model", bound=BaseModel)


class BadArchiveError(Exception):
    """A file is no archive of runs, or one that can't be taken in here; the message says why."""


def unpack(path: Path, settings: Settings, visitor: str = "") -> Iterator[ArchivedRun]:
    """Yield the runs of a visitor's archive, one at a time. One that was live is stopped now.

    What is wrong with the last run is not known when the first is yielded. The epochs of a run are
    read once more when they are used: before the next run is asked for. Raises BadArchiveError.
    """
    try:
        _check_number_of_entries(path)
        with zipfile.ZipFile(path) as archive:
            contents = Contents(archive, settings)
            for folder in sorted(contents.folders):
                yield _read_run(contents, folder, settings, visitor)
    except BROKEN as error:
        raise BadArchiveError(f"the zip is broken ({error})") from error


def _check_number_of_entries(path: Path) -> None:
    """Count the entries, at most too many, before zipfile makes an object of each."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        place = -1
        for _ in range(MAX_ENTRIES + 1):
            place = content.find(SIGNATURE, place + 1)
            if place < 0:
                return
    raise BadArchiveError(f"the zip has more than {MAX_ENTRIES:,} entries")


class Contents:
    """The entries of an archive, which are what they should be, and what may yet be unpacked."""

    def __init__(self, archive: zipfile.ZipFile, settings: Settings) -> None:
        self._archive = archive
        self._left = self._allowed = settings.max_import_unpacked_bytes
        self._counted: set[str] = set()  # files of lines that have been read to their end
        self.folders: dict[str, list[str]] = {}  # the files of each run
        seen = set()
        for entry in archive.infolist():
            name = entry.filename
            if name in seen:
                raise BadArchiveError(f"{name!r} is in the zip twice")
            seen.add(name)
            if stat.S_ISLNK(entry.external_attr >> 16):
                raise BadArchiveError(f"{name!r} is a link: an archive of runs has none")
            if match := ENTRY.fullmatch(name):
                self.folders.setdefault(match[1], []).append(match[2])
            elif name != "manifest.json":
                raise BadArchiveError(f"{name[:200]!r} is nothing that an archive of runs has")
        if "manifest.json" not in seen:
            raise BadArchiveError("it has no manifest.json: this is no archive of runs")
        manifest = parse(Manifest, "manifest.json", self.read("manifest.json", MAX_LINE))
        numbers = [f"{number:04}" for number in range(1, manifest.runs + 1)]
        if sorted(self.folders) != numbers:
            raise BadArchiveError(
                f"manifest.json tells of {manifest.runs} runs; there are {len(self.folders)}"
            )
        if manifest.runs > settings.max_runs_per_visitor:
            raise BadArchiveError(
                f"{manifest.runs} runs are too many; {settings.max_runs_per_visitor} are allowed"
            )

    def read(self, name: str, max_bytes: int) -> bytes:
        """Unpack a file, but never more than is allowed of it and of all files together."""
        limit = min(max_bytes, self._left)
        with self._archive.open(name) as file:
            content = file.read(limit + 1)
        if len(content) > limit:
            allowed = max_bytes if limit == max_bytes else self._allowed
            raise BadArchiveError(f"{name} unpacks to too much: {allowed:,} bytes are allowed")
        self._left -= len(content)
        return content

    def lines(self, name: str, longest: int = MAX_LINE) -> Iterator[bytes]:
        """Unpack a file of lines, one at a time; read again, it counts no more."""
        counts = name not in self._counted
        number, line = 1, b""
        with self._archive.open(name) as file:
            while line := file.readline(longest + 1):
                if len(line) > longest:
                    raise BadArchiveError(f"{name}, line {number} is too long")
                if not line.endswith(b"\n"):
                    raise BadArchiveError(f"{name} ends in the middle of a line")
                self._left -= counts * len(line)
                if self._left < 0:
                    raise BadArchiveError(
                        f"{name} unpacks to too much: {self._allowed:,} bytes are allowed"
                    )
                yield line
                number += 1
        self._counted.add(name)


def _read_run(contents: Contents, folder: str, settings: Settings, visitor: str) -> ArchivedRun:
    """Read and check the files of a run."""
    base, files = f"runs/{folder}", sorted(contents.folders[folder])
    about = parse(RunFile, f"{base}/run.json", contents.read(f"{base}/run.json", MAX_LINE))
    for field in ("dataset", "extra_dataset"):
        try:
            if name := getattr(about.spec, field):
                require_open(settings.library, name, visitor)
        except UnknownDatasetError as error:
            raise BadArchiveError(f"{base}/run.json: {field}: {error}") from error
    try:
        check_against(about.spec, settings)
    except SpecError as error:
        raise BadArchiveError(f"{base}/run.json: {error.field}: {error}") from error
    info = settings.library.info(about.spec.dataset)
    networks = ForeignNetworks(about.spec, info)
    most = settings.max_commands
    read = _read_commands(contents, base, networks.parameters, info, settings)
    commands = list(islice(read, 2 * most + 1))
    if len(commands) > 2 * most:
        raise BadArchiveError(f"{base}/commands.jsonl: {2 * most:,} commands are allowed")
    course = Course(about.spec, commands, settings.library)
    for epoch in _read_epochs(contents, base, networks.layers):
        with at(f"{base}/epochs.jsonl, line {epoch['epoch']}"):
            course.add_epoch(epoch)
    with at(f"{base}/run.json"):
        course.end(about.step, settings.max_epochs)
    events = EpochsInZip(contents, base, networks.layers)
    most_epochs = most_kept(
        networks.parameters, settings.kept_checkpoints, settings.kept_checkpoint_bytes
    )
    made: dict[str, bytes] = {}
    for name in files_to_keep(files, course.epochs, most_epochs, events):
        if name.endswith(".safetensors"):
            content = contents.read(f"{base}/{name}", networks.max_bytes)
            try:
                made[name.removesuffix(".safetensors")] = networks.remake(
                    name, content, course, len(commands)
                )
            except BadNetworkError as error:
                raise BadArchiveError(f"{base}/{name}: {error}") from error
    was_live = about.status in LIVE
    return ArchivedRun(
        name=about.name,
        created=about.created.astimezone(UTC),
        status="stopped" if was_live else about.status,
        reason=f"it was {about.status} when it was exported" if was_live else about.reason,
        spec=about.spec,
        step=about.step,
        seconds=about.seconds,
        epochs=events,
        commands=commands,
        checkpoints=_by_epoch(made),
        saved=made.get("training"),
        frame=made.get("frame"),
    )


class EpochsInZip:
    """The events of a run's epochs, read anew each time that they are gone through."""

    def __init__(self, contents: Contents, base: str, layers: int) -> None:
        self._arguments = contents, base, layers

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return _read_epochs(*self._arguments)


@contextmanager
def at(where: str) -> Iterator[None]:
    """Say where a number stands that does not fit the others."""
    try:
        yield
    except NoCourseError as error:
        raise BadArchiveError(f"{where}: {error}") from error


def _read_epochs(contents: Contents, base: str, layers: int) -> Iterator[dict[str, Any]]:
    """Yield the events of the epochs, if they are numbered from 1 on."""
    name = f"{base}/epochs.jsonl"
    for number, line in enumerate(contents.lines(name), 1):
        epoch = parse(ArchivedEpoch, f"{name}, line {number}", line)
        if epoch.epoch != number or len(epoch.gradient_norms) != layers:
            raise BadArchiveError(f"{name}, line {number}: this is not epoch {number} of the run")
        yield epoch.model_dump()


def _read_commands(
    contents: Contents, base: str, parameters: int, info: DatasetInfo, settings: Settings
) -> Iterator[dict[str, Any]]:
    """Yield the commands that changed what was learned."""
    name = f"{base}/commands.jsonl"
    drawings = 0
    for number, line in enumerate(contents.lines(name, MAX_COMMAND), 1):
        command = parse(ArchivedCommand, f"{name}, line {number}", line)
        match command.content:
            case ArchivedNudge(index=index) if index >= parameters:
                raise BadArchiveError(f"{name}, line {number}: there is no such parameter")
            case ArchivedChange(values=values) if values.name:
                raise BadArchiveError(
                    f"{name}, line {number}: a name is nothing that is trained with"
                )
            case ArchivedLearn() | ArchivedAdd() as taught if not _fit(taught, info):
                raise BadArchiveError(f"{name}, line {number}: these are no drawings of its kind")
            case ArchivedLearn() | ArchivedAdd() as taught:
                drawings += len(taught.labels)
                if drawings > settings.max_taught_drawings:
                    raise BadArchiveError(
                        f"{name}, line {number}: the run was taught more drawings than the "
                        f"{settings.max_taught_drawings:,} that this server keeps of one"
                    )
        yield command.model_dump(exclude_unset=True)


def _fit(taught: ArchivedLearn | ArchivedAdd, info: DatasetInfo) -> bool:
    """Return whether drawings are images of a data set's kind, each with one of its classes."""
    pixels = info.input_shape[0] * info.input_shape[1]
    try:
        sizes = {len(base64.b64decode(image, validate=True)) for image in taught.images}
    except binascii.Error:
        return False
    labels = taught.labels
    known = all(0 <= label < info.classes for label in labels)
    return sizes == {pixels} and known and len(labels) == len(taught.images)


def _by_epoch(made: Mapping[str, bytes]) -> dict[int, bytes]:
    """Return the checkpoints by epoch, in order."""
    epochs = (int(name.removeprefix("checkpoints/")) for name in made if "/" in name)
    return {epoch: made[f"checkpoints/{epoch}"] for epoch in sorted(epochs)}


def parse(model: type[Model], where: str, content: bytes) -> Model:
    """Return what JSON says, if it is what the model wants. Raises BadArchiveError."""
    try:
        return model.model_validate_json(content)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(map(str, problem["loc"]))
        raise BadArchiveError(f"{where}: {place}: {problem['msg']}"[:500]) from error
