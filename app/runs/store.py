"""The store: all runs that the server knows, in memory.

What must last longer than the server goes in here, behind the same few methods.
"""

import asyncio
import json
from importlib.resources import files

from app.runs.archive import ArchivedRun
from app.runs.room import Frame
from app.runs.run import LIVE, Run
from app.runs.spec import RunSpec
from app.runs.workers import WorkerPool
from app.settings import Settings

PRETRAINED = ("pretrained", "pretrained-large")


class UnknownRunError(Exception):
    """There is no run with this id."""


class TooManyRunsError(Exception):
    """The server trains as many runs as its settings allow."""


class RunStore:
    """The runs, oldest first, and the workers that train them."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._workers = WorkerPool()
        self._runs: dict[str, Run] = {}
        for name in PRETRAINED:
            file = files("nn_core").joinpath("pretrained", f"{name}.safetensors").read_bytes()
            self._runs[name] = Run.pretrained(name, file, settings)

    def open(self) -> None:
        """Get ready to train."""
        self._workers.warm_up()

    async def close(self) -> None:
        """End all runs and their processes."""
        await asyncio.gather(*(run.close("the server is shutting down") for run in self.all()))
        await self._workers.close()

    def all(self) -> list[Run]:
        """Return all runs, the oldest first."""
        return list(self._runs.values())

    def get(self, run_id: str) -> Run:
        """Return a run. Raises UnknownRunError."""
        if run_id not in self._runs:
            raise UnknownRunError(f"there is no run {run_id!r}: it may have been deleted")
        return self._runs[run_id]

    def create(self, spec: RunSpec, owner: str = "") -> Run:
        """Start a new run. Raises TooManyRunsError."""
        own = [run for run in self.all() if not run.is_pretrained]
        if sum(run.status in LIVE for run in own) >= self._settings.max_live_runs:
            message = (
                f"{self._settings.max_live_runs} runs are training or paused, which is all that "
                "this server allows at once: stop one, or wait until one has finished"
            )
            raise TooManyRunsError(message)
        if len(own) >= self._settings.max_runs:
            oldest_ended = next((run for run in own if run.status not in LIVE), None)
            if oldest_ended is None:
                raise TooManyRunsError(
                    f"the server remembers {len(own)} runs already, and all are under way"
                )
            del self._runs[oldest_ended.id]
            oldest_ended.forget()
        run = Run(spec, self._settings, self._workers.take, owner)
        self._runs[run.id] = run
        run.start()
        return run

    async def delete(self, run_id: str) -> None:
        """Stop a run, tell its viewers, and forget it. Raises UnknownRunError, WrongStateError."""
        run = self.get(run_id)
        run.require_own("be deleted")
        del self._runs[run_id]
        await run.close("this run was deleted")

    def archive(self, visitor: str) -> list[ArchivedRun]:
        """Return a visitor's runs as an archive has them, the oldest first."""
        own = [run for run in self.all() if run.owner == visitor and not run.is_pretrained]
        return [_archived(run) for run in own]

    async def admit(self, archived: ArchivedRun, visitor: str) -> Run:
        """Keep a run that came in an archive, under a new id. Raises TooManyRunsError."""
        if len(self._runs) - len(PRETRAINED) >= self._settings.max_runs:
            raise TooManyRunsError("the server keeps as many runs as its settings allow")
        run = Run(archived.spec, self._settings, self._workers.take, visitor)
        run.name, run.created = archived.name, archived.created
        run.status, run.reason = archived.status, archived.reason
        run.epoch, run.step = len(archived.epochs), archived.step
        run.checkpoints = dict(archived.checkpoints)
        run._saved = archived.saved or b""  # noqa: SLF001
        run._begun.set()  # noqa: SLF001
        for event in archived.epochs:
            run.room.add_epoch(event)
        if archived.frame:
            run.room.set_frame(Frame(archived.frame))
        self._runs[run.id] = run
        return run


def _archived(run: Run) -> ArchivedRun:
    """Return a run as an archive has it."""
    return ArchivedRun(
        name=run.name,
        created=run.created,
        status=run.status,
        reason=run.reason,
        spec=run.spec,
        step=run.step,
        seconds=0,
        epochs=[json.loads(text) for text in run.room.epochs],
        commands=[],
        checkpoints=dict(run.checkpoints),
        saved=run._saved or None,  # noqa: SLF001
        frame=run.room.frame.everything if run.room.frame else None,
    )
