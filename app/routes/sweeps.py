"""The sweeps over HTTP: begin, look, steer."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, HTTPException, Response
from fastapi.exceptions import RequestValidationError
from fastapi.requests import HTTPConnection
from pydantic import BaseModel, Field

from app.datasets.owners import is_open_to
from app.routes.dependencies import IsTeacher, TheAddress, TheSettings, TheVisitor
from app.routes.problems import problems
from app.runs.csv_text import csv_text
from app.runs.record import RunStatus
from app.runs.spec import RunSpec
from app.sweeps import halving
from app.sweeps.asked import Search, SweepIn
from app.sweeps.effort import total_seconds
from app.sweeps.plan import Plan, PlanError, Planned, filled_in
from app.sweeps.record import FIGURES, Member, SweepStatus
from app.sweeps.sweep import Sweep
from app.sweeps.sweeps import Sweeps
from app.web.json_response import StrictJSONResponse

router = APIRouter(
    prefix="/api/sweeps",
    default_response_class=StrictJSONResponse,
    responses=problems(404, 409, 507),
)


class MemberOut(BaseModel):
    """A run of a sweep; more of it stands at /api/runs/{id}."""

    id: str | None = Field(description="null: it was only planned.")
    varied: dict[str, Any] = Field(description="The fields that are varied, with its values.")
    status: RunStatus | Literal["planned", "deleted"]
    reason: str | None
    epoch: int
    step: int
    cost: float | None = Field(description="Of its last epoch, as are the other figures.")
    accuracy: float | None
    test_cost: float | None
    test_accuracy: float | None
    parameters: int
    steps: int | None = Field(description="In all its epochs; null: it has no end of its own.")
    seconds: float | None = Field(description="About how long it takes to train, from nothing.")


class SweepOut(BaseModel):
    """A sweep as it is now."""

    id: str | None
    name: str | None
    created: datetime | None
    yours: bool = Field(description="Whether the caller may control it.")
    status: SweepStatus | Literal["planned"]
    reason: str | None
    base: RunSpec
    vary: dict[str, Any]
    search: Search
    seed: int
    at_once: int
    rungs: list[int] = Field(description="The epochs after which the worse half stops.")
    estimated_seconds: float | None = Field(description="About how long all of it takes.")
    runs: list[MemberOut]


async def get_sweeps(connection: HTTPConnection) -> Sweeps:
    """Return the sweeps of this app."""
    sweeps: Sweeps = connection.app.state.sweeps
    return sweeps


TheSweeps = Annotated[Sweeps, Depends(get_sweeps)]


async def get_sweep(sweep_id: str, sweeps: TheSweeps) -> Sweep:
    """Return the sweep that the path names. Raises UnknownSweepError."""
    sweep = sweeps.get(sweep_id)
    sweep.touch()
    await sweep.load()
    return sweep


async def get_own_sweep(sweep: Annotated[Sweep, Depends(get_sweep)], visitor: TheVisitor) -> Sweep:
    """Return the sweep that the path names, if it is the caller's to control."""
    if sweep.owner != visitor:
        raise HTTPException(403, "this sweep is somebody else's: you can watch it")
    return sweep


async def get_sweep_to_halt(
    sweep: Annotated[Sweep, Depends(get_sweep)], visitor: TheVisitor, teacher: IsTeacher
) -> Sweep:
    """Return the sweep that the path names, if the caller may halt it: a teacher may halt any."""
    return sweep if teacher else await get_own_sweep(sweep, visitor)


TheSweep = Annotated[Sweep, Depends(get_sweep)]
TheOwnSweep = Annotated[Sweep, Depends(get_own_sweep)]
TheSweepToHalt = Annotated[Sweep, Depends(get_sweep_to_halt)]


@router.post(
    "",
    status_code=201,
    response_model=SweepOut,
    responses={200: {"model": SweepOut, "description": "What a dry one would be."}},
)
async def create_sweep(
    asked: SweepIn,
    response: Response,
    sweeps: TheSweeps,
    settings: TheSettings,
    visitor: TheVisitor,
    address: TheAddress,
) -> dict[str, Any]:
    """Begin a sweep: all of its runs or, if that is not possible, none."""
    try:
        filled, plan = sweeps.plan(asked)
        for member in plan.members:
            _require_open(member.spec, settings, visitor)
    except PlanError as error:
        detail = {"loc": ("body", *error.loc), "msg": str(error), "type": "value_error"}
        raise RequestValidationError([detail]) from error
    if asked.dry:
        response.status_code = 200
        return planned(filled, plan, sweeps)
    sweep = await sweeps.create(filled, plan, visitor, address)
    return sweep.describe(visitor)


