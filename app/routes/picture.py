"""What the calls have in common that take a picture."""

from typing import Annotated, Any

from fastapi import Query

from app.picture_formats import FORMATS

PICTURE_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "A picture of any size: light ink on dark, dark on light, a photograph. "
        "An example of the run's data set, each of its pixels one pixel or a block of so many, "
        "is read exactly as in training.",
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}} for kind in FORMATS.values()
        },
    }
}

FromPad = Annotated[
    bool,
    Query(description="It is surely light ink on a dark ground: nothing is guessed about it."),
]
