"""The page, what it loads, and the API's own page."""

import gzip
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, Response
from rcssmin import cssmin

from app.routes.page_data import EXPERIMENTS
from app.runs.classroom import Classroom
from app.runs.spec import RunSpec
from app.web.frontend import PLOTLY, STATIC, rendered
from app.web.negotiation import accepts_gzip, has_already

router = APIRouter(include_in_schema=False)
assets = APIRouter(include_in_schema=False)  # what the pages load, beside the static files

SWAGGER = next(Path(str(files("swagger_ui_bundle"))).glob("vendor/swagger-ui-*"))
# The folders of other pages, and of a script that is no module.
OTHER_PAGES = {"classroom", "docs", "login", "needs", "sweep"}
INSIDE = "inside"  # the folder of a view that is loaded when it is opened
TABS = {"why", "surgery", "landscape"}  # those of its tabs, loaded when they are
LATER = {  # loaded when they are needed
    "tour/lessons.js",
    "tour/tour.view.js",
    "tour/words.pure.js",
    "code/code.view.js",
    "code/code.pure.js",
    "lesson/lesson.view.js",
}
PARTS = {"inside", "code", "setup"}  # of the page, loaded when they are opened


def files_of_page(suffix: str) -> list[Path]:
    """Return the page's files of one kind, whichever folder they are in."""
    return sorted(
        path
        for path in STATIC.rglob(f"*{suffix}")
        if path.relative_to(STATIC).parts[0] not in OTHER_PAGES | {INSIDE} | TABS
        and path.relative_to(STATIC).as_posix() not in LATER
    )


SHEETS = files_of_page(".css")  # in any order: see shell/base.css
MODULES = [path.relative_to(STATIC).as_posix() for path in files_of_page(".js")]
INSIDE_MODULES = sorted(f"{INSIDE}/{path.name}" for path in (STATIC / INSIDE).glob("*.js"))
PAGE_DATA = EXPERIMENTS | {"schema": RunSpec.model_json_schema()}
LASTING = {"Cache-Control": "public, max-age=86400"}  # large files that change with their package


@router.get("/", response_class=HTMLResponse)
async def playground(request: Request) -> Response:
    """Return the page, on the pretrained network."""
    return page(request, "pretrained")


@router.get("/runs/{run_id}", response_class=HTMLResponse)
async def playground_of_run(request: Request, run_id: str) -> Response:
    """Return the same page, watching a run."""
    return page(request, run_id)


@router.get("/runs/{run_id}/inside", response_class=HTMLResponse)
async def inside_of_run(request: Request, run_id: str) -> Response:
    """Return the same page, with a walk through the run's network open over it."""
    return page(request, run_id, INSIDE_MODULES)


def page(request: Request, run_id: str, later: Sequence[str] = ()) -> Response:
    """Return the page with what its scripts need to know from the start.

    The modules ``later`` are loaded at once, too.
    """
    settings = request.app.state.settings
    limits = {name: getattr(settings, name) for name in ("max_dataset_bytes", "max_drawings")}
    context = {**PAGE_DATA, "run": run_id, "pupil": number_of_pupil(request), **limits}
    return rendered(request, "shell/index.html", page=context, modules=[*MODULES, *later])


def number_of_pupil(request: Request) -> int | None:
    """Return the number that a pupil has in the lesson; None for others.

    It is the seed of what they train at a task: thirty networks, and not one thirty times.
    """
    classroom: Classroom = request.app.state.classroom
    visitor = request.scope["state"]["visitor"]
    return classroom.number(visitor) if visitor in classroom.pupils() else None


@router.get("/api/docs", response_class=HTMLResponse)
async def docs(request: Request) -> Response:
    """Return the API's own page."""
    return rendered(request, "docs/docs.html")


@router.get("/favicon.ico")
async def favicon() -> Response:
    """Return the icon, where a browser looks for it by itself."""
    return FileResponse(STATIC / "favicon.svg", media_type="image/svg+xml")


@assets.get("/static/page.css")
@assets.get("/static/{version}/page.css")
def style(request: Request, version: str = "") -> Response:
    """Return all the page's sheets as one: a browser paints nothing before it has the last."""
    sheets = cssmin("\n".join(sheet.read_text("utf-8") for sheet in SHEETS))
    etag = f'"{sha256(sheets.encode()).hexdigest()[:16]}"'
    headers = {"ETag": etag, **request.app.state.static.headers_of(version)}
    if has_already(request.headers, etag):
        return Response(status_code=304, headers=headers)
    return Response(sheets, media_type="text/css", headers=headers)


@assets.get("/static/parts/{name}.html")
@assets.get("/static/{version}/parts/{name}.html")
def part(request: Request, name: str, version: str = "") -> Response:
    """Return a part of the page that it does not contain from the start."""
    if name not in PARTS:
        return Response(status_code=404)
    response = rendered(request, f"{name}/{name}.html")
    response.headers.update(request.app.state.static.headers_of(version))
    return response


@assets.get("/static/vendor/plotly.min.js")
def plotly(request: Request) -> Response:
    """Return Plotly's JavaScript from the installed package; packed it is a third as large."""
    if not accepts_gzip(request.headers):
        return FileResponse(PLOTLY, media_type="text/javascript", headers=LASTING)
    headers = {**LASTING, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return Response(packed_plotly(), media_type="text/javascript", headers=headers)


@cache
def packed_plotly() -> bytes:
    """Pack Plotly's JavaScript, once."""
    return gzip.compress(PLOTLY.read_bytes(), 6)


@assets.get("/static/vendor/swagger-ui/{name}")
async def swagger_ui(name: str) -> Response:
    """Return one of Swagger UI's files from the installed package."""
    if name not in ("swagger-ui.css", "swagger-ui-bundle.js"):
        return Response(status_code=404)
    return FileResponse(SWAGGER / name, headers=LASTING)
