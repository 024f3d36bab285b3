import asyncio
import io
from typing import Any, get_args

from hypothesis import given
from hypothesis import strategies as st

from app.runs.engines.processes import read_stream
from app.runs.messages import Command, Message, Report, read
from tests.event_loop import run_in_loop

JSON = st.recursive(
    st.none() | st.integers() | st.text() | st.floats(allow_nan=False, allow_infinity=False),
    lambda values: st.lists(values) | st.dictionaries(st.text(), values),
    max_leaves=10,
)


@st.composite
def messages(draw: st.DrawFn) -> Message:
    """A command or a report of any kind, with any content."""
    kind: Any = draw(st.sampled_from([*get_args(Command), *get_args(Report)]))
    body = kind(*(draw(JSON) for _ in kind._fields))
    return Message(body, draw(st.binary()), draw(st.none() | st.integers(0)))


@given(st.lists(messages(), max_size=10))
def test_what_is_written_is_read(sent: list[Message]) -> None:
    wire = b"".join(message.encode() for message in sent)

    file = io.BytesIO(wire)
    received = [read(file) for _ in sent]
    assert received == sent
    kinds = [type(message.body) for message in received if message]
    assert kinds == [type(message.body) for message in sent]  # alike tuples are equal
    assert read(file) is None

    async def read_all() -> list[Message | None]:
        stream = asyncio.StreamReader()
        stream.feed_data(wire)
        stream.feed_eof()
        return [await read_stream(stream) for _ in range(len(sent) + 1)]

    assert run_in_loop(read_all()) == [*sent, None]


@given(messages(), st.integers(min_value=1))
def test_a_message_that_is_cut_off_is_the_end(message: Message, cut: int) -> None:
    wire = message.encode()
    assert read(io.BytesIO(wire[: -min(cut, len(wire))])) is None
