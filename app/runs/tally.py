"""What this process has done since it started: plain numbers, which go on when a run is deleted.

Whoever counts here knows no metrics; those read it (app/metrics.py).
"""


class Tally:
    """The numbers; they only grow."""

    epochs = 0  # trained, of all runs
    frames_sent = 0  # to all viewers
    frames_skipped = 0  # that a viewer was not sent, as a newer one came first


tally = Tally()
