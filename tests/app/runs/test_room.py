import asyncio
import weakref
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import wraps
from unittest.mock import patch

import numpy as np

from app.runs.frame import Frame
from app.runs.room import ASKED_SECONDS, Room, StoredEvent, Viewer
from app.runs.tally import Tally
from nn_core import checkpoints
from nn_core.network import Network
from tests.clock import Clock
from tests.event_loop import run_in_loop

Sent = list[str | bytes]


def frame(step: int) -> Frame:
    network = Network([4, 3])
    network.initialize("xavier", np.random.default_rng(step))
    return Frame(checkpoints.save_frame(network, network.parameters, 0, step))


def a_room(history: list[StoredEvent] | None = None, remembered: int = 10, end: int = 0) -> Room:
    async def older(first: int) -> list[StoredEvent]:
        return (history or [])[first:][:3]

    return Room(lambda: None, older, remembered, Tally(), end)


def in_a_loop(test: Callable[[], Awaitable[None]]) -> Callable[[], None]:
    @wraps(test)
    def run() -> None:
        async def whole() -> None:
            await test()

        run_in_loop(whole())

    return run


@asynccontextmanager
async def watching(room: Room, count: int) -> AsyncIterator[tuple[list[Viewer], list[Sent]]]:
    """Let so many viewers watch without frames; yield them and what each was sent."""
    viewers: list[Viewer] = []
    sent: list[Sent] = [[] for _ in range(count)]
    for mine in sent:

        async def send(*messages: str | bytes, mine: Sent = mine) -> None:
            mine.extend(messages)

        viewers.append(Viewer(room, send))
        viewers[-1].frames_per_second = 0
    serving = [asyncio.create_task(viewer.serve("hello")) for viewer in viewers]
    await everybody()
    yield viewers, sent
    room.close("goodbye")
    await asyncio.gather(*serving)


async def everybody() -> None:
    """Let all waiting tasks run."""
    for _ in range(5):
        await asyncio.sleep(0)


@in_a_loop
async def test_all_are_sent_the_same_objects() -> None:
    room = a_room()
    async with watching(room, 3) as (viewers, sent):
        for viewer in viewers:
            viewer.watch(30, "weights")
        room.set_frame(frame(1))
        room.add(StoredEvent(0, "epoch 1", 1))
        await everybody()
    assert [len(messages) for messages in sent] == [4, 4, 4]  # hello, frame, epoch, goodbye
    for messages in zip(*sent, strict=True):
        assert all(message is messages[0] for message in messages)


@in_a_loop
async def test_a_viewer_who_stays_does_not_hold_on_to_the_hello() -> None:
    class Hello(str):
        """A string that can tell when it is gone."""

        __slots__ = ("__weakref__",)

    async def send(*messages: str | bytes) -> None:
        """Keep nothing."""

    hellos = [Hello("hello")]
    hello = weakref.ref(hellos[0])
    room = a_room()
    serving = asyncio.create_task(Viewer(room, send).serve(hellos.pop()))
    await everybody()
    assert room.viewers
    assert hello() is None
    room.close("goodbye")
    await serving


@in_a_loop
async def test_the_most_demanding_gets_each_frame_as_it_comes() -> None:
    room = a_room()
    async with watching(room, 2) as (viewers, sent):
        often, seldom = viewers
        often.watch(0.02, "all")
        seldom.watch(0.01, "all")
        frames = [frame(step) for step in range(5)]
        for each in frames:
            room.set_frame(each)
            await everybody()
        assert sent[0][1:] == [each.everything for each in frames]
        assert sent[1][1:] == [frames[0].everything, frames[1].everything]  # then in 100 s


@patch("app.runs.room.PROGRESS_PER_SECOND", 1)  # however slow the machine is
@in_a_loop
async def test_in_a_large_room_progress_goes_with_what_comes_next() -> None:
    room = a_room()
    async with watching(room, 200) as (_, sent):
        for step in range(3):
            room.set_progress({"type": "progress", "step": step})
            await everybody()
        room.set_frame(frame(3))
        await everybody()
        told = ["hello", '{"type":"progress","step":0}', '{"type":"progress","step":2}']
        assert sent == [told] * 200


@in_a_loop
async def test_a_viewer_that_is_far_behind_gets_every_line_once_and_in_order() -> None:
    lines = [StoredEvent(number, f"line {number}", number + 1) for number in range(50)]
    room = a_room(lines, remembered=2, end=10)
    async with watching(room, 1) as (_, sent):
        for line in lines[10:]:  # more than the room remembers, before anybody has a turn
            room.add(line)
        await everybody()
        while len(sent[0]) < 41:
            await everybody()
        assert sent[0] == ["hello", *(line.text for line in lines[10:])]


@in_a_loop
async def test_an_announcement_is_told_whatever_comes_with_it_and_not_to_who_comes_later() -> None:
    room = a_room()
    async with watching(room, 2) as (_, sent):
        room.set_progress({"type": "progress", "step": 1})
        await everybody()
        room.announce({"type": "status", "status": "interrupted"})
        room.set_progress({"type": "progress", "step": 2})
        room.add(StoredEvent(0, "epoch 1", 1))
        await everybody()
        for messages in sent:
            assert '{"type":"status","status":"interrupted"}' in messages
            assert "epoch 1" in messages
        async with watching(room, 1) as (_, later):
            assert later == [["hello"]]


async def what_is_due() -> None:
    """Let the loop find the timers whose time has come, and call them."""
    for _ in range(3):
        await asyncio.sleep(0)


@in_a_loop
async def test_frames_are_made_as_long_as_they_are_asked_for() -> None:
    room = a_room()
    clock = Clock()
    with patch.object(asyncio.get_running_loop(), "time", clock):
        room.ask_for_frame()
        assert room.frames_per_second() > 0
        clock.forward(0.75 * ASKED_SECONDS)
        room.ask_for_frame()
        clock.forward(0.5 * ASKED_SECONDS)
        await what_is_due()
        assert room.frames_per_second() > 0
        clock.forward(ASKED_SECONDS)
        await what_is_due()
        assert room.frames_per_second() == 0
        room.ask_for_frame()
        assert room.frames_per_second() > 0
