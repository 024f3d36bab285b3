"""Whose a data set is: noted in a file beside its own, so that it goes when they go."""

import contextlib

from nn_core.datasets import Library

OWNER = "owner"


def note_owner(library: Library, name: str, visitor: str) -> None:
    """Note who uploaded a data set of one's own, unless that is noted already.

    Where a full disk keeps us from it, the data set is nobody's.
    """
    with contextlib.suppress(OSError), (library.uploads_dir / name / OWNER).open("x") as file:
        file.write(visitor)


def owner_of(library: Library, name: str) -> str | None:
    """Return who uploaded a data set; None if nobody knows."""
    try:
        return (library.uploads_dir / name / OWNER).read_text()
    except OSError:
        return None
