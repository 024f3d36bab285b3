"""A run's record: its row in the table of runs, in memory."""

import json
import secrets
import time
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from app.runs.spec import RunSpec
from nn_core.datasets import DATASETS, DatasetInfo, Library

RunStatus = Literal[
    "queued", "training", "paused", "finished", "stopped", "diverged", "interrupted", "failed"
]
LIVE: tuple[RunStatus, ...] = ("queued", "training", "paused")
RESUMABLE: tuple[RunStatus, ...] = ("finished", "stopped", "interrupted")


@dataclass(frozen=True)
class Best:
    """The epoch that reads the test set best, and how well."""

    epoch: int
    accuracy: float
    cost: float


@dataclass(frozen=True)
class Record:
    """What there is to know about a run, except its events, its commands and its checkpoints.

    ``spec`` is what it began with. Together with the commands that took effect since it
    determines the network, bit for bit. Times are seconds since 1970.
    """

    id: str
    owner: str  # a visitor's id
    spec: RunSpec
    dataset: DatasetInfo  # as it was when the run began
    name: str | None = None
    extra: DatasetInfo | None = None  # what was known of the data set that is added to it
    sweep: str | None = None  # the id of the sweep that it belongs to
    created: float = field(default_factory=time.time)
    seen: float = field(default_factory=time.time)  # when somebody last looked at it
    status: RunStatus = "queued"
    reason: str | None = None
    epoch: int = 0
    step: int = 0
    seconds: float = 0.0  # that it has trained
    test_accuracy: float | None = None  # after the last epoch
    best: Best | None = None
    events: int = 0  # how many there are
    commands: int = 0  # how many took effect

    @classmethod
    def of_new_run(cls, spec: RunSpec, owner: str, library: Library, seen: float) -> "Record":
        """Return the record of a new run. Its id has 128 bits: a link that can't be guessed."""
        extra = library.info(spec.extra_dataset) if spec.extra_dataset else None
        dataset = library.info(spec.dataset)
        new = secrets.token_hex(16)
        return cls(new, owner, spec, dataset, extra=extra, seen=seen)

    def fixed_columns(self) -> dict[str, Any]:
        """Return the columns that never change."""
        dataset = as_json(self.dataset) | {"extra": self.extra and as_json(self.extra)}
        return {"spec": self.spec.model_dump_json(), "dataset": json.dumps(dataset)}

    def row(self, fixed_columns: dict[str, Any]) -> dict[str, Any]:
        """Return the run's row; the fixed columns are given, as this is called every epoch."""
        row = dict(vars(self))
        del row["commands"], row["extra"]
        best = json.dumps(vars(self.best)) if self.best else None
        return row | fixed_columns | {"best": best}

    @classmethod
    def of_row(cls, row: dict[str, Any], commands: int) -> "Record":
        """Return the record that a row describes."""
        dataset = json.loads(row["dataset"])
        extra = dataset.pop("extra", None)
        changed = {
            "spec": RunSpec.model_validate_json(row["spec"]),
            "dataset": of_json(dataset),
            "extra": extra and of_json(extra),
            "best": Best(**json.loads(row["best"])) if row["best"] else None,
            "commands": commands,
        }
        return cls(**row | changed)


def as_json(dataset: DatasetInfo) -> dict[str, Any]:
    """Return what is kept of what was known of a data set."""
    return asdict(replace(dataset, source=None, notes=()))


def of_json(kept: dict[str, Any]) -> DatasetInfo:
    """Return what was known of a data set, from what was kept."""
    names = kept["class_names"]
    kept |= {
        "input_shape": tuple(kept["input_shape"]),
        "class_names": tuple(names) if names else None,
        "notes": (),
    }
    if "drawing" not in kept:  # it is of a run that began before this was kept
        known = DATASETS.get(kept["name"])
        kept["drawing"] = known.drawing if known else "whole"
    return DatasetInfo(**kept)
