"""A sweep's record: its row in the table of sweeps, in memory; and its members."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from app.runs.journal import Row
from app.runs.run import Run
from app.sweeps.asked import SweepIn
from app.sweeps.effort import Effort
from app.sweeps.space import Point

SweepStatus = Literal["training", "paused", "finished", "stopped", "interrupted"]
DELETED = "deleted"  # what is kept of one that is being deleted, until all of it is gone


@dataclass(frozen=True)
class SweepRecord:
    """What there is to know about a sweep, except its runs. ``asked`` has ``at_once`` filled in."""

    id: str
    owner: str  # a visitor's id
    name: str | None
    created: float  # seconds since 1970
    status: str
    reason: str | None
    asked: SweepIn
    rung: int = 0  # how many times the worse half was stopped

    def row(self, members: Sequence["Member"]) -> Row:
        """Return the sweep's row."""
        kept = [member.kept() for member in members]
        asked = self.asked.model_dump_json(exclude_unset=True)
        return vars(self) | {"asked": asked, "members": json.dumps(kept)}

    @classmethod
    def of_row(cls, row: Row) -> "SweepRecord":
        """Return the record that a row describes. Raises ValueError."""
        own = {name: value for name, value in row.items() if name != "members"}
        return cls(**own | {"asked": SweepIn.model_validate_json(row["asked"])})


@dataclass(eq=False)
class Member:
    """A run of a sweep, and what the sweep knows of it."""

    id: str
    varied: Point
    effort: Effort
    run: Run | None = None  # None once it is deleted
    figures: dict[str, Any] = field(default_factory=dict)  # of its last epoch
    out: str | None = None  # why it was stopped at a rung
    out_after: int = 0  # the rung's epoch
    gone: dict[str, Any] | None = None  # what was known of it when it was deleted
    is_starting: bool = False

    def kept(self) -> dict[str, Any]:
        """Return what is kept of it in the sweep's row."""
        names = ("id", "varied", "effort", "out", "out_after", "gone")
        return {name: getattr(self, name) for name in names}

    def describe(self) -> dict[str, Any]:
        """Return the member as everybody is told of it."""
        return {"id": self.id, "varied": self.varied, **self.standing(), **self.effort._asdict()}

    def standing(self) -> dict[str, Any]:
        """Return how far it is."""
        if self.run is None:
            assert self.gone is not None
            return self.gone
        described = self.run.describe()
        told = {name: described[name] for name in ("status", "reason", "epoch", "step")}
        return told | {name: self.figures.get(name) for name in FIGURES}

    @property
    def epoch(self) -> int:
        """How many epochs are complete."""
        return self.run.record.epoch if self.run else 0

    def is_exactly_after(self, epoch: int) -> bool:
        """Return whether it is paused at the end of this epoch."""
        return (
            self.run is not None
            and self.run.status == "paused"
            and self.epoch == epoch
            and self.run.record.step == self.figures.get("step")
        )


FIGURES = ("cost", "accuracy", "test_cost", "test_accuracy")
