"""Taking back a run that was there before the server was started."""

from collections.abc import Set as AbstractSet

from app.runs.record import RunStatus
from app.runs.run import Run
from app.runs.storage import Storage
from app.settings import Settings


def restore(
    run: Run, storage: Storage, settings: Settings, living_sweeps: AbstractSet[str]
) -> None:
    """Let a run go on that trained, unless it waits for its turn in a sweep, or people say when."""
    record = run.record
    run.networks.kept_epochs = storage.files.epochs(record.id)
    if record.status in ("queued", "training"):
        status: RunStatus = "interrupted"
        reason = "the server went away: resume it to go on"
        is_member = record.sweep in living_sweeps
        if settings.resume_runs:
            if is_member and record.status == "queued":
                return
            status, reason = "queued", "the server was started anew: it goes on"
        run.ledger.set_status(status, record.step, reason)
        if status == "queued" and not is_member:
            run.start()
    elif record.status == "paused" and storage.is_behind(record):
        run.start(paused=True)
