"""Labelled drawings, as they come in with a request: they are kept with its run and no other."""

import base64
import binascii
from collections.abc import Sequence

from fastapi.exceptions import RequestValidationError
from pydantic import Field

from app.settings import Settings
from app.strict_model import BodyModel
from nn_core.datasets import DatasetInfo


class LabelledDrawing(BodyModel):
    """A drawing as an image of the run's kind, as a reading returns it, and what it is."""

    image: str = Field(description="Its pixels as bytes, row by row, in base64.")
    label: int = Field(ge=0, description="Its class.")


def checked(
    drawings: Sequence[LabelledDrawing], dataset: DatasetInfo, settings: Settings
) -> tuple[list[str], list[int]]:
    """Return the images and the labels, if they are of the data set's kind.

    Raises RequestValidationError at the field that is wrong.
    """
    if len(drawings) > settings.max_drawings:
        words = f"{len(drawings)} drawings; this server takes {settings.max_drawings} at once"
        raise invalid(words)
    rows, columns = dataset.input_shape
    for number, drawing in enumerate(drawings):
        try:
            pixels = len(base64.b64decode(drawing.image, validate=True))
        except (binascii.Error, ValueError):
            raise invalid("this is not base64", number, "image") from None
        if pixels != rows * columns:
            words = f"{pixels} pixels; the images of this run have {rows}×{columns}"
            raise invalid(words, number, "image")
        if drawing.label >= dataset.classes:
            words = f"there is no class {drawing.label}: they are 0 to {dataset.classes - 1}"
            raise invalid(words, number, "label")
    return [drawing.image for drawing in drawings], [drawing.label for drawing in drawings]


def invalid(words: str, *place: str | int) -> RequestValidationError:
    """Return the error that says what is wrong with a drawing."""
    location = ("body", "drawings", *place)
    return RequestValidationError([{"loc": location, "msg": words, "type": "value_error"}])
