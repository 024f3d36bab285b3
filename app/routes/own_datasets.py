"""One's own data sets over HTTP: a look at them, and sharing them by a link."""

import base64
from typing import Any

import numpy as np
from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, Field

from app.datasets.owners import owner_of, require_open, share
from app.routes.datasets import DatasetOut, describe
from app.routes.dependencies import TheDownloads, TheSettings, TheVisitor
from app.routes.problems import problems
from app.web.json_response import StrictJSONResponse
from nn_core.datasets import DATASETS

PREVIEWED = 4  # examples of each class
MOST_PIXELS = 2**20  # of all of them: of large images there are fewer, and of some classes none

router = APIRouter(
    prefix="/api", default_response_class=StrictJSONResponse, responses=problems(404, 409)
)


class Preview(BaseModel):
    """A few examples of a class."""

    label: int
    name: str
    images: list[str] = Field(description="The pixels of each as bytes, row by row, in base64.")


@router.get("/datasets/{name}/preview", response_model=list[Preview])
def preview(name: str, settings: TheSettings, visitor: TheVisitor) -> list[dict[str, Any]]:
    """Return the first examples of each class, those to train with: fewer if they are large."""
    require_open(settings.library, name, visitor)
    info = settings.library.info(name)
    examples = settings.library.load(name).training
    left = MOST_PIXELS // examples.images.shape[1]
    each = max(1, min(PREVIEWED, left // info.classes))
    by_class = np.argsort(examples.labels, kind="stable")
    ends = np.bincount(examples.labels, minlength=info.classes).cumsum()
    found = []
    for label, (class_name, rows) in enumerate(
        zip(info.names, np.split(by_class, ends[:-1]), strict=True)
    ):
        shown = rows[: min(each, left)]
        left -= len(shown)
        images = [base64.b64encode(examples.images[row].tobytes()).decode() for row in shown]
        found.append({"label": label, "name": class_name, "images": images})
    return found


@router.post("/datasets/{name}/share", response_model=DatasetOut)
def share_dataset(
    name: str, settings: TheSettings, downloads: TheDownloads, visitor: TheVisitor
) -> dict[str, Any]:
    """Share an uploaded data set of your own: whoever knows its name can use it, as by a link."""
    library = settings.library
    info = library.info(name)
    if name in DATASETS or owner_of(library, name) != visitor:
        raise HTTPException(403, f"{name} is not yours to share")
    share(library, name)
    return describe(info, library, downloads, visitor)
