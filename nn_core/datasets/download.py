"""Downloads: the files of a data set come from its public home into the cache directory.

pooch does the work: each file is written under another name, its SHA-256 sum is checked, and only
then does it get its own name, so nobody ever sees half a file, and two processes that download the
same do not disturb each other. A file that is there already is not downloaded again.

This module needs pooch, and nothing else of ``nn_core`` does: it is imported where it is used.
"""

import contextlib
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from nn_core.datasets.errors import DownloadError
from nn_core.datasets.registry import DatasetInfo, RemoteFile

CHUNK = 2**16  # bytes between two reports of progress, at most
DAY = 86400  # seconds
SILENCE = 30  # seconds without a byte until a download is given up

OnProgress = Callable[[int, int], None]
"""Is called with the bytes that are here so far and with those there will be in the end."""


def download(
    info: DatasetInfo,
    directory: Path,
    on_progress: OnProgress = lambda _done, _total: None,
    mirror: str | None = None,
) -> None:
    """Download the files of a data set into a directory, which is made where necessary.

    ``mirror`` is an address to use instead of the data set's public home: its files lie below it
    in a folder with the data set's name. ``on_progress`` may raise, which ends the download.

    Raises DownloadError, which says what to do instead.
    """
    if info.source is None:
        raise DownloadError(f"{info.name} is nothing that could be downloaded")
    _sweep(directory)
    address = f"{mirror.rstrip('/')}/{info.name}" if mirror else info.source.address
    done, total = 0, info.source.size
    for file in info.source.files:

        def tell(received: int, before: int = done) -> None:
            on_progress(before + received, total)

        try:
            _fetch(f"{address}/{file.name}", file, directory, tell)
        except DownloadError as error:
            raise DownloadError(
                f"{info.name} can't be downloaded: {error}. Nothing of that file was kept. Try "
                "again later, or put the four files into the data directory yourself "
                f"(NUDGE_DATA_DIR/{info.name})"
            ) from error
        done += file.size
        on_progress(done, total)


def _sweep(directory: Path) -> None:
    """Remove what downloads have left behind that were killed, not what others are writing."""
    for left in directory.glob("tmp*"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > DAY:
                left.unlink()


class _Measured:
    """A file that is written to, with an eye on how much that is."""

    def __init__(self, file: BinaryIO, due: RemoteFile, tell: Callable[[int], None]) -> None:
        self.file = file
        self.due = due
        self.tell = tell
        self.received = 0

    def write(self, chunk: bytes) -> None:
        """Write what has come; raise DownloadError for more than there should be."""
        self.received += len(chunk)
        if self.received > self.due.size:
            raise DownloadError(
                f"{self.due.name} is sent with more bytes than the {self.due.size:,} it has"
            )
        self.file.write(chunk)
        self.tell(self.received)

    def flush(self) -> None:
        """Leave it to the file: it is looked at once it is closed."""


def _fetch(address: str, file: RemoteFile, directory: Path, tell: Callable[[int], None]) -> None:
    """Download one file, unless it is there already; tell how many bytes have come."""
    import pooch  # noqa: PLC0415 - only downloads need it and the HTTP client that it brings
    from requests import RequestException  # noqa: PLC0415

    pooch.get_logger().setLevel(logging.WARNING)
    # Some servers say that a .gz file is packed for the transport; then it would be unpacked here.
    http = pooch.HTTPDownloader(
        chunk_size=CHUNK, timeout=SILENCE, headers={"Accept-Encoding": "identity"}
    )

    def write_to(address: str, path: str, asker: Any) -> None:
        with Path(path).open("wb") as opened:
            http(address, _Measured(opened, file, tell), asker)

    try:
        fetched = Path(
            pooch.retrieve(address, f"sha256:{file.sha256}", file.name, directory, None, write_to)
        )
        fetched.chmod(0o644)  # temporary files are their owner's alone
    except RequestException as error:
        raise DownloadError(f"{address} {_what_went_wrong(error)}") from error
    except ValueError as error:  # what pooch raises for another checksum
        raise DownloadError(
            f"{address} is not the file that it should be: its SHA-256 sum is another"
        ) from error
    except OSError as error:
        raise DownloadError(
            f"{file.name} can't be written to {directory} ({error.strerror or error})"
        ) from error


def _what_went_wrong(error: Exception) -> str:
    """Say what went wrong between here and there."""
    response = getattr(error, "response", None)
    if response is not None:
        return f"answered {response.status_code} {response.reason}"
    if "Read timed out" in str(error):
        return f"said nothing for {SILENCE} seconds"
    if "IncompleteRead" in str(error) or "Connection broken" in str(error):
        return "broke off before the end"
    return "can't be reached"
