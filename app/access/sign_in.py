"""Signing in: what a caller without a token is answered, and what one with a token is."""

import re
from urllib.parse import quote, urlencode

from fastapi import Request
from fastapi.requests import HTTPConnection
from fastapi.responses import RedirectResponse, Response

from app.access.tokens import Tokens
from app.web.frontend import rendered
from app.web.json_response import StrictJSONResponse
from app.web.location import location_of, path_of

LOCAL_ADDRESS = re.compile(r"(?!.*/\.\.?(?:[/?#]|$))/(?!/)[!-\[\]-~]*")
"""An address below the root of this server: one slash, then nothing that a browser reads as another
slash, or as a way up."""


WRONG = "wrong-token"  # in the address to which a link with a wrong token leads


class TokenNeededError(Exception):
    """The request needs the classroom's token."""


async def answer_token_needed(request: Request, _error: Exception) -> Response:
    """Answer a TokenNeededError."""
    return ask_for_token(request)


def accept_token(connection: HTTPConnection, token: str, then: str) -> Response | None:
    """Return a redirect that sets the cookie and leads to ``then``; None for a wrong token.

    ``then`` is an address below the root.
    """
    tokens: Tokens = connection.app.state.tokens
    opened = tokens.opened_by(token)
    if not opened:
        return None
    answer = lead_on(connection, then)
    tokens.remember(connection, opened, answer)
    return answer


def lead_on(connection: HTTPConnection, then: str) -> Response:
    """Return a redirect to an address below the root; to the root for any other."""
    local = then if LOCAL_ADDRESS.fullmatch(then) else "/"
    answer = RedirectResponse(location_of(connection.scope).root + local[1:], 303)
    answer.headers["cache-control"] = "no-store"
    return answer


def ask_for_token(connection: HTTPConnection, then: str = "", *, wrong: bool = False) -> Response:
    """Return a 401: a sign-in form in place of a page, JSON in place of anything else.

    ``then`` is the address below the root to go to after signing in; empty is the one that was
    asked for.
    """
    classroom = is_classroom(connection)
    headers = {"WWW-Authenticate": "Bearer", "Cache-Control": "no-store"}
    if not (then or is_page(connection)):
        whose = "the classroom's" if classroom else "this server's"
        detail = f"this takes {whose} token: Authorization: Bearer …"
        return StrictJSONResponse({"detail": detail}, 401, headers)
    answer = rendered(
        Request(connection.scope),  # the gate, which is a middleware, has only the connection
        "login/login.html",
        classroom=classroom,
        to=then or address_without_token(connection),
        wrong=wrong or WRONG in connection.query_params,
    )
    answer.status_code = 401
    answer.headers.update(headers)
    return answer


def address_without_token(connection: HTTPConnection) -> str:
    """Return the address below the root that was asked for, without ``?token=…``."""
    asked = connection.query_params.multi_items()
    query = [(name, value) for name, value in asked if name not in ("token", WRONG)]
    return quote(path_of(connection.scope)) + (f"?{urlencode(query)}" if query else "")


def is_page(connection: HTTPConnection) -> bool:
    """Return whether the request is for a page, in whose place a form can be shown."""
    path = path_of(connection.scope)
    looking = connection.scope["type"] == "http" and connection.scope["method"] in ("GET", "HEAD")
    return looking and (
        path == "/api/docs" or not path.startswith(("/api/", "/static/", "/metrics"))
    )


def is_classroom(connection: HTTPConnection) -> bool:
    """Return whether the request is for the classroom."""
    return path_of(connection.scope).startswith(("/classroom", "/api/classroom"))
