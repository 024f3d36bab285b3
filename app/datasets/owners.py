"""Who uploaded a data set, and whether they share it.

All of it is noted by files in the data set's folder, which are deleted with it.
"""

from app.runs.classroom import LESSON
from app.settings import Settings
from nn_core.datasets import DATASETS, Library, TooManyDatasetsError, UnknownDatasetError
from nn_core.datasets.uploads import NAME

OWNER, ADDRESS, SHARED = "owner", "address", "shared"


def notes_of(visitor: str, address: str) -> dict[str, str]:
    """Return the notes to lay beside a data set: who uploads it, and from where."""
    return {OWNER: visitor, ADDRESS: address}


def owner_of(library: Library, name: str) -> str | None:
    """Return who uploaded a data set; None if that is not known."""
    return _noted(library, name, OWNER)


def require_room(library: Library, visitor: str, address: str, settings: Settings) -> None:
    """Raise TooManyDatasetsError if a visitor, or an address, has uploaded its share already.

    An address that is empty has no limit.
    """
    at_address = (settings.max_own_datasets_per_address, "from your address")
    in_lesson = (settings.max_own_datasets_per_lesson, "of the lesson")
    for what, value, (most, whose) in (
        (OWNER, visitor, (settings.max_own_datasets_per_visitor, "of yours")),
        (ADDRESS, address, in_lesson if address == LESSON else at_address),
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
