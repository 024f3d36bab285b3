"""A file that is offered as a data set, or as a part of one."""

from pathlib import Path
from typing import NamedTuple


class Offered(NamedTuple):
    """A file: what its owner calls it, and where it lies."""

    name: str
    path: Path
