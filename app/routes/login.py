"""Showing a token: a small form where a page asks for one, and a cookie for who has it."""

import re
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Form, Request
from fastapi.exceptions import HTTPException
from fastapi.requests import HTTPConnection
from fastapi.responses import RedirectResponse, Response

from app.access.tokens import Tokens
from app.routes.pages import templates
from app.routes.strict_json import StrictJSONResponse

router = APIRouter(include_in_schema=False)

ADDRESS = re.compile(r"/(?!/)[!-\[\]-~]*")
"""An address on this server: one slash, then nothing that a browser reads as another slash."""


class TokenNeededError(Exception):
    """What was asked for takes the classroom's token."""


async def answer_token_needed(request: Request, _error: Exception) -> Response:
    """Ask whoever wants to see a page of the classroom for its token, and refuse the rest."""
    return ask_for_token(request)


@router.post("/login")
@router.post("/classroom/login")
async def login(
    request: Request, token: Annotated[str, Form()] = "", to: Annotated[str, Form()] = ""
) -> Response:
    """Take the form; go on to where its page was asked for."""
    settings = request.app.state.settings
    classroom = is_classroom(request)
    if (settings.classroom_token if classroom else settings.access_token) is None:
        raise HTTPException(404, "nothing here asks for a token")
    to = to or ("/classroom" if classroom else "/")
    return let_in(request, token, to) or ask_for_token(request, to, wrong=True)


def let_in(connection: HTTPConnection, token: str, to: str) -> Response | None:
    """Return an answer that remembers the token and leads on; None if it opens nothing."""
    tokens: Tokens = connection.app.state.tokens
    opened = tokens.opened_by(token)
    if not opened:
        return None
    answer = RedirectResponse(to if ADDRESS.fullmatch(to) else "/", 303)
    answer.headers["cache-control"] = "no-store"
    tokens.remember(connection, opened, answer)
    return answer


def ask_for_token(connection: HTTPConnection, to: str = "", *, wrong: bool = False) -> Response:
    """Return the refusal of somebody who has shown no token: a form in the place of a page."""
    classroom = is_classroom(connection)
    headers = {"WWW-Authenticate": "Bearer", "Cache-Control": "no-store"}
    if not (to or is_page(connection)):
        whose = "the classroom's" if classroom else "this server's"
        detail = f"this takes {whose} token: Authorization: Bearer …"
        return StrictJSONResponse({"detail": detail}, 401, headers)
    context = {
        "classroom": classroom,
        "to": to or address_without_token(connection),
        "wrong": wrong or "token" in connection.query_params,
    }
    # A page's own request, though a gate in front of the routes has no more than the connection.
    request = Request(connection.scope)
    return templates.TemplateResponse(request, "login/login.html", context, 401, headers)


def address_without_token(connection: HTTPConnection) -> str:
    """Return what was asked for, to ask for it again."""
    query = [(name, x) for name, x in connection.query_params.multi_items() if name != "token"]
    return quote(connection.scope["path"]) + (f"?{urlencode(query)}" if query else "")


def is_page(connection: HTTPConnection) -> bool:
    """Return whether somebody wants to see a page, who can be shown a form in its place."""
    path = connection.scope["path"]
    looking = connection.scope["type"] == "http" and connection.scope["method"] in ("GET", "HEAD")
    return looking and (
        path == "/api/docs" or not path.startswith(("/api/", "/static/", "/metrics"))
    )


def is_classroom(connection: HTTPConnection) -> bool:
    """Return whether this belongs to the classroom."""
    return connection.scope["path"].startswith(("/classroom", "/api/classroom"))
