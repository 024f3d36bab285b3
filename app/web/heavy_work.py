"""Work that takes much memory or processor time: one of each kind at a time."""

import asyncio
from concurrent.futures import ThreadPoolExecutor


class HeavyWork:
    """What such work waits for; one for the whole application."""

    def __init__(self) -> None:
        self.archiving = asyncio.Lock()  # runs are exported or imported
        self.uploading = asyncio.Lock()  # a data set is taken in
        self.measuring = asyncio.Lock()  # a network is measured on many examples
        # Drawings do not wait for any of these. They have one thread: one takes a millisecond,
        # and several threads would only wait for each other's turn in the interpreter.
        self.reading = ThreadPoolExecutor(1, "reading")

    def close(self) -> None:
        """End the thread."""
        self.reading.shutdown()
