"""What is asked of a saved training before it goes on: how far it was, whether it is whole."""

import zlib

from nn_core import checkpoints, events
from nn_core.network import Network


def is_at(saved: bytes | None, step: int, commands: int) -> bool:
    """Return whether a training was saved after so many steps and commands. False if damaged."""
    if saved is None:
        return False
    try:
        metadata = checkpoints.read_metadata(saved)
        return (int(metadata["step"]), int(metadata["commands"])) == (step, commands)
    except (ValueError, KeyError):
        return False


def commands_in(saved: bytes) -> int:
    """Return how many commands a saved training contains. Raises CheckpointError."""
    try:
        return int(checkpoints.read_metadata(saved)["commands"])
    except (ValueError, KeyError) as error:
        raise checkpoints.CheckpointError(f"it is no saved training ({error})") from error


def kept_commands_in(saved: bytes, folded: int) -> int:
    """Return how many of the commands that are kept a saved training contains, if there is one.

    So many before them are ``folded``: no longer kept. Raises CheckpointError.
    """
    if not saved and folded:
        raise checkpoints.CheckpointError(
            "what it takes to go on is damaged, and it can't be trained again: of its many "
            "changes only the last are kept"
        )
    taken = commands_in(saved) - folded if saved else 0
    if taken < 0:
        raise checkpoints.CheckpointError("it is older than the commands that are kept")
    return taken


def require_unchanged(saved: bytes, network: Network, memory: events.Memory) -> None:
    """Raise CheckpointError if its numbers are not those that were saved, where it tells."""
    told = checkpoints.read_metadata(saved).get("checksum")
    if told is not None and told != checksum(network, memory):
        raise checkpoints.CheckpointError("its numbers are not those that were saved")


def checksum(network: Network, memory: events.Memory) -> str:
    """Return a checksum of the numbers of a saved training: a broken disk changes some silently."""
    sums = zlib.crc32(network.parameters.theta.data)
    for vector in memory.descent.vectors:
        sums = zlib.crc32(vector.data, sums)
    return f"{sums:08x}"
