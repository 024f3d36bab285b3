"""Viewers of a run, in a process of their own: ``python -m benchmarks.viewers ADDRESS COUNT``.

Each asks for all tensors at 10 frames a second and reads whatever comes. They leave when stdin
closes, so they can't outlive the benchmark that started them; it says how many frames came.
"""

import asyncio
import json
import sys

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed


async def view(address: str) -> int:
    """Watch until cancelled; return the number of frames."""
    frames = 0
    async with connect(address, max_size=None, compression=None) as socket:
        await socket.send(json.dumps({"type": "watch", "frames_per_second": 10, "tensors": "all"}))
        try:
            async for message in socket:
                frames += isinstance(message, bytes)
        except (asyncio.CancelledError, ConnectionClosed):
            pass
    return frames


async def main() -> None:
    """Watch with so many viewers."""
    address, count = sys.argv[1:]
    viewers = [asyncio.create_task(view(address)) for _ in range(int(count))]
    await asyncio.to_thread(sys.stdin.read)
    for viewer in viewers:
        viewer.cancel()
    print(sum(await asyncio.gather(*viewers)))


if __name__ == "__main__":
    asyncio.run(main())
