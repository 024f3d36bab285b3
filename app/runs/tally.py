"""What the server has done since it started: numbers that stay when a run is deleted.

They are counted here without knowing of metrics; app/metrics.py reads them.
"""

from dataclasses import dataclass


@dataclass
class Tally:
    """The numbers, which only grow."""

    epochs: int = 0  # trained, of all runs
    frames_sent: int = 0  # to all viewers
    set_aside: int = 0  # lines that the database could never take
    frames_skipped: int = 0  # not sent to a viewer, because a newer one came first
