"""The server's secret: what its cookies are signed with."""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path


def kept_secret(folder: Path) -> str:
    """Return the secret that is kept in this folder; the first time, make one.

    Only the user that the server runs as can read the file. Raises OSError.
    """
    path = folder / "secret"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=folder, prefix=".secret-") as file:  # mode 0600
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
            # It gets its name when it is whole, and never takes that of another server's.
            with contextlib.suppress(FileExistsError):
                os.link(file.name, path)
    return path.read_text().strip()
