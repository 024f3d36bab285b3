"""How large an uploaded data set may be, and how many of them there may be."""

from dataclasses import dataclass


@dataclass(frozen=True)
class UploadLimits:
    """Whatever a file claims of its size is checked against these before it is read."""

    unpacked_bytes: int = 256 * 2**20  # of what is packed in it
    pixels: int = 2**16  # of one image
    classes: int = 256  # at most: a label is a byte
    datasets: int = 20
