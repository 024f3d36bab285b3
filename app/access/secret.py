"""The secret with which the server signs its cookies."""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path


def kept_secret(folder: Path) -> str:
    """Return the secret in this folder; make one if there is none.

    Only the user that the server runs as can read the file. Raises OSError.
    """
    path = folder / "secret"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=folder, prefix=".secret-") as file:  # mode 0600
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
            # Linked when it is complete; a secret that another server has just made wins.
            with contextlib.suppress(FileExistsError):
                os.link(file.name, path)
    return path.read_text().strip()
