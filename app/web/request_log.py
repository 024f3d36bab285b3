"""The request log: a line in the log and a figure in the metrics for every request."""

import time
from urllib.parse import quote

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.log import log
from app.metrics import Metrics
from app.web.place import path_of

LONGEST_PATH = 200  # characters of a path in the log
LEFT = 499  # as in nginx: the client left before it was answered


class RequestLog:
    """Logs and counts each request when it is answered, and each socket when it has closed.

    Only the path of an address is logged: a query may contain a token. It may contain a run's id,
    which is a secret, too, but not from the operator, who reads the log.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        status = LEFT

        async def send_and_note(message: Message) -> None:
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
            await self.app(scope, receive, send_and_note)
        except Exception:
            if status == LEFT:
                status = 500  # the outermost handler will answer that, and log the traceback
            raise
        finally:
            self.log_answer(scope, status, time.perf_counter() - began)

    def log_answer(self, scope: Scope, status: int, seconds: float) -> None:
        fields = {
            # Quoted, so that a path can't send control characters to the operator's terminal.
            "path": quote(path_of(scope))[:LONGEST_PATH],
            "status": status,
            "client": (scope.get("client") or ("",))[0],
        }
        if run := scope.get("path_params", {}).get("run_id"):
            fields["run"] = run[:LONGEST_PATH]
        if scope["type"] == "websocket":
            log.info("socket", **fields, seconds=round(seconds, 1))
        else:
            log.info("request", method=scope["method"], **fields, ms=round(1000 * seconds, 1))
        # The route's template, such as /api/runs/{run_id}: there are few, but endless paths.
        route = getattr(scope.get("route"), "path", None)
        if path_of(scope).startswith("/static/"):
            route = "/static"
        self.metrics.answered(scope.get("method", "GET"), route, status, seconds)
