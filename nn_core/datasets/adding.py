"""Taking in files as a data set: they are checked, split, and kept as ``uploads`` finds them.

A folder is filled under another name first: whoever sees it sees all of it.
"""

import errno
import hashlib
import json
import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from nn_core.datasets.errors import (
    BadDataError,
    NameTakenError,
    StorageError,
    TooManyDatasetsError,
)
from nn_core.datasets.likeness import drawing_of, ground_of_all
from nn_core.datasets.limits import UploadLimits
from nn_core.datasets.offered import read_offered
from nn_core.datasets.offered_file import Offered
from nn_core.datasets.parsed import Parsed, parse
from nn_core.datasets.registry import DATASETS, FILES, DatasetInfo
from nn_core.datasets.uploads import ABOUT, NAME, Known, find, info, known_of


def add(
    files: Sequence[Offered],
    directory: Path,
    name: str | None,
    filename: str | None,
    limits: UploadLimits,
    notes: Mapping[str, str],
) -> DatasetInfo:
    """Take an .npz, a CSV or IDX files in as a data set, and return what is known of it.

    ``directory`` is where such data sets are kept. Without a name it gets one from the ``filename``
    that its owner has for it, or the first file's, or else from its content. The same content under
    the same name is the same data set. ``notes`` are small files that are laid beside it.

    Raises BadDataError, TooLargeError, NameTakenError, TooManyDatasetsError, StorageError.
    """
    digest = _digest(files)
    if name is None:
        name = _free_name(directory, filename or files[0].name, digest)
    elif not NAME.fullmatch(name):
        raise BadDataError(
            "name", "a name has up to 40 small letters, digits and hyphens, and no hyphen first"
        )
    if name in DATASETS:
        raise NameTakenError(f"{name} is the name of a data set that Nudge knows: choose another")
    if (known := known_of(directory, name)) is not None:
        return _same_or_taken(name, known, digest)
    if len(find(directory)) >= limits.datasets:
        raise TooManyDatasetsError(
            f"there are {limits.datasets} uploaded data sets here, which is all that is "
            "allowed: delete one first"
        )
    with tempfile.TemporaryDirectory(prefix="nudge-") as scratch:
        parsed = parse(read_offered(files, Path(scratch), limits), limits)
        try:
            if not _keep(directory, name, parsed, digest, notes):
                return _same_or_taken(name, known_of(directory, name), digest)
        except OSError as error:
            raise StorageError(
                f"the data set can't be written to {directory} ({error.strerror or error})"
            ) from error
    return info(directory, name)


def _digest(files: Sequence[Offered]) -> str:
    """Return the SHA-256 sum of a file, or that of the sums of several, in any order."""
    digests = []
    for file in files:
        with file.path.open("rb") as opened:
            digests.append(hashlib.file_digest(opened, "sha256").hexdigest())
    if len(digests) == 1:
        return digests[0]
    return hashlib.sha256("".join(sorted(digests)).encode()).hexdigest()


def _keep(
    directory: Path, name: str, parsed: Parsed, digest: str, notes: Mapping[str, str]
) -> bool:
    """Write a data set down; return False if another has got its name meanwhile."""
    training, test = parsed.training, parsed.test
    about = {
        "sha256": digest,
        "training_examples": len(training.chosen),
        "test_examples": len(test.chosen),
        "input_shape": training.images.shape[1:],
        "classes": parsed.classes,
        "class_names": parsed.class_names,
        "notes": parsed.notes,
        "drawing": drawing_of(training, test),
        "ground": ground_of_all(training.images),
    }
    directory.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=directory, prefix=".part-") as scratch:
        folder = Path(scratch) / name
        folder.mkdir()
        files = [folder / file.removesuffix(".gz") for file in FILES]
        training.write(files[0], files[1])
        test.write(files[2], files[3])
        (folder / ABOUT).write_text(json.dumps(about))
        for what, text in notes.items():
            (folder / what).write_text(text)
        try:
            folder.rename(directory / name)
        except OSError as error:
            if error.errno in (errno.EEXIST, errno.ENOTEMPTY):
                return False
            raise
    return True


def _same_or_taken(name: str, known: Known | None, digest: str) -> DatasetInfo:
    """Return the data set that has this name if it is the same one."""
    if known is not None and known.digest == digest:
        return known.info
    raise NameTakenError(f"another data set is called {name}: choose another name, or delete it")


def _free_name(directory: Path, filename: str, digest: str) -> str:
    """Return a name for a data set that has none, made of its file's name or of its content."""
    stem = Path(filename).stem.lower()
    name = re.sub("[^a-z0-9]+", "-", stem)[:40].strip("-") or f"own-{digest[:8]}"
    known = known_of(directory, name)
    if name not in DATASETS and (known is None or known.digest == digest):
        return name
    return f"{name[:31]}-{digest[:8]}"
