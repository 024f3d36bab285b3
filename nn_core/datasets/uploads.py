"""Uploaded data sets: which there are, what is known of each, and how to be rid of one.

Each has a folder with the four IDX files, not gzipped, so they are mapped into memory and shared by
all processes, and a small JSON file that says what they are.
"""

import json
import re
import tempfile
from pathlib import Path
from typing import NamedTuple

from nn_core.datasets.errors import UnknownDatasetError
from nn_core.datasets.registry import DatasetInfo

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
ABOUT = "about.json"


def find(directory: Path) -> list[DatasetInfo]:
    """Return the data sets that are kept in a directory, by name."""
    try:
        names = sorted(entry.name for entry in directory.iterdir())
    except OSError:  # there is none yet
        return []
    return [
        known.info
        for name in names
        if NAME.fullmatch(name) and (known := known_of(directory, name)) is not None
    ]


def info(directory: Path, name: str) -> DatasetInfo:
    """Return what is known of one of them. Raises UnknownDatasetError."""
    known = known_of(directory, name) if NAME.fullmatch(name) else None
    if known is None:
        raise UnknownDatasetError(f"no data set is called {name!r}")
    return known.info


def remove(directory: Path, name: str) -> None:
    """Delete one of them. Who has it mapped keeps it. Raises UnknownDatasetError."""
    info(directory, name)
    with tempfile.TemporaryDirectory(dir=directory, prefix=".gone-") as scratch:
        try:
            (directory / name).rename(Path(scratch) / name)  # it vanishes at once
        except FileNotFoundError as error:
            raise UnknownDatasetError(f"no data set is called {name!r}") from error


class Known(NamedTuple):
    """What is noted of a data set that is kept."""

    digest: str  # SHA-256 of the file that it was made from
    info: DatasetInfo


def known_of(directory: Path, name: str) -> Known | None:
    """Return what is noted of a data set; None if there is none."""
    try:
        about = json.loads((directory / name / ABOUT).read_text())
        rows, columns = about["input_shape"]
        info = DatasetInfo(
            name,
            f"{name}, an uploaded data set",
            about["training_examples"],
            about["test_examples"],
            licence=None,
            input_shape=(rows, columns),
            classes=about["classes"],
            class_names=tuple(about.get("class_names") or ()) or None,
            notes=tuple(about.get("notes", ())),
            drawing=about.get("drawing", "whole"),
            ground=about.get("ground", "dark"),
            digest=about["sha256"],
        )
        return Known(about["sha256"], info)
    except (OSError, ValueError, KeyError, TypeError):
        return None
