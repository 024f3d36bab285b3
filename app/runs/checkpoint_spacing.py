"""The spacing of kept checkpoints: at most so many, evenly spread over the run so far.

First those of all epochs are kept, then every second, every fourth, and so on.
"""


def most_kept(parameters: int, most: int, most_bytes: int) -> int:
    """Return how many checkpoints fit, at least one, of a network with so many parameters."""
    return max(1, min(most, most_bytes // (4 * parameters)))


def is_kept(epoch: int, most: int) -> bool:
    """Return whether this epoch's checkpoint is kept when it is complete."""
    return epoch % spacing(epoch, most) == 0


def spacing(epoch: int, most: int) -> int:
    """Return how far apart the kept checkpoints are once this epoch is complete: a power of 2."""
    apart = 1
    while epoch // apart > most:
        apart *= 2
    return apart
