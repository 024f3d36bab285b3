"""Zip archives of anybody's: nothing is believed that they say of their size."""

import mmap
import struct
import tokenize
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nn_core.datasets.errors import BadDataError, TooLargeError

STARTS = (b"PK\3\4", b"PK\5\6")
SIGNATURE = b"PK\1\2"  # of each entry in an archive's directory
MAX_MEMBERS = 100

BROKEN = (
    *(ValueError, KeyError, TypeError, OverflowError, EOFError, OSError, RuntimeError),
    *(SyntaxError, MemoryError, NotImplementedError, tokenize.TokenError, struct.error),
    *(zipfile.BadZipFile, zlib.error),
)
"""What NumPy and zipfile raise for a file that is broken, or made to break them."""


@contextmanager
def open_zip(path: Path, max_bytes: int) -> Iterator[zipfile.ZipFile]:
    """Open an archive that unpacks to no more than ``max_bytes``, as far as it says.

    zipfile reads no more of a member than it says, so that is all it can unpack to.

    Raises BadDataError, also for what breaks while it is read, and TooLargeError.
    """
    try:
        _check_members(path)
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(info.file_size for info in archive.infolist())
            if unpacked > max_bytes:
                raise TooLargeError(
                    f"the zip file unpacks to {unpacked:,} bytes; {max_bytes:,} are allowed"
                )
            yield archive
    except BROKEN as error:
        raise BadDataError("file", f"the zip file is broken ({error})") from error


def _check_members(path: Path) -> None:
    """Count the members, at most too many, before zipfile makes an object of each."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        place = -1
        for _ in range(MAX_MEMBERS + 1):
            place = content.find(SIGNATURE, place + 1)
            if place < 0:
                return
    raise BadDataError("file", f"the zip file has more than {MAX_MEMBERS} members")
