"""Errors in words: each exception of the project becomes an HTTP status and a ``detail``."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError

from app.picture_formats import BadDrawingError
from app.runs.classroom import LessonFullError, NameInUseError, WrongCodeError
from app.runs.commands import WrongStateError
from app.runs.hold import HeldError
from app.runs.journal import NotWritableError
from app.runs.networks import NotKeptError
from app.runs.slots import TooManyRunsError
from app.runs.store import UnknownRunError
from app.runs.unpacking import BadArchiveError
from app.strict_model import MOST_PROBLEMS
from app.sweeps.sweeps import UnknownSweepError
from app.web.json_response import StrictJSONResponse
from nn_core.datasets import (
    BadDataError,
    DatasetError,
    NameTakenError,
    StorageError,
    TooLargeError,
    TooManyDatasetsError,
    UnknownDatasetError,
)
from nn_core.digit_image import EmptyDrawingError
from nn_core.input_image import NotAPictureError
from nn_core.least_change import NoChangeError

STATUS_CODES: dict[type[Exception], int] = {
    UnknownRunError: 404,
    UnknownSweepError: 404,
    NotKeptError: 404,
    WrongStateError: 409,
    HeldError: 409,
    NameInUseError: 409,
    LessonFullError: 429,
    WrongCodeError: 403,
    TooManyRunsError: 429,
    BadDrawingError: 400,
    EmptyDrawingError: 422,
    NotAPictureError: 409,
    NoChangeError: 409,
    DatasetError: 409,  # it is not here, or a file of it is broken
    UnknownDatasetError: 404,
    NameTakenError: 409,
    TooLargeError: 413,
    TooManyDatasetsError: 429,
    StorageError: 507,
    NotWritableError: 507,
}

# After these, or as one of those, a word is a field's name; else it names one of several kinds.
ABOVE_FIELDS = ("base", "vary")
FIELDS_OF_A_RANGE = ("from", "to", "scale", "count")
WORDS = {"extra_forbidden": "there is no such field", "json_invalid": "this is not JSON"}


def add_error_handlers(app: FastAPI) -> None:
    """Register a handler for each exception."""
    for error, status_code in STATUS_CODES.items():
        app.add_exception_handler(error, answer_with(status_code))
    app.add_exception_handler(RequestValidationError, answer_invalid)
    app.add_exception_handler(BadDataError, answer_bad_data)
    app.add_exception_handler(BadArchiveError, answer_bad_archive)


def answer_with(status_code: int) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Return a handler that answers with this status and the error's own words."""
    headers = {"Retry-After": "10"} if status_code == 429 else None  # noqa: PLR2004

    async def answer(_request: Request, error: Exception) -> Response:
        return StrictJSONResponse({"detail": str(error)}, status_code, headers)

    return answer


async def answer_invalid(_request: Request, error: Exception) -> Response:
    """Answer 422 with each field that is wrong, and why: at most twenty of them.

    The value that was sent is left out: it is what JSON may not be able to say (NaN).
    """
    assert isinstance(error, RequestValidationError)
    problems: dict[tuple[Any, ...], dict[str, Any]] = {}
    for problem in error.errors():
        # A field that may be one of several kinds fails once for each: that is one problem, and
        # what names the kind is no part of the field's name. A field of a list's element is.
        parts = problem["loc"]
        location = tuple(
            part
            for place, part in enumerate(parts)
            if place < 2  # noqa: PLR2004
            or isinstance(part, int)
            or isinstance(parts[place - 1], int)
            or parts[place - 1] in ABOVE_FIELDS
            or part in FIELDS_OF_A_RANGE
        )
        words = WORDS.get(problem["type"]) or problem["msg"].removeprefix("Value error, ")
        if location in problems:
            problems[location]["msg"] += f" · or: {words}"
        else:
            problems[location] = {"loc": location, "msg": words, "type": problem["type"]}
    return StrictJSONResponse({"detail": list(problems.values())[:MOST_PROBLEMS]}, 422)


async def answer_bad_data(_request: Request, error: Exception) -> Response:
    """Answer 422 with what is wrong with an uploaded data set, and in which part of it."""
    assert isinstance(error, BadDataError)
    location = ("query" if error.part == "name" else "body", error.part)
    problem = {"loc": location, "msg": str(error), "type": "value_error"}
    return StrictJSONResponse({"detail": [problem]}, 422)


async def answer_bad_archive(_request: Request, error: Exception) -> Response:
    """Answer 422 with what is wrong with an archive of runs."""
    problem = {"loc": ("body", "file"), "msg": str(error), "type": "value_error"}
    return StrictJSONResponse({"detail": [problem]}, 422)
