"""How many sockets a visitor, and an address, may have open at once."""

from collections import Counter

from starlette.types import ASGIApp, Receive, Scope, Send

from app.settings import Settings
from app.web.rate_limit import address_of, too_many

TRY_AGAIN = 10  # seconds: nobody knows when one of them will be closed


class SocketLimit:
    """Refuses a socket that is one too many, with 429, before it is accepted."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.per_visitor = settings.max_sockets_per_visitor
        self.per_address = settings.max_sockets_per_address
        self.open: Counter[tuple[str, str]] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the socket on, if it isn't one too many."""
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        owners = {("address", address_of(scope)): self.per_address}
        state = scope.get("state", {})
        if state.get("known"):  # who has no cookie, as a script, is held to the address' number
            owners["visitor", state["visitor"]] = self.per_visitor
        for (kind, name), most in owners.items():
            if self.open[kind, name] >= most:
                detail = f"{most} sockets are open already, which is all that one {kind} may have"
                await too_many(detail, TRY_AGAIN)(scope, receive, send)
                return
        self.open.update(owners.keys())
        try:
            await self.app(scope, receive, send)
        finally:
            self.open.subtract(owners.keys())
            for owner in owners:
                if not self.open[owner]:
                    del self.open[owner]
