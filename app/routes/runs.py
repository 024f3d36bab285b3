"""The runs over HTTP: create, look, steer."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from app.datasets.owners import is_open_to
from app.routes.dependencies import (
    TheAddress,
    TheClassroom,
    TheOwnRun,
    TheRun,
    TheRunToHalt,
    TheSettings,
    TheStore,
    TheVisitor,
    require_owner,
)
from app.routes.drawings import LabelledDrawing, checked
from app.routes.epochs_csv import epochs_as_csv, next_epochs
from app.routes.problems import problems
from app.runs import copying
from app.runs.left_behind import pause_left_behind
from app.runs.record import RunStatus
from app.runs.room_to_keep import require_room_for_drawings
from app.runs.run import Run
from app.runs.spec import RunPatch, RunSpec, SpecError, check_against, check_epochs
from app.runs.steering import Add, bytes_of
from app.settings import MOST_DRAWINGS
from app.web.json_response import StrictJSONResponse
from nn_core.image_kind import Drawing
from nn_core.paper import Ground

router = APIRouter(
    prefix="/api",
    default_response_class=StrictJSONResponse,
    responses=problems(404, 409),
)

AfterEpoch = Annotated[int, Query(ge=0, le=2**53, description="Only epochs later than this one.")]


class ImagesOut(BaseModel):
    """The images that a run's network reads, as its data set said when the run began."""

    shape: tuple[int, int]
    drawing: Drawing
    ground: Ground | None
    class_names: list[str]


class RunOut(BaseModel):
    """A run as it is now."""

    id: str
    name: str | None
    created: datetime
    yours: bool = Field(description="Whether the caller may control it.")
    pretrained: bool = Field(description="Whether it came with Nudge, and can't be changed.")
    place: int | None = Field(description="In the queue, from 1; null: it does not wait.")
    node: str | None = Field(
        description="The machine that it trains on: `local` is the server's own. null while it "
        "waits, is paused or has ended."
    )
    status: RunStatus
    reason: str | None
    spec: RunSpec
    images: ImagesOut
    parameters: int
    epoch: int
    step: int
    test_accuracy: float | None = Field(description="After the last epoch, 0 to 1.")
    sweep: str | None = Field(description="The id of the sweep that it belongs to.")


class NewRun(RunSpec):
    """A RunSpec, and drawings of the caller's to train on, too."""

    drawings: list[LabelledDrawing] = Field(
        [],
        max_length=MOST_DRAWINGS,
        description="Added to the examples to train with, for this run only: they are no part of "
        "its spec, which everybody sees who has its link.",
    )


@router.post("/runs", status_code=201, response_model=RunOut)
async def create_run(
    store: TheStore,
    settings: TheSettings,
    visitor: TheVisitor,
    address: TheAddress,
    classroom: TheClassroom,
    body: NewRun | None = None,
    paused: Annotated[bool, Query(description="Get it ready, but make no step.")] = False,  # noqa: FBT002
    instead_of: Annotated[
        str | None,
        Query(
            description="The id of a run of yours. If it is live it is stopped, and the new run "
            "can have its slot; if it has made no step it is deleted."
        ),
    ] = None,
) -> dict[str, Any]:
    """Start a run."""
    body = body or NewRun()
    spec = RunSpec.model_validate(body.model_dump(exclude={"drawings"}))
    _require_open(spec, settings, visitor)
    with at_its_field():
        check_against(spec, settings)
    drawings = None
    if body.drawings:
        drawings = Add(*checked(body.drawings, settings.library.info(spec.dataset), settings))
        more = bytes_of(drawings.images)
        require_room_for_drawings(store.all(), (visitor, address), more, settings)
    replaced = None
    if instead_of is not None:
        replaced = store.get(instead_of)
        require_owner(replaced, visitor)
    if visitor in classroom.pupils():
        await pause_left_behind(store, visitor)
    run = await store.create(
        spec, visitor, address, paused=paused, replaced=replaced, drawings=drawings
    )
    return run.describe(visitor)


@router.post("/runs/{run_id}/copy", status_code=201, response_model=RunOut)
async def copy_run(
    run: TheRun, store: TheStore, settings: TheSettings, visitor: TheVisitor, address: TheAddress
) -> dict[str, Any]:
    """Make a run of your own, paused, that begins with any run's network as it is now."""
    copied = await copying.copy(store, run, settings, visitor, address)
    return copied.describe(visitor)


@router.get("/runs", response_model=list[RunOut])
async def list_runs(store: TheStore, visitor: TheVisitor) -> list[dict[str, Any]]:
    """List the pretrained networks and your own runs, the oldest first."""
    return [
        run.describe(visitor)
        for run in store.all()
        if run.is_pretrained or (run.owner == visitor and not run.is_replaced)
    ]


