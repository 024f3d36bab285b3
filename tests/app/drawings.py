"""A drawing as the page sends it."""

import base64
import io
from typing import Any

from PIL import Image, ImageDraw

from nn_core import load_dataset


def drawing() -> bytes:
    """Return a PNG of a 1: light ink on dark."""
    image = Image.new("L", (56, 56))
    ImageDraw.Draw(image).line((28, 9, 28, 47), 255, 4)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def labelled(index: int, label: int) -> dict[str, Any]:
    """Return a test digit of digits-5k as a drawing that somebody labels so."""
    image = load_dataset("digits-5k").test.images[index]
    return {"image": base64.b64encode(image.tobytes()).decode(), "label": label}