@router.get("", response_model=list[SweepOut])
async def list_sweeps(sweeps: TheSweeps, visitor: TheVisitor) -> list[dict[str, Any]]:
    """List your sweeps, the oldest first."""
    own = [sweep for sweep in sweeps.all() if sweep.owner == visitor]
    for sweep in own:
        await sweep.load()
    return [sweep.describe(visitor) for sweep in own]


@router.get(
    "/{sweep_id}",
    response_model=SweepOut,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
async def get_one(
    sweep: TheSweep,
    visitor: TheVisitor,
    format: Literal["json", "csv"] = "json",  # noqa: A002 - the contract's name
) -> Any:
    """Say how a sweep stands: as JSON, or as CSV with a row for each run."""
    if format == "json":
        return sweep.describe(visitor)
    return Response(
        as_csv(sweep),
        media_type="text/csv",
        headers={"Content-Disposition": f'attachment; filename="nudge-sweep-{sweep.id}.csv"'},
    )


@router.delete("/{sweep_id}", status_code=204)
async def delete_sweep(sweep: TheOwnSweep, sweeps: TheSweeps) -> None:
    """Stop a sweep, and forget it and its runs."""
    await sweeps.delete(sweep)


@router.post("/{sweep_id}/pause", response_model=SweepOut)
async def pause_sweep(sweep: TheSweepToHalt, visitor: TheVisitor) -> dict[str, Any]:
    """Make no more steps until resumed."""
    await sweep.pause()
    return sweep.describe(visitor)


@router.post("/{sweep_id}/resume", response_model=SweepOut)
async def resume_sweep(
    sweep: TheOwnSweep, sweeps: TheSweeps, visitor: TheVisitor
) -> dict[str, Any]:
    """Go on."""
    await sweep.resume()
    sweeps.drive(sweep)
    return sweep.describe(visitor)


@router.post("/{sweep_id}/stop", response_model=SweepOut)
async def stop_sweep(sweep: TheSweepToHalt, visitor: TheVisitor) -> dict[str, Any]:
    """End all of its runs."""
    await sweep.stop()
    return sweep.describe(visitor)


def planned(asked: SweepIn, plan: Plan, sweeps: Sweeps) -> dict[str, Any]:
    """Return what a sweep would be. Of Optuna's runs only the base's cost is known."""
    members = plan.members or [Planned({}, asked.base)] * plan.most
    efforts = sweeps.efforts(members)
    epochs = asked.base.epochs
    halves = asked.search == "halving"
    nothing = {"id": None, "status": "planned", "reason": None, "epoch": 0, "step": 0}
    return {
        "id": None,
        "name": asked.name,
        "created": None,
        "yours": True,
        "status": "planned",
        "reason": None,
        "base": asked.base.model_dump(mode="json"),
        "vary": {name: filled_in(varied, name) for name, varied in asked.vary.items()},
        "search": asked.search,
        "seed": asked.seed,
        "at_once": asked.at_once,
        "rungs": halving.rungs(epochs) if halves and epochs else [],
        "estimated_seconds": total_seconds(efforts, asked.at_once or 1, epochs, halves=halves),
        "runs": [
            nothing | {"varied": member.varied} | dict.fromkeys(FIGURES) | effort._asdict()
            for member, effort in zip(members, efforts, strict=True)
        ],
    }


def as_csv(sweep: Sweep) -> str:
    """Return a sweep as CSV: a row for each run."""
    fields = list(sweep.record.asked.vary)
    told = ["status", "reason", "epoch", "step", *FIGURES, "parameters", "steps"]

    def row(member: Member) -> list[Any]:
        described = member.describe()
        return [
            member.id,
            *(member.varied[field] for field in fields),
            *(described[name] for name in told),
        ]

    return csv_text([["id", *fields, *told], *map(row, sweep.members)])


def _require_open(spec: RunSpec, settings: TheSettings, visitor: str) -> None:
    """Raise PlanError for a data set that is somebody else's, and not shared."""
    for field in ("dataset", "extra_dataset"):
        name = getattr(spec, field)
        if name is not None and not is_open_to(settings.library, name, visitor):
            words = f"no data set of yours is called {name!r}, and none is shared"
            raise PlanError((field,), words)
