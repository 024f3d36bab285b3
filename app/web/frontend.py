"""The page's files: where templates, static files and Plotly are, and how a page is rendered."""

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import Request
from fastapi.responses import Response

if TYPE_CHECKING:
    from fastapi.templating import Jinja2Templates

APP = Path(__file__).resolve().parents[1]


def find(folder: str) -> Path:
    """Return a folder of the page: inside ``app`` in a wheel, beside it in a checkout."""
    inside = APP / folder
    return inside if inside.is_dir() else APP.parent / folder


STATIC = find("static")
TEMPLATES = find("templates")
PLOTLY = Path(str(files("plotly").joinpath("package_data", "plotly.min.js")))


@cache
def templates() -> "Jinja2Templates":
    """Return our templates. Jinja is imported with the first page."""
    from fastapi.templating import Jinja2Templates  # noqa: PLC0415

    return Jinja2Templates(TEMPLATES)


def rendered(request: Request, template: str, **context: object) -> Response:
    """Return a page whose links to static files contain their version."""
    context["static"] = f"/static/{request.app.state.static.version()}"
    return templates().TemplateResponse(request, template, context)
