"""This project with compiled loops: ``train(..., compiled=True)``."""

from benchmarks.contestants import nudge


class Contestant(nudge.Contestant):
    """``for event in train(..., compiled=True): pass``."""

    COMPILED = True
