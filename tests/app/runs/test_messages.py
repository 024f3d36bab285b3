import asyncio
import io
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.runs.messages import Message, read, read_stream, strict_json

CONTENT = st.dictionaries(
    st.text(), st.none() | st.integers() | st.text() | st.lists(st.floats(allow_nan=False))
)


def refuse(constant: str) -> None:
    raise AssertionError(constant)


@given(st.lists(st.tuples(CONTENT, st.binary())))
def test_what_is_written_is_read(sent: list[tuple[dict[str, Any], bytes]]) -> None:
    wire = b"".join(Message(content, payload).encode() for content, payload in sent)
    expected = [Message(json.loads(strict_json(content)), payload) for content, payload in sent]

    file = io.BytesIO(wire)
    assert [read(file) for _ in sent] == expected
    assert read(file) is None

    async def read_all() -> list[Message | None]:
        stream = asyncio.StreamReader()
        stream.feed_data(wire)
        stream.feed_eof()
        return [await read_stream(stream) for _ in range(len(sent) + 1)]

    assert asyncio.run(read_all()) == [*expected, None]


@given(CONTENT, st.binary(), st.integers(min_value=1))
def test_a_message_that_is_cut_off_is_the_end(
    content: dict[str, Any], payload: bytes, cut: int
) -> None:
    wire = Message(content, payload).encode()
    assert read(io.BytesIO(wire[: -min(cut, len(wire))])) is None


@given(st.recursive(st.floats(), st.lists))
def test_json_has_no_infinities(value: Any) -> None:
    json.loads(strict_json({"value": value}), parse_constant=refuse)
