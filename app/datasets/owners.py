"""Who uploaded a data set, and whether they share it.

Both are noted by files in the data set's folder, which are deleted with it.
"""

import contextlib

from nn_core.datasets import DATASETS, Library, UnknownDatasetError
from nn_core.datasets.uploads import NAME

OWNER = "owner"
SHARED = "shared"


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


def share(library: Library, name: str) -> None:
    """Open an uploaded data set to everybody who knows its name. Raises OSError."""
    (library.uploads_dir / name / SHARED).touch()


def is_shared(library: Library, name: str) -> bool:
    """Return whether its owner has shared a data set."""
    return (library.uploads_dir / name / SHARED).exists()


def is_open_to(library: Library, name: str, visitor: str) -> bool:
    """Return whether a visitor may use a data set: Nudge's, nobody's, theirs, or a shared one."""
    if name in DATASETS or not NAME.fullmatch(name):  # no data set has such a name
        return True
    return owner_of(library, name) in (None, visitor) or is_shared(library, name)


def require_open(library: Library, name: str, visitor: str) -> None:
    """Raise UnknownDatasetError for a data set that is somebody else's, and not shared."""
    library.info(name)
    if not is_open_to(library, name, visitor):
        raise UnknownDatasetError(f"no data set of yours is called {name!r}, and none is shared")
