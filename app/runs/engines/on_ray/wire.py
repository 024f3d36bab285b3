"""Calls of the server to the driver, and their answers, over the driver's stdin and stdout.

As messages of a worker, each is two lengths, JSON, and bytes. A call is ``[number, name, *values]``
and an answer ``[number, outcome, *values]``; an answer with number 0 was not asked for.
"""

import asyncio
import json
from typing import Any, BinaryIO, Literal, NamedTuple

from app.runs.messages import LENGTHS
from app.strict_json import strict_json

Outcome = Literal["done", "ended", "lost", "up", "trouble"]


class Envelope(NamedTuple):
    """A call or an answer, and the bytes that come with it."""

    number: int
    name: str
    values: list[Any]
    payload: bytes = b""

    def encode(self) -> bytes:
        """Return the bytes on the wire."""
        content = strict_json([self.number, self.name, *self.values]).encode()
        return b"".join((LENGTHS.pack(len(content), len(self.payload)), content, self.payload))


def decode(content: bytes, payload: bytes) -> Envelope:
    """Return the envelope that is these JSON and payload."""
    number, name, *values = json.loads(content)
    return Envelope(number, name, values, payload)


def read(file: BinaryIO) -> Envelope | None:
    """Read the next envelope of a blocking file; None at its end."""
    lengths = file.read(LENGTHS.size)
    if len(lengths) < LENGTHS.size:
        return None
    content_length, payload_length = LENGTHS.unpack(lengths)
    content, payload = file.read(content_length), file.read(payload_length)
    if len(content) < content_length or len(payload) < payload_length:
        return None
    return decode(content, payload)


async def read_stream(stream: asyncio.StreamReader) -> Envelope | None:
    """Read the next envelope of a stream; None at its end."""
    try:
        content_length, payload_length = LENGTHS.unpack(await stream.readexactly(LENGTHS.size))
        content = await stream.readexactly(content_length)
        return decode(content, await stream.readexactly(payload_length))
    except asyncio.IncompleteReadError:
        return None
