"""How large an uploaded data set may be, and how many of them there may be."""

from dataclasses import dataclass

from nn_core.datasets.errors import TooLargeError


@dataclass(frozen=True)
class UploadLimits:
    """Whatever a file claims of its size is checked against these before it is read."""

    unpacked_bytes: int = 256 * 2**20  # of what is packed in it
    pixels: int = 2**16  # of one image
    examples: int = 1_000_000
    classes: int = 256  # at most: a label is a byte
    datasets: int = 20
    seconds: float = 20  # of processor time that a CSV may take to read

    def check_examples(self, number: int) -> None:
        """Raise TooLargeError if there are too many: a pixel each, they take much more memory."""
        if number > self.examples:
            raise TooLargeError(
                f"there are more images than {self.examples:,}, which is all that is allowed"
            )
