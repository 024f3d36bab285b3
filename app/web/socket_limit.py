"""A limit on the sockets that one visitor, and one address, may have open at once."""

from collections import Counter

from starlette.types import ASGIApp, Receive, Scope, Send

from app.settings import Settings
from app.web.rate_limit import address_of, too_many

TRY_AGAIN = 10  # seconds: a guess, as it is unknown when one of them will be closed


class SocketLimit:
    """Refuses a socket beyond the limit with 429, before it is accepted."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.per_visitor = settings.max_sockets_per_visitor
        self.per_address = settings.max_sockets_per_address
        self.open: Counter[tuple[str, str]] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        owners = {("address", address_of(scope)): self.per_address}
        state = scope.get("state", {})
        if state.get("known"):  # without a cookie, only the limit of the address counts
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
