"""Which arithmetic makes the steps of a training: NumPy's, or loops that Numba compiles."""

import hashlib
import os
from importlib.util import find_spec
from pathlib import Path

from nn_core.datasets.library import default_cache_dir

ARITHMETICS = ("numpy", "compiled")
HOW_TO_INSTALL = (
    "compiled loops need the package numba, which is not installed here: "
    "pip install 'nudge-playground[compiled]'"
)


class CompilerMissingError(ImportError):
    """Numba is not installed."""


def require_compiler() -> None:
    """Raise CompilerMissingError, which says how to install it, if Numba is not here."""
    if find_spec("numba") is None:
        raise CompilerMissingError(HOW_TO_INSTALL)


def keep_compiled_in(cache_dir: Path | None = None) -> None:
    """Let what is compiled be kept in a cache directory, so that it is compiled only once.

    None is the directory of downloads in your home. The first call in a process counts, before
    anything was compiled; NUMBA_CACHE_DIR in the environment goes first.
    """
    # A name that changes with any of the loops: Numba looks only at the file of the outermost.
    digest = hashlib.sha256()
    for file in sorted((Path(__file__).parent / "compiled").glob("*.py")):
        digest.update(file.read_bytes())
    folder = (cache_dir or default_cache_dir()) / f"compiled-{digest.hexdigest()[:16]}"
    os.environ.setdefault("NUMBA_CACHE_DIR", str(folder))
