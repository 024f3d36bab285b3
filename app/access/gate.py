"""The gate of a server with an access token: requests without it are refused."""

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from app.access.sign_in import accept_token, address_without_token, ask_for_token, is_page
from app.access.tokens import Tokens
from app.web.place import path_of

OPEN = {
    "/api/health",
    "/login",
    "/classroom/login",
    "/favicon.ico",
    "/static/favicon.svg",
    "/static/shell/base.css",
    "/static/login/login.css",
}


class TokenGate:
    """Accepts a link with ``?token=…``; if ``closed``, refuses requests without a token.

    The classroom's token opens the whole server, too.
    """

    def __init__(self, app: ASGIApp, *, closed: bool) -> None:
        self.app = app
        self.closed = closed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        tokens: Tokens = scope["app"].state.tokens
        answer = None
        if is_page(connection) and "token" in connection.query_params:
            token = connection.query_params["token"]
            answer = accept_token(connection, token, address_without_token(connection))
        if answer is None and self.closed and path_of(scope) not in OPEN:
            answer = None if tokens.open_to(connection) else ask_for_token(connection)
        await (answer or self.app)(scope, receive, send)
