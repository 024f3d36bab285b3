"""Health and metrics, for whoever or whatever monitors the server."""

from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from app.metrics import Metrics
from app.routes.dependencies import TheStore

router = APIRouter()

CANNOT_SERVE: dict[int | str, dict[str, Any]] = {
    503: {"description": "It can't; `detail` says why."}
}


@router.get("/api/health", summary="200 when it can serve", responses=CANNOT_SERVE)
async def health(store: TheStore) -> dict[str, str]:
    """Return 200 if the server can serve. Any answer shows that its event loop is alive."""
    if problems := store.problems():
        raise HTTPException(503, "; ".join(problems))
    return {"status": "ok"}


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request) -> Response:
    """Return the metrics as Prometheus reads them."""
    metrics: Metrics = request.app.state.metrics
    return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)
