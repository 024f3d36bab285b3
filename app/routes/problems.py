"""The errors that a call may answer, for the OpenAPI schema: each has a ``detail`` in words."""

from typing import Any

from pydantic import BaseModel

PROBLEMS = {
    400: "The body ended too early, or is no picture.",
    401: "This takes a token.",
    403: "This is somebody else's, or asked from another site's page.",
    404: "There is no such thing here.",
    409: "This doesn't fit what it is or how it stands.",
    413: "The body is too large.",
    422: "A field is wrong, or the drawing is empty.",
    429: "Too much at once: wait, or stop something first.",
    507: "There is no room for it on the server's disk.",
}


class FieldProblem(BaseModel):
    """What is wrong with one field, and where that is."""

    loc: list[str | int]
    msg: str
    type: str


class Problem(BaseModel):
    """Why a call was refused."""

    detail: str | list[FieldProblem]


def problems(*status_codes: int) -> dict[int | str, dict[str, Any]]:
    """Return what a router says of the errors that its calls may answer with."""
    return {code: {"model": Problem, "description": PROBLEMS[code]} for code in status_codes}
