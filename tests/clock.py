"""A clock for the tests: time passes when they say so."""


class Clock:
    """A clock that stands until it is set forward."""

    def __init__(self, now: float = 1e9) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def forward(self, seconds: float) -> None:
        """Let this time pass."""
        self.now += seconds
