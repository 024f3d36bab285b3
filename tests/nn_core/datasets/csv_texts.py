"""The same images as CSV texts, in all the ways in which programs write them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

RNG = np.random.default_rng(12)


def pictures(count: int = 40) -> np.ndarray:
    """Return images of shape (images, 5, 5), with an empty edge, as digits have."""
    images = np.zeros((count, 5, 5), np.uint8)
    images[:, 1:4, 1:4] = RNG.integers(0, 256, (count, 3, 3), np.uint8)
    images[:, 2, 2] = 255
    return images


PICTURES = pictures()
CLASSES = np.arange(len(PICTURES)) % 4
NUMBERS: dict[str, Callable[[int], str]] = {
    "whole": str,
    "one place": "{:.1f}".format,
    "savetxt": "{:.18e}".format,
    "decimal comma": lambda number: f"{number:.2f}".replace(".", ","),
    "plus": "{:+d}".format,
}


@dataclass(frozen=True)
class Writer:
    """A way to write a CSV."""

    separator: str = ","
    encoding: str = "utf-8"
    newline: str = "\n"
    label_at: str = "first"
    label_name: str | None = "label"  # None: there is no heading
    index: str | None = None  # the heading of a column that counts
    number: str = "whole"
    quoted: bool = False
    separator_line: bool = False
    trailing: str = ""  # separators at the end of each line
    blank_lines: bool = False
    index_from: int = field(default=0)

    def heading(self, pixels: int) -> list[str]:
        """Return the fields of the first line."""
        names = [f"pixel{i}" for i in range(pixels)]
        place = 0 if self.label_at == "first" else pixels
        names.insert(place, self.label_name or "")
        return names if self.index is None else [self.index, *names]

    def line(self, row: int, label: str, pixels: Sequence[int]) -> list[str]:
        """Return the fields of an image."""
        fields = [NUMBERS[self.number](pixel) for pixel in pixels]
        fields.insert(0 if self.label_at == "first" else len(fields), label)
        return fields if self.index is None else [str(row + self.index_from), *fields]

    def __call__(self, images: np.ndarray = PICTURES, labels: Sequence[Any] = ()) -> bytes:
        """Return the file."""
        texts = [self._label(label) for label in (CLASSES.tolist() if labels == () else labels)]
        flat = images.reshape(len(images), -1)
        lines = [
            self.line(row, label, pixels)
            for row, (label, pixels) in enumerate(zip(texts, flat.tolist(), strict=True))
        ]
        if self.label_name is not None:
            lines.insert(0, self.heading(flat.shape[1]))
        if self.blank_lines:
            lines[3:3] = [[], [""] * len(lines[0])]
        written = [
            self.separator.join(
                f'"{text}"' if self.quoted or self.separator in text else text for text in one
            )
            + (self.trailing if one else "")
            for one in lines
        ]
        written[:0] = [f"sep={self.separator}"] * self.separator_line
        return (self.newline.join(written) + self.newline).encode(self.encoding)

    def _label(self, label: Any) -> str:
        return NUMBERS[self.number](label) if isinstance(label, int) else str(label)
