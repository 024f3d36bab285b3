"""Who uploaded a data set: noted in a file in the data set's folder, which is deleted with it."""

import contextlib

from nn_core.datasets import Library

OWNER = "owner"


def note_owner(library: Library, name: str, visitor: str) -> None:
    """Note who uploaded a data set, unless that is noted already.

    If the disk is full, it belongs to nobody.
    """
    with contextlib.suppress(OSError), (library.uploads_dir / name / OWNER).open("x") as file:
        file.write(visitor)


def owner_of(library: Library, name: str) -> str | None:
    """Return who uploaded a data set; None if that is not known."""
    try:
        return (library.uploads_dir / name / OWNER).read_text()
    except OSError:
        return None
