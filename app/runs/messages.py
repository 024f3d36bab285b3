"""Messages between the server and a run's worker process, over the worker's stdin and stdout.

A message is a JSON object and some bytes, which may be none: a checkpoint or a frame. On the wire
their two lengths come first, as 32-bit integers.
"""

import asyncio
import json
import struct
from typing import Any, BinaryIO, NamedTuple

LENGTHS = struct.Struct("!II")
TO_JSON = json.JSONEncoder(allow_nan=False, separators=(",", ":"))


class Message(NamedTuple):
    """A JSON object, with a ``type``, and the bytes that come with it."""

    content: dict[str, Any]
    payload: bytes = b""

    def encode(self) -> bytes:
        """Return the bytes on the wire. A figure that is not finite becomes null."""
        content = strict_json(self.content).encode()
        return b"".join((LENGTHS.pack(len(content), len(self.payload)), content, self.payload))


def strict_json(content: Any) -> str:
    """Return JSON that every parser reads: infinities and NaN, which JSON lacks, become null."""
    try:
        return TO_JSON.encode(content)
    except ValueError:  # rarely
        return TO_JSON.encode(_finite(content))


def _finite(value: Any) -> Any:
    match value:
        case float():
            return value if abs(value) < float("inf") else None
        case dict():
            return {key: _finite(item) for key, item in value.items()}
        case list() | tuple():
            return [_finite(item) for item in value]
    return value


def read(file: BinaryIO) -> Message | None:
    """Read the next message of a blocking file; None at its end."""
    lengths = file.read(LENGTHS.size)
    if len(lengths) < LENGTHS.size:
        return None
    content_length, payload_length = LENGTHS.unpack(lengths)
    content = file.read(content_length)
    payload = file.read(payload_length)
    if len(content) < content_length or len(payload) < payload_length:
        return None
    return Message(json.loads(content), payload)


async def read_stream(stream: asyncio.StreamReader) -> Message | None:
    """Read the next message of a stream; None at its end."""
    try:
        content_length, payload_length = LENGTHS.unpack(await stream.readexactly(LENGTHS.size))
        content = await stream.readexactly(content_length)
        return Message(json.loads(content), await stream.readexactly(payload_length))
    except asyncio.IncompleteReadError:
        return None