@router.get("/runs/{run_id}", response_model=RunOut)
async def get_run(run: TheRun, visitor: TheVisitor) -> dict[str, Any]:
    """Say how a run stands."""
    return run.describe(visitor)


@router.patch("/runs/{run_id}", response_model=RunOut)
async def change_run(run: TheOwnRun, settings: TheSettings, patch: RunPatch) -> dict[str, Any]:
    """Change hyperparameters; they hold from the next step on."""
    run.commands.require_own("change")
    changes = patch.changes()
    with at_its_field():  # all else is as it began, whatever the settings allow today
        check_epochs(changes.get("epochs"), settings)
    if "name" in changes:
        await run.commands.rename(changes.pop("name"))
    if changes:
        await run.commands.change(changes)
    return run.describe(run.owner)


@router.delete("/runs/{run_id}", status_code=204)
async def delete_run(run: TheOwnRun, store: TheStore) -> None:
    """Stop a run and forget it."""
    await store.delete(run.id)


@router.post("/runs/{run_id}/pause", response_model=RunOut)
async def pause_run(run: TheRunToHalt, visitor: TheVisitor) -> dict[str, Any]:
    """Make no more steps until resumed."""
    await run.commands.pause()
    return run.describe(visitor)


@router.post("/runs/{run_id}/resume", response_model=RunOut)
async def resume_run(run: TheOwnRun) -> dict[str, Any]:
    """Go on."""
    await run.commands.resume()
    return run.describe(run.owner)


@router.post("/runs/{run_id}/step", response_model=RunOut)
async def step_run(run: TheOwnRun) -> dict[str, Any]:
    """Make one gradient descent step; a run that trains pauses first."""
    await run.commands.make_step()
    return run.describe(run.owner)


@router.post("/runs/{run_id}/stop", response_model=RunOut)
async def stop_run(run: TheRunToHalt, visitor: TheVisitor) -> dict[str, Any]:
    """End the training."""
    await run.commands.stop()
    return run.describe(visitor)


@router.get(
    "/runs/{run_id}/epochs",
    response_class=Response,
    responses={
        200: {
            "content": {
                "application/json": {"schema": {"type": "array", "items": {"type": "object"}}},
                "text/csv": {"schema": {"type": "string"}},
            }
        }
    },
)
async def epochs(
    run: TheRun,
    after: AfterEpoch = 0,
    format: Literal["json", "csv"] = "json",  # noqa: A002 - the contract's name
) -> Response:
    """Return the figures of every epoch, as JSON or as CSV."""
    if format == "json":
        return StreamingResponse(_json(run, after), media_type="application/json")
    return StreamingResponse(
        epochs_as_csv(run, after),
        media_type="text/csv",
        headers={"Content-Disposition": f'attachment; filename="nudge-{run.id}.csv"'},
    )


class StepOut(BaseModel):
    """What a step cost."""

    step: int
    epoch: float = Field(description="Complete epochs after it; the present one by its share.")
    cost: float = Field(description="Its batch's, before its nudge and without penalty.")
    smooth: float = Field(description="About the mean of the last 50 steps' costs.")


@router.get("/runs/{run_id}/steps", response_model=list[StepOut])
async def steps(
    run: TheRun,
    after: Annotated[int, Query(ge=0, le=2**53, description="Only later steps.")] = 0,
) -> list[dict[str, Any]]:
    """Return what the steps cost.

    Of a long run, those with the smallest and the largest cost of each stretch of steps: at most
    about a thousand.
    """
    return [cost._asdict() for cost in await run.step_costs(after)]


async def _json(run: Run, after: int) -> AsyncIterator[str]:
    """Yield the epochs after one as a JSON array, some at a time: there may be a million."""
    comma = "["
    while events := await next_epochs(run, after):
        yield comma + ",".join(event.text for event in events)
        after = events[-1].epoch or 0
        comma = ","
    yield "]" if comma == "," else "[]"


def _require_open(spec: RunSpec, settings: TheSettings, visitor: str) -> None:
    """Answer 422 at the field for a data set that is somebody else's, and not shared."""
    for field in ("dataset", "extra_dataset"):
        name = getattr(spec, field)
        if name is not None and not is_open_to(settings.library, name, visitor):
            words = f"no data set of yours is called {name!r}, and none is shared"
            detail = {"loc": ("body", field), "msg": words, "type": "value_error"}
            raise RequestValidationError([detail])


@contextmanager
def at_its_field() -> Iterator[None]:
    """Answer 422 at the field that is beyond the server's settings or data."""
    try:
        yield
    except SpecError as error:
        detail = {"loc": ("body", error.field), "msg": str(error), "type": "value_error"}
        raise RequestValidationError([detail]) from error
