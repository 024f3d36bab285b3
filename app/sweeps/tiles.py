"""Sweeps on the teacher's wall: each is one tile, which shows the best of its runs."""

from app.runs.wall import SweepTile
from app.sweeps.driver import has_ended
from app.sweeps.record import Member
from app.sweeps.sweep import Sweep
from app.sweeps.sweeps import Sweeps

FIGURES = ("cost", "accuracy", "test_accuracy")


def tiles_of(sweeps: Sweeps) -> list[SweepTile]:
    """Return the tiles of all sweeps, the oldest first."""
    return [tile_of(sweep) for sweep in sweeps.all()]


def tile_of(sweep: Sweep) -> SweepTile:
    """Return a sweep as the wall is told of it; its epochs are those of all its runs together."""
    best = best_of(sweep)
    described = sweep.describe()
    told = {name: described[name] for name in ("id", "created", "status", "reason")}
    told |= {
        "name": sweep.record.name or f"Sweep: {', '.join(described['vary'])}".replace("_", " "),
        "place": None,
        "spec": described["base"],
        "epoch": sum(run["epoch"] for run in described["runs"]),
        "step": 0,
        "sweep": {"runs": len(sweep.members), "ended": sum(map(has_ended, sweep.members))},
    }
    told |= {name: best.figures.get(name) if best else None for name in FIGURES}
    return SweepTile(sweep.id, sweep.owner, told, best.run if best else None)


def best_of(sweep: Sweep) -> Member | None:
    """Return the run that reads the test set best so far."""
    measured = [member for member in sweep.members if member.figures.get("test_accuracy")]
    return max(measured, key=lambda member: member.figures["test_accuracy"], default=None)
