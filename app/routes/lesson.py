"""The lesson, for a pupil: coming to it by its code, and being at one of its tasks."""

import math
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from app.access.guesses import Guesses
from app.routes.dependencies import TheClassroom, TheSettings, TheStore, TheVisitor
from app.routes.problems import problems
from app.runs.classroom import (
    Classroom,
    LessonFullError,
    NameInUseError,
    WrongCodeError,
    in_usual_letters,
)
from app.strict_model import BodyModel
from app.web.frontend import rendered
from app.web.json_response import StrictJSONResponse
from app.web.location import location_of

router = APIRouter(
    prefix="/api/class", default_response_class=StrictJSONResponse, responses=problems(404, 409)
)

pages = APIRouter(include_in_schema=False)

Nickname = Annotated[
    str,
    StringConstraints(min_length=1, max_length=20, strip_whitespace=True),
    AfterValidator(in_usual_letters),
]


class Joining(BodyModel):
    """A pupil comes to the lesson."""

    code: str = Field(max_length=20, description="The lesson's, as the teacher tells it.")
    nickname: Nickname = Field(description="Shown to the teacher, and to all on the wall.")


class At(BodyModel):
    """Where a pupil is."""

    task: int = Field(ge=1, le=4, description="Of the sheet.")
    guess: int | None = Field(
        None, ge=0, le=9, description="Which answer they guess; null: none yet."
    )


class SentOut(BaseModel):
    """What the teacher sent to all."""

    number: int
    text: str
    link: str | None


class ClassOut(BaseModel):
    """The lesson, as the caller is told of it."""

    nickname: str | None = Field(description="The caller's; null: they are not in the lesson.")
    task: int | None
    held: str | None = Field(description="Why no run may train now; null: they may.")
    sent: SentOut | None
    shown: str | None = Field(description="The run that the teacher shows to all.")
    look: bool = Field(description="Whether it is to be on every screen.")


@router.get("", response_model=ClassOut)
async def lesson(classroom: TheClassroom, store: TheStore, visitor: TheVisitor) -> dict[str, Any]:
    """Say how the lesson stands."""
    pupil = classroom.pupils().get(visitor)
    return {
        "nickname": pupil.nickname if pupil else None,
        "task": pupil.task if pupil else None,
        **classroom.describe(visitor),
        "shown": store.spotlight.run,
        "look": store.spotlight.look,
    }


@router.post("/join", response_model=ClassOut)
async def join(
    request: Request,
    joining: Joining,
    classroom: TheClassroom,
    settings: TheSettings,
    store: TheStore,
    visitor: TheVisitor,
) -> dict[str, Any]:
    """Come to the lesson by its code, or take another nickname."""
    if settings.classroom_token is None:
        raise HTTPException(404, "there is no classroom on this server")
    take_in(request, classroom, visitor, joining.code, joining.nickname)
    return await lesson(classroom, store, visitor)


@router.post("/at", response_model=ClassOut)
async def be_at(
    at: At, classroom: TheClassroom, store: TheStore, visitor: TheVisitor
) -> dict[str, Any]:
    """Say at which task one is, and what one guesses before the run starts."""
    pupil = classroom.pupils().get(visitor)
    if pupil is None:
        raise HTTPException(409, "you are not in the lesson: come to it by its code first")
    pupil.task = at.task
    if at.guess is not None:
        pupil.guesses[at.task] = at.guess
    return await lesson(classroom, store, visitor)


@router.delete("/me", status_code=204)
async def leave(classroom: TheClassroom, visitor: TheVisitor) -> None:
    """Leave the lesson: nickname, task and guesses are forgotten."""
    classroom.leave(visitor)


@pages.get("/class", response_class=HTMLResponse)
async def door(request: Request, code: str = "") -> Response:
    """Return the page that asks for the lesson's code and a nickname."""
    return _door(request, code)


@pages.post("/class", response_class=HTMLResponse)
async def come_in(
    request: Request,
    classroom: TheClassroom,
    visitor: TheVisitor,
    code: Annotated[str, Form(max_length=20)] = "",
    nickname: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Take a pupil in, and lead to the playground; or say why not."""
    if not nickname.strip():
        return _door(request, code, problem="choose a nickname", wrong="nickname")
    try:
        take_in(request, classroom, visitor, code, in_usual_letters(nickname))
    except (WrongCodeError, LessonFullError) as error:
        return _door(request, code, nickname, str(error), wrong="code")
    except (NameInUseError, ValueError) as error:
        return _door(request, code, nickname, str(error), wrong="nickname")
    return RedirectResponse(location_of(request.scope).root, 303)


def take_in(request: Request, classroom: Classroom, visitor: str, code: str, nickname: str) -> None:
    """Take in a pupil. Raises what ``join`` does, and WrongCodeError after too many wrong ones."""
    guesses: Guesses = request.app.state.guesses_of_codes
    if (wait := guesses.wait(request)) > 0:
        raise WrongCodeError(
            f"too many wrong codes came from your address: try again in {math.ceil(wait)} seconds"
        )
    try:
        classroom.join(visitor, code, nickname)
    except WrongCodeError:
        guesses.note_wrong(request)
        raise


def _door(
    request: Request, code: str, nickname: str = "", problem: str = "", wrong: str = ""
) -> Response:
    """Return the page; ``problem`` says what is wrong with the field of that name."""
    if request.app.state.settings.classroom_token is None:
        raise HTTPException(404, "there is no classroom on this server")
    words = f"{problem[:1].upper()}{problem[1:]}." if problem else ""
    return rendered(
        request, "login/join.html", code=code, nickname=nickname, problem=words, wrong=wrong
    )
