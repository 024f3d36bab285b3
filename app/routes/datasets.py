"""The data sets over HTTP: the list, downloads and uploads."""

import asyncio
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import numpy as np
from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi import Path as PathParameter
from pydantic import BaseModel, Field
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect

from app.datasets.downloads import Downloads, DownloadState
from app.datasets.owners import is_shared, notes_of, owner_of, require_open, require_room
from app.routes.dependencies import (
    IsTeacher,
    TheAddress,
    TheDownloads,
    TheHeavyWork,
    TheSettings,
    TheStore,
    TheVisitor,
)
from app.routes.problems import problems
from app.runs.record import LIVE
from app.web.json_response import StrictJSONResponse
from nn_core.datasets import (
    DATASETS,
    BadDataError,
    DatasetInfo,
    Library,
    Offered,
)
from nn_core.image_kind import Drawing
from nn_core.paper import Ground

MOST_FILES = 4  # of a data set: images and labels to train with, images and labels to test with

router = APIRouter(
    prefix="/api",
    default_response_class=StrictJSONResponse,
    responses=problems(404, 409, 507),
)


class DatasetOut(BaseModel):
    """A data set."""

    name: str
    title: str
    examples: int
    training_examples: int
    test_examples: int
    input_shape: tuple[int, int]
    classes: int
    class_names: list[str] | None
    notes: list[str] = Field(
        description="What was noticed when it was uploaded: it may not be as it was meant."
    )
    drawing: Drawing = Field(
        description="How a drawing becomes an image of this kind. digits: cut to the ink, scaled "
        "and centred, as MNIST's authors did. whole: the frame is scaled to that of the images; "
        "nothing on it is moved or removed."
    )
    ground: Ground | None = Field(description="Of nearly all its images, where they agree.")
    available: bool
    missing: str | None = Field(
        description="What the server's data directory lacks of it; null where nothing, or where "
        "there is no data directory."
    )
    yours: bool = Field(description="Whether the caller uploaded it, and may share and delete it.")
    shared: bool = Field(description="Whether everybody may use it who knows its name.")
    licence: str | None
    download_bytes: int | None
    download: DownloadState | None


class TestExample(BaseModel):
    """An image of a data set's test part, its pixels from 0 to 1, row by row."""

    index: int
    label: int
    image: list[float]


@router.get("/datasets", response_model=list[DatasetOut])
def datasets(
    settings: TheSettings,
    downloads: TheDownloads,
    visitor: TheVisitor,
    also: Annotated[
        str | None, Query(alias="with", description="One that somebody else has shared, too.")
    ] = None,
) -> list[dict[str, Any]]:
    """List the data sets, whether each is here, and how far its download is.

    Uploaded ones are listed for whoever uploaded them, and a shared one if it is named.
    """
    library = settings.library
    return [
        describe(info, library, downloads, visitor)
        for info in library.all()
        if info.name in DATASETS
        or owner_of(library, info.name) in (None, visitor)
        or (info.name == also and is_shared(library, info.name))
    ]


@router.post(
    "/datasets",
    status_code=201,
    response_model=DatasetOut,
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "An .npz with images (N×H×W or N×D, 0–255 or fractions from 0 to 1) and "
            "labels, or x and y, or x_train, y_train, x_test and y_test and the like; a CSV with a "
            "line for each image, its label and its pixels, 0–255; or a zip with an IDX file of "
            "images and that of their labels, or two of each. Labels are numbers or words. The "
            "file itself, or a form with it, or with up to four IDX files.",
            "content": {
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
                "text/csv": {"schema": {"type": "string"}},
                "multipart/form-data": {
                    "schema": {
                        "type": "object",
                        "properties": {"file": {"type": "string", "format": "binary"}},
                    }
                },
            },
        }
    },
)
async def add_dataset(
    request: Request,
    settings: TheSettings,
    downloads: TheDownloads,
    store: TheStore,
    visitor: TheVisitor,
    address: TheAddress,
    work: TheHeavyWork,
    name: Annotated[
        str | None, Query(description="What to call it: small letters, digits, hyphens.")
    ] = None,
    filename: Annotated[
        str | None, Query(description="Its file's name, to call it after where no name is given.")
    ] = None,
) -> dict[str, Any]:
    """Upload a data set, to train on like any other."""
    library = settings.library
    require_room(library, visitor, address, settings)  # before all of it is sent
    with tempfile.TemporaryDirectory(dir=store.scratch) as scratch:
        if is_form(request):
            form_name, files = await receive_form(request, Path(scratch))
            name = name or form_name
        else:
            files = [Offered("", Path(scratch) / "data")]
            with files[0].path.open("wb") as file:
                await receive_body(request, file)
        async with work.uploading.of(request):
            require_room(library, visitor, address, settings)
            info = await asyncio.to_thread(
                library.add,
                files,
                name,
                filename,
                settings.upload_limits,
                notes_of(visitor, address),
            )
    return describe(info, library, downloads, visitor)


