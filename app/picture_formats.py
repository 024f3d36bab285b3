"""Which pictures are read, and the error of one that can't be: known without loading Pillow."""

FORMATS = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
"""What is read, by Pillow's names, and the content type of each."""


class BadDrawingError(ValueError):
    """These bytes are no picture that can be read; the message says why."""


class LargeDrawingError(BadDrawingError):
    """The picture has more pixels than are allowed."""
