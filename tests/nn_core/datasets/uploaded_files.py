"""Uploaded files for tests: valid ones and hostile ones."""

import io
import zipfile
from typing import Any

import numpy as np

RNG = np.random.default_rng(0)
LABELS = np.arange(50) % 5
IMAGES = RNG.integers(0, 256, (50, 6, 4), np.uint8)


def npz(**arrays: Any) -> bytes:
    """Return an .npz file with these arrays; those of objects as NumPy would pickle them."""
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def csv(images: np.ndarray, labels: np.ndarray, heading: str = "") -> bytes:
    """Return a CSV file: a line for each image, first its label."""
    table = np.column_stack([labels, images.reshape(len(images), -1)])
    lines = [",".join(map(str, row)) for row in table.tolist()]
    return "\n".join([heading] * bool(heading) + lines + [""]).encode()


def npy(header: str, elements: bytes = b"", version: tuple[int, int] = (1, 0)) -> bytes:
    """Return an .npy file with any header."""
    text = header.encode("latin1")
    size = len(text).to_bytes(2 if version == (1, 0) else 4, "little")
    return b"\x93NUMPY" + bytes(version) + size + text + elements


def zipped(compression: int = zipfile.ZIP_DEFLATED, **members: bytes) -> bytes:
    """Return an .npz file of these members, whatever they are."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.npy", content)
    return file.getvalue()


def saved(array: np.ndarray) -> bytes:
    """Return the .npy file of an array."""
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


GOOD = npz(images=IMAGES, labels=LABELS)
