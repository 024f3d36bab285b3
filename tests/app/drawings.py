"""A drawing as the page sends it."""

import io

from PIL import Image, ImageDraw


def drawing() -> bytes:
    """Return a PNG of a 1: light ink on dark."""
    image = Image.new("L", (56, 56))
    ImageDraw.Draw(image).line((28, 9, 28, 47), 255, 4)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
