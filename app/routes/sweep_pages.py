"""The page of a sweep, and the list of one's own."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from app.routes.dependencies import TheVisitor
from app.routes.page_data import EXPERIMENTS
from app.routes.sweeps import TheSweeps
from app.web.frontend import rendered

router = APIRouter(include_in_schema=False)


@router.get("/sweeps", response_class=HTMLResponse)
async def sweeps_page(request: Request, sweeps: TheSweeps, visitor: TheVisitor) -> Response:
    """Return the list of one's sweeps."""
    own = [sweep.describe(visitor) for sweep in sweeps.all() if sweep.owner == visitor]
    return rendered(request, "sweep/sweeps.html", sweeps=own)


@router.get("/sweeps/{sweep_id}", response_class=HTMLResponse)
async def sweep_page(request: Request, sweep_id: str) -> Response:
    """Return the page that watches a sweep."""
    return rendered(request, "sweep/sweep.html", page=EXPERIMENTS | {"sweep": sweep_id})
