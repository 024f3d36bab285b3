"""Hostile sockets: any message, any bytes in any frames. A run beside them loses no epoch."""

import contextlib
import json
import os
import socket
import struct
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed

from tests.app.beside import Beside
from tests.app.clients import Watcher
from tests.server_process import ServerProcess
from tests.servers import PATIENCE, Server

TEXT, BINARY, CLOSE, PING, CONTINUATION = 1, 2, 8, 9, 0
WATCH = json.dumps({"type": "watch", "frames_per_second": 1, "tensors": "weights"}).encode()


@pytest.fixture(scope="module")
def beside(measured: ServerProcess) -> Iterator[Beside]:
    with Beside(measured) as beside:
        yield beside


def frame(
    opcode: int,
    payload: bytes,
    *,
    last: bool = True,
    reserved: int = 0,
    masked: bool = True,
    length: int | None = None,
) -> bytes:
    """Return a WebSocket frame, valid or not; ``length`` is the length that it claims."""
    length = len(payload) if length is None else length
    start = bytes([last << 7 | reserved << 4 | opcode])
    if length < 126:
        start += bytes([masked << 7 | length])
    elif length < 2**16:
        start += bytes([masked << 7 | 126]) + struct.pack("!H", length)
    else:
        start += bytes([masked << 7 | 127]) + struct.pack("!Q", length)
    if not masked:
        return start + payload
    mask = os.urandom(4)
    return start + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))


def say(server: Server, content: bytes) -> bytes:
    """Shake hands, send these bytes and no more; return what came until the server hung up."""
    with socket.create_connection(("127.0.0.1", server.port), PATIENCE) as rude:
        rude.sendall(
            f"GET /api/runs/pretrained/live HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )
        answer = rude.recv(2**16)
        assert answer.startswith(b"HTTP/1.1 101 ")
        with contextlib.suppress(ConnectionResetError, BrokenPipeError):
            rude.sendall(content)
            if not content.endswith(GOODBYE):
                rude.shutdown(socket.SHUT_WR)
            while received := rude.recv(2**16):
                answer += received
    return answer


payloads = st.binary(max_size=300) | st.text(max_size=100).map(str.encode) | st.just(WATCH)
frames = st.builds(
    frame,
    st.sampled_from([TEXT, BINARY, CLOSE, PING, 10, CONTINUATION]) | st.integers(0, 15),
    payloads,
    last=st.booleans(),
    reserved=st.sampled_from([0, 0, 0, 0, 1, 4, 7]),
    masked=st.sampled_from([True, True, True, False]),
    length=st.none() | st.none() | st.sampled_from([0, 125, 126, 2**16, 2**31, 2**63, 2**64 - 1]),
)


GOODBYE = frame(CLOSE, struct.pack("!H", 1000))


@given(st.lists(frames | st.binary(max_size=50), max_size=8))
def test_no_frames_do_harm(beside: Beside, content: list[bytes]) -> None:
    say(beside.server, b"".join(content))


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda values: st.lists(values, max_size=4) | st.dictionaries(st.text(max_size=9), values),
    max_leaves=20,
)
watches = st.fixed_dictionaries(
    {"type": st.just("watch") | json_values},
    optional={
        "frames_per_second": st.floats(0, 30) | json_values,
        "tensors": st.sampled_from(["weights", "gradient", "all"]) | json_values,
        "more": json_values,
    },
)
messages = (
    st.text()
    | st.binary(max_size=500)
    | (json_values | watches).map(json.dumps)
    | st.integers(1, 60_000).map(lambda depth: "[" * depth)
    | st.integers(1, 9000).map(lambda depth: '{"a":' * depth)
)


@given(st.lists(messages, min_size=1, max_size=8))
def test_after_any_messages_a_viewer_is_still_understood(
    beside: Beside,
    said: list[str | bytes],
) -> None:
    watcher = Watcher(beside.server, "pretrained")
    for message in said:
        watcher.socket.send(message)
    watcher.say('{"type": "this is the last"}')
    assert watcher.until("error")[-1]["detail"]
    watcher.say('{"type": "watch", "tensors": "gradient", "frames_per_second": 30}')
    watcher.say('{"type": "watch", "tensors": "weights", "frames_per_second": 30}')
    assert watcher.frame()
    watcher.close()


@given(st.lists(st.integers(0, len(WATCH)), max_size=5).map(sorted))
def test_a_message_in_pieces_is_one_message(
    beside: Beside,
    cuts: list[int],
) -> None:
    pieces = [WATCH[i:j] for i, j in zip([0, *cuts], [*cuts, len(WATCH)], strict=True)]
    content = b""
    for number, piece in enumerate(pieces):
        opcode = CONTINUATION if number else TEXT
        content += frame(opcode, piece, last=number == len(cuts)) + frame(PING, b"between")
    answer = say(beside.server, content + GOODBYE)
    assert answer.count(b"\x8a\x07between") == len(pieces)
    assert b'"type":"error"' not in answer


@pytest.mark.parametrize(
    "content",
    [
        frame(TEXT, b"\xff\xfe\xed"),
        frame(TEXT, b"x" * 65_537),
        frame(TEXT, b"x" * 40_000, last=False) + frame(CONTINUATION, b"x" * 40_000),
        frame(TEXT, b"", length=2**62),
        frame(TEXT, WATCH, masked=False),
        frame(PING, b"x" * 126),
        frame(PING, b"", last=False),
        frame(CONTINUATION, b"x"),
        frame(CLOSE, b"\x00"),
        frame(CLOSE, struct.pack("!H", 999)),
        frame(3, b"x"),
        frame(TEXT, b"x", reserved=4),
    ],
    ids=lambda content: content[:2].hex(),
)
def test_a_frame_that_breaks_the_protocol_closes_its_own_socket(
    beside: Beside,
    content: bytes,
) -> None:
    watcher = Watcher(beside.server, "pretrained")
    raw = watcher.socket.socket
    raw.sendall(content)
    with pytest.raises(ConnectionClosed):
        watcher.until("never")
    watcher.close()


def test_many_small_pieces_of_a_message_take_no_memory(measured: ServerProcess) -> None:
    with Beside(measured, max_growth=16 * 2**20):
        piece = frame(CONTINUATION, b"x" * 1000, last=False)
        for _ in range(20):
            say(measured, frame(TEXT, b"", last=False) + piece * 1000)
