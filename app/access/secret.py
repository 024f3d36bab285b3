"""The secret with which the server signs its cookies."""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

from app.runs.store_folder import StoreError

SHORTEST = 16  # characters: anybody could guess a shorter one, or find it in an empty file


def kept_secret(folder: Path) -> str:
    """Return the secret in this folder; make one if there is none.

    Only the user that the server runs as can read the file. Raises StoreError and OSError.
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
    secret = path.read_text().strip()
    if len(secret) < SHORTEST:
        raise StoreError(
            f"{path}, the secret that cookies are signed with, is damaged: restore it from a "
            "backup. If it is deleted, a new one is made, and nobody can control their old runs"
        )
    return secret
