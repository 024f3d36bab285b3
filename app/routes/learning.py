"""Correction over HTTP: a run learns a few drawings that it has misread."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from app.routes.dependencies import TheAddress, TheOwnRun, TheSettings, TheStore, TheVisitor
from app.routes.drawings import LabelledDrawing, checked
from app.routes.problems import problems
from app.runs.room_to_keep import require_room_for_drawings
from app.runs.steering import bytes_of
from app.settings import MOST_DRAWINGS
from app.strict_model import BodyModel
from app.web.json_response import StrictJSONResponse

router = APIRouter(
    prefix="/api/runs/{run_id}",
    default_response_class=StrictJSONResponse,
    responses=problems(404, 409),
)


class Lesson(BodyModel):
    """Drawings to learn."""

    drawings: list[LabelledDrawing] = Field(min_length=1, max_length=MOST_DRAWINGS)


class Learned(BaseModel):
    """What the network read in each drawing, and what it reads after the twenty steps."""

    before: list[int]
    after: list[int]
    right_before: int
    right_after: int
    test_accuracy_before: float = Field(description="On the data set's test examples, 0 to 1.")
    test_accuracy_after: float


@router.post("/learn", response_model=Learned)
async def learn(
    run: TheOwnRun,
    store: TheStore,
    settings: TheSettings,
    visitor: TheVisitor,
    address: TheAddress,
    lesson: Lesson,
) -> dict[str, Any]:
    """Teach the network a few drawings: twenty steps on them and on other training examples.

    They count as no steps of the training, which goes on from there. Of a network that is not yours
    or came with Nudge, make a copy first.
    """
    run.commands.require_own("learn drawings")
    images, labels = checked(lesson.drawings, run.record.dataset, settings)
    require_room_for_drawings(store.all(), (visitor, address), bytes_of(images), settings)
    before, after = await run.commands.learn(images, labels)
    return {
        "before": before.read,
        "after": after.read,
        "right_before": count_same(before.read, labels),
        "right_after": count_same(after.read, labels),
        "test_accuracy_before": before.test_accuracy,
        "test_accuracy_after": after.test_accuracy,
    }


def count_same(read: Sequence[int], labels: Sequence[int]) -> int:
    """Return how many of what was read are the labels."""
    return sum(one == other for one, other in zip(read, labels, strict=True))
