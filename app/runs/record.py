"""A run's record: what is kept of it in the database."""

import json
import time
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from app.runs.spec import RunSpec
from nn_core.datasets import DatasetInfo

RunStatus = Literal[
    "queued", "training", "paused", "finished", "stopped", "diverged", "interrupted", "failed"
]


@dataclass(frozen=True)
class Best:
    """The epoch that reads the test set best, and how well."""

    epoch: int
    accuracy: float
    cost: float


@dataclass(frozen=True)
class Command:
    """A command that changed what is learned, as the worker took it, and after which step."""

    step: int
    content: dict[str, Any]


@dataclass(frozen=True)
class Record:
    """What there is to know of a run, but for what happened in it and its checkpoints.

    ``spec`` is what it began with; ``commands`` are those that took effect since, in order.
    Together they say all about the network, bit for bit. Times are seconds since 1970.
    """

    id: str
    owner: str  # a visitor's id
    spec: RunSpec
    dataset: DatasetInfo  # as it was when the run began
    name: str | None = None
    created: float = field(default_factory=time.time)
    seen: float = field(default_factory=time.time)  # when somebody last looked at it
    status: RunStatus = "queued"
    reason: str | None = None
    epoch: int = 0
    step: int = 0
    seconds: float = 0.0  # that it has trained
    best: Best | None = None
    events: int = 0  # how many there are
    commands: tuple[Command, ...] = ()

    def fixed_columns(self) -> dict[str, Any]:
        """Return what is always the same in this run's row."""
        dataset = asdict(replace(self.dataset, source=None))
        return {"spec": self.spec.model_dump_json(), "dataset": json.dumps(dataset)}

    def row(self, fixed_columns: dict[str, Any]) -> dict[str, Any]:
        """Return the row of the table of runs. It is asked for at every epoch."""
        row = {name: value for name, value in vars(self).items() if name != "commands"}
        best = json.dumps(vars(self.best)) if self.best else None
        return row | fixed_columns | {"best": best}

    @classmethod
    def of_row(cls, row: dict[str, Any], commands: list[Command]) -> "Record":
        """Return the record that a row and the commands describe."""
        dataset = json.loads(row["dataset"])
        names = dataset["class_names"]
        dataset |= {
            "input_shape": tuple(dataset["input_shape"]),
            "class_names": tuple(names) if names else None,
        }
        changed = {
            "spec": RunSpec.model_validate_json(row["spec"]),
            "dataset": DatasetInfo(**dataset),
            "best": Best(**json.loads(row["best"])) if row["best"] else None,
            "commands": tuple(commands),
        }
        return cls(**row | changed)

    def spec_now(self) -> RunSpec:
        """Return the spec with all changes since."""
        spec = self.spec
        for command in self.commands:
            if command.content["type"] == "change":
                spec = spec.model_copy(update=command.content["values"])
        return spec
