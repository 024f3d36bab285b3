"""Who uploaded a data set: noted in files in the data set's folder, which are deleted with it."""

import contextlib

from app.settings import Settings
from nn_core.datasets import Library, TooManyDatasetsError

OWNER, ADDRESS = "owner", "address"


def note_owner(library: Library, name: str, visitor: str, address: str) -> None:
    """Note who uploaded a data set, and from where, unless that is noted already.

    If the disk is full, it belongs to nobody.
    """
    for what, value in ((OWNER, visitor), (ADDRESS, address)):
        path = library.uploads_dir / name / what
        with contextlib.suppress(OSError), path.open("x") as file:
            file.write(value)


def owner_of(library: Library, name: str) -> str | None:
    """Return who uploaded a data set; None if that is not known."""
    return _noted(library, name, OWNER)


def require_room(library: Library, visitor: str, address: str, settings: Settings) -> None:
    """Raise TooManyDatasetsError if a visitor, or an address, has uploaded its share already.

    An address that is empty has no limit.
    """
    for what, value, most, whose in (
        (OWNER, visitor, settings.max_own_datasets_per_visitor, "of yours"),
        (ADDRESS, address, settings.max_own_datasets_per_address, "from your address"),
    ):
        folders = library.uploads_dir.glob(f"*/{what}") if value else ()
        held = sum(_noted(library, path.parent.name, what) == value for path in folders)
        if held >= most:
            raise TooManyDatasetsError(
                f"{held} data sets {whose} are on this server already: delete one first"
            )


def _noted(library: Library, name: str, what: str) -> str | None:
    try:
        return (library.uploads_dir / name / what).read_text()
    except OSError:
        return None
