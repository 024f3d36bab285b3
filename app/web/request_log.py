"""Seeing every request: a line in the log, and a figure in the metrics."""

import time
from urllib.parse import quote

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.logs import log
from app.metrics import Metrics

LONGEST_PATH = 200  # characters of a path in the log
LEFT = 499  # as nginx says it: the client left before it was answered


class RequestLog:
    """Logs and counts what is asked and what is answered; a socket once it has closed.

    The outermost of ours, so that it sees what the others refuse, too. Of an address only the path
    is logged: a query may hold a token. A run's id may stand there: who reads the log keeps the
    server.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and see what becomes of it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        status = LEFT

        async def send_and_see(message: Message) -> None:
            nonlocal status
            match message["type"]:
                case "http.response.start" | "websocket.http.response.start":
                    status = message["status"]
                case "websocket.accept":
                    status = 101
                case "websocket.close" if status == LEFT:
                    status = 403  # closed before it was accepted: uvicorn answers so
            await send(message)

        began = time.perf_counter()
        try:
            await self.app(scope, receive, send_and_see)
        except Exception:
            if status == LEFT:
                status = 500  # the outermost handler will answer that, and log the traceback
            raise
        finally:
            self.saw(scope, status, time.perf_counter() - began)

    def saw(self, scope: Scope, status: int, seconds: float) -> None:
        """Log and count a request that has been answered, or a socket that has closed."""
        fields = {
            # Quoted as it came: nobody writes to the operator's terminal by what they ask for.
            "path": quote(scope["path"])[:LONGEST_PATH],
            "status": status,
            "client": (scope.get("client") or ("",))[0],
        }
        if run := scope.get("path_params", {}).get("run_id"):
            fields["run"] = run[:LONGEST_PATH]
        if scope["type"] == "websocket":
            log.info("socket", **fields, seconds=round(seconds, 1))
        else:
            log.info("request", method=scope["method"], **fields, ms=round(1000 * seconds, 1))
        # The route's template, such as /api/runs/{run_id}: paths have no end, templates have.
        route = getattr(scope.get("route"), "path", None)
        if scope["path"].startswith("/static/"):
            route = "/static"
        self.metrics.answered(scope.get("method", "GET"), route, status, seconds)
