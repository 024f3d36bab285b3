"""The page's files: where templates, static files and Plotly are, and how a page is rendered."""

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import Request
from fastapi.responses import Response

from app.web.place import place_of

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


def rendered(
    request: Request, template: str, page: dict[str, Any] | None = None, **context: object
) -> Response:
    """Return a page, with what its links begin with.

    ``root`` is the start of all; that of static files, ``static``, contains their version. What a
    page's scripts need to know is its ``page``, ``root`` included.
    """
    root = place_of(request.scope).root
    static = f"{root}static/{request.app.state.static.version()}"
    context |= {"root": root, "static": static, "page": {"root": root, **(page or {})}}
    return templates().TemplateResponse(request, template, context)
