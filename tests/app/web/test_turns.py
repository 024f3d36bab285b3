"""Fair queues: visitors take turns, however much one asks for; who has left waits no more."""

import asyncio
from typing import Any

from fastapi import HTTPException, Request

from app.settings import Settings
from app.web.heavy_work import Turns
from tests.event_loop import run_in_loop

MOST = 30
SETTINGS = Settings(max_waiting_per_visitor=MOST)


class Caller:
    """Somebody who asks, and may leave."""

    def __init__(self, visitor: str, address: str = "127.0.0.1") -> None:
        self.visitor, self.address = visitor, address
        self._left = asyncio.Event()

    def leave(self) -> None:
        """Close the connection."""
        self._left.set()

    @property
    def request(self) -> Request:
        """A request of theirs."""

        async def receive() -> dict[str, Any]:
            await self._left.wait()
            return {"type": "http.disconnect"}

        state = {"visitor": self.visitor, "known": True}
        return Request({"type": "http", "client": (self.address, 1), "state": state}, receive)


def served(many: list[Caller], other: Caller) -> list[str]:
    """Let many ask, and then another twice; return who was served, in this order."""

    async def ask() -> list[str]:
        turns, done = Turns(SETTINGS), list[str]()

        async def work(caller: Caller) -> None:
            async with turns.of(caller.request):
                await asyncio.sleep(0)
                done.append(caller.visitor)

        tasks = [asyncio.create_task(work(caller)) for caller in many]
        await asyncio.sleep(0)
        tasks += [asyncio.create_task(work(other)) for _ in range(2)]
        await asyncio.gather(*tasks)
        return done

    return run_in_loop(ask())


def test_one_who_asks_for_much_delays_another_by_one() -> None:
    done = served([Caller("greedy")] * 20, Caller("other"))
    assert len(done) == 22
    assert "other" in done[:4]
    assert done[:8].count("other") == 2


def test_many_visitors_at_one_address_delay_another_address_by_one() -> None:
    crowd = [Caller(f"new {number}", "203.0.113.9") for number in range(20)]
    done = served(crowd, Caller("other", "198.51.100.7"))
    assert done[:8].count("other") == 2


def test_what_nobody_waits_for_is_not_done() -> None:
    async def ask() -> tuple[int, list[int]]:
        turns, codes, done = Turns(SETTINGS), list[int](), list[str]()

        async def work(caller: Caller) -> None:
            try:
                async with turns.of(caller.request):
                    await asyncio.sleep(0.01)
                    done.append(caller.visitor)
            except HTTPException as error:
                codes.append(error.status_code)

        leaving, staying = Caller("leaving"), Caller("staying")
        tasks = [asyncio.create_task(work(staying))]
        await asyncio.sleep(0)
        tasks += [asyncio.create_task(work(leaving)) for _ in range(MOST + 1)]
        await asyncio.sleep(0)
        leaving.leave()
        tasks.append(asyncio.create_task(work(staying)))
        await asyncio.gather(*tasks)
        return len(done), codes

    done, codes = run_in_loop(ask())
    assert done == 2
    assert sorted(codes) == [429] + [499] * MOST


def test_a_turn_that_is_given_up_goes_to_the_next() -> None:
    async def ask() -> bool:
        turns = Turns(SETTINGS)

        async def work(seconds: float) -> bool:
            async with turns.of(Caller("one").request):
                await asyncio.sleep(seconds)
                return True

        tasks = [asyncio.create_task(work(seconds)) for seconds in (60, 60, 0)]
        await asyncio.sleep(0)
        tasks[1].cancel()  # while it waits
        tasks[0].cancel()  # while it works
        return await tasks[2]

    assert run_in_loop(ask())