@router.get("/datasets/{name}/test/{index}", response_model=TestExample)
def test_example(
    name: str,
    settings: TheSettings,
    visitor: TheVisitor,
    index: Annotated[
        int, PathParameter(ge=0, le=2**53, description="Beyond the last it starts again from 0.")
    ],
) -> dict[str, Any]:
    """Return an example that networks are tested with."""
    require_open(settings.library, name, visitor)
    examples = settings.library.load(name).test
    if not len(examples):
        raise HTTPException(404, f"{name} has no examples to test with")
    index %= len(examples)
    return {
        "index": index,
        "label": int(examples.labels[index]),
        "image": np.round(examples.images[index] / 255, 4).tolist(),
    }


@router.post("/datasets/{name}/download", status_code=202, response_model=DatasetOut)
def download_dataset(
    name: str,
    settings: TheSettings,
    downloads: TheDownloads,
    response: Response,
    visitor: TheVisitor,
) -> dict[str, Any]:
    """Start to download a data set: 202 until it is here, then 200."""
    library = settings.library
    require_open(library, name, visitor)
    info = library.info(name)
    if library.is_here(name):
        response.status_code = 200
    else:
        downloads.start(info)
    return describe(info, library, downloads, visitor)


@router.delete("/datasets/{name}", status_code=204)
async def delete_dataset(
    name: str, settings: TheSettings, store: TheStore, visitor: TheVisitor, teacher: IsTeacher
) -> None:
    """Delete an uploaded data set: allowed to its uploader and to the teacher."""
    library = settings.library
    library.info(name)  # or there is none
    if name not in DATASETS and not teacher and owner_of(library, name) != visitor:
        raise HTTPException(403, f"{name} is not yours to delete: somebody else uploaded it")
    used = (
        name in (run.spec.dataset, run.spec.extra_dataset)
        for run in store.all()
        if run.status in LIVE
    )
    if any(used):
        raise HTTPException(409, f"a run trains with {name}: stop or delete that first")
    library.remove(name)


def describe(
    info: DatasetInfo, library: Library, downloads: Downloads, visitor: str
) -> dict[str, Any]:
    """Return a data set as the API describes it to a visitor."""
    state = downloads.state(info.name)  # first: a download that ends after this is here
    available = library.is_here(info.name)
    return {
        "name": info.name,
        "title": info.title,
        "examples": info.training_examples + info.test_examples,
        "training_examples": info.training_examples,
        "test_examples": info.test_examples,
        "input_shape": info.input_shape,
        "classes": info.classes,
        "class_names": info.class_names,
        "notes": info.notes,
        "drawing": info.drawing,
        "ground": info.ground,
        "available": available,
        "missing": None if available else library.missing(info.name),
        "yours": info.name not in DATASETS and owner_of(library, info.name) == visitor,
        "shared": info.name in DATASETS or is_shared(library, info.name),
        "licence": info.licence,
        "download_bytes": info.source.size if info.source and not available else None,
        "download": asdict(state) if state and not available else None,
    }


def is_form(request: Request) -> bool:
    """Return whether the body is a form with the file in it, not the file itself."""
    return request.headers.get("content-type", "").lower().startswith("multipart/form-data")


async def receive_body(request: Request, file: BinaryIO) -> None:
    """Write the body into a file as it comes in: it may be large."""
    try:
        async for chunk in request.stream():
            file.write(chunk)
    except ClientDisconnect:
        raise HTTPException(400, "the body ended too early") from None


async def receive_form(request: Request, scratch: Path) -> tuple[str | None, list[Offered]]:
    """Write the files in a form into a directory; return the name field, and the files."""
    try:
        async with request.form(max_files=MOST_FILES, max_fields=10) as form:
            uploads = [part for _, part in form.multi_items() if isinstance(part, UploadFile)]
            if not uploads:
                raise BadDataError("file", "the form has no file in it: send an .npz or a CSV")
            files: list[Offered] = []
            for upload in uploads:
                path = scratch / f"data-{len(files)}"
                await asyncio.to_thread(copy_to, path, upload.file)
                files.append(Offered(upload.filename or "", path))
            name = form.get("name")
            return (name or None) if isinstance(name, str) else None, files
    except ClientDisconnect:
        raise HTTPException(400, "the body ended too early") from None


def copy_to(path: Path, source: BinaryIO) -> None:
    """Copy an open file."""
    with path.open("wb") as file:
        shutil.copyfileobj(source, file)
