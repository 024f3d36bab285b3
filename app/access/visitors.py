"""Visitors: each browser has an id in a cookie, and controls what was created with it."""

import secrets

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.access.cookies import SignedCookie, without_quotes
from app.access.origin import changes_something
from app.web.location import path_of


class IdentifyVisitors:
    """Puts the visitor's id into ``scope["state"]["visitor"]``, and sets the cookie.

    ``known`` beside it says whether the request had that cookie.

    Pages renew the cookie, and a changing request without one gets one: what it creates belongs to
    that id. So does a request that asks whether the visitor is known. Other requests without a
    cookie get a new id that owns nothing.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        without_quotes(scope)
        connection = HTTPConnection(scope)
        cookie: SignedCookie = scope["app"].state.visitor_cookie
        known = cookie.read(connection)
        visitor = known or secrets.token_hex(16)
        scope.setdefault("state", {}).update(visitor=visitor, known=known is not None)
        asks = path_of(scope) == "/api/visitor"
        needs_one = known is None and (changes_something(scope) or asks)

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if needs_one or headers.get("content-type", "").startswith("text/html"):
                    headers.append("set-cookie", cookie.header(connection, visitor))
                    headers.setdefault("cache-control", "private")
            await send(message)

        await self.app(scope, receive, send_with_cookie)
