"""The form in which a person enters a token."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.exceptions import HTTPException
from fastapi.responses import Response

from app.access.guesses import Guesses
from app.access.sign_in import accept_token, ask_for_token, is_classroom

router = APIRouter(include_in_schema=False)


@router.post("/login")
@router.post("/classroom/login")
async def login(
    request: Request, token: Annotated[str, Form()] = "", to: Annotated[str, Form()] = ""
) -> Response:
    """Check the token, and lead back to the page that was asked for."""
    settings = request.app.state.settings
    classroom = is_classroom(request)
    if (settings.classroom_token if classroom else settings.access_token) is None:
        raise HTTPException(404, "nothing here asks for a token")
    to = to or ("/classroom" if classroom else "/")
    guesses: Guesses = request.app.state.guesses
    if refusal := guesses.refusal(request):
        return refusal
    if answer := accept_token(request, token, to):
        return answer
    guesses.note_wrong(request)
    return ask_for_token(request, to, wrong=True)
