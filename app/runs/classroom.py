"""The classroom: who is in the lesson, what the teacher has sent to all, and what they guessed.

All of it is in memory only: it is gone when the server ends, when the teacher ends the lesson, and
for each pupil some hours after they came. Pupils are known by the ids in their cookies, which never
leave the server; on the wall each has a number and the nickname that they chose.
"""

import asyncio
import re
import secrets
import unicodedata
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from app.runs.hold import Hold
from app.strict_json import strict_json
from nn_core.readable import readable

LESSON = "the lesson"  # takes the place of an address for those who came by the code
LETTERS = "abcdefghjkmnpqrstuvwxyz"  # without those that are mistaken for others
CODE_LENGTH = 5
FAREWELL = "The lesson is over. What you have trained stays here."
FAREWELL_SECONDS = 600.0  # in which those who were in a lesson are told that it has ended
OURS = re.compile("teacher|visitor [0-9]+")  # what the wall calls those without a nickname


class WrongCodeError(Exception):
    """The lesson's code is another one."""


class NameInUseError(Exception):
    """Another pupil has this nickname."""


class LessonFullError(Exception):
    """As many pupils are in the lesson as may be."""


@dataclass
class Pupil:
    """Somebody who came to the lesson."""

    nickname: str
    since: float  # in the server's Age
    task: int | None = None  # the one of the sheet's that they are at
    guesses: dict[int, int] = field(default_factory=dict)  # by task


@dataclass(frozen=True)
class Sent:
    """What the teacher sends to all: words, and perhaps a link of this server's."""

    number: int
    text: str
    link: str | None


def in_usual_letters(nickname: str) -> str:
    """Return a nickname in its usual letters. Raises ValueError if some of it can't be seen."""
    return readable(unicodedata.normalize("NFKC", nickname))


class Classroom:
    """The lesson that goes on; one for the whole server."""

    def __init__(
        self, hold: Hold, hours: float, most_pupils: int, clock: Callable[[], float]
    ) -> None:
        self.hold = hold
        self.code = new_code()
        self.sent: Sent | None = None
        self.cleared: set[str] = set()  # ended runs that the teacher no longer wants to see
        self._pupils: dict[str, Pupil] = {}
        self._numbers: dict[str, int] = {}
        self._sendings = 0
        self._farewell_to: set[str] = set()
        self._farewell_until = 0.0
        self._seconds = hours * 3600
        self._most_pupils = most_pupils
        self._clock = clock
        self._changed = asyncio.Event()

    def join(self, visitor: str, code: str, nickname: str) -> Pupil:
        """Take in a visitor, or give them another name.

        Raises WrongCodeError, NameInUseError, LessonFullError.
        """
        if not secrets.compare_digest(code.strip().lower().encode(), self.code.encode()):
            raise WrongCodeError("this is not the lesson's code: ask your teacher")
        pupils = self.pupils()
        taken = {each.nickname.casefold() for owner, each in pupils.items() if owner != visitor}
        if nickname.casefold() in taken or OURS.fullmatch(nickname.casefold()):
            raise NameInUseError(f"somebody else has this name: choose another, as {nickname} 2")
        known = pupils.get(visitor)
        if known:
            known.nickname = nickname
        elif len(pupils) >= self._most_pupils:
            raise LessonFullError(
                f"{len(pupils)} pupils are in the lesson, which is all that it may have: tell your "
                "teacher"
            )
        else:
            known = self._pupils[visitor] = Pupil(nickname, self._clock())
        return known

    def pupils(self) -> dict[str, Pupil]:
        """Return those who are here, by visitor; whoever came too long ago is forgotten."""
        latest = self._clock() - self._seconds
        self._pupils = {who: each for who, each in self._pupils.items() if each.since > latest}
        return self._pupils

    def leave(self, visitor: str) -> None:
        """Forget a pupil."""
        self._pupils.pop(visitor, None)

    def end(self) -> None:
        """End the lesson: forget all pupils, and tell them; the next has another code."""
        self._farewell_to = set(self.pupils())
        self._farewell_until = self._clock() + FAREWELL_SECONDS
        self._pupils.clear()
        self.code = new_code()
        self.send("", None)

    def number(self, visitor: str) -> int:
        """Return a visitor's number: those come in the order in which they were first seen."""
        return self._numbers.setdefault(visitor, len(self._numbers) + 1)

    def label(self, visitor: str) -> str:
        """Return what a visitor is called on the wall."""
        if pupil := self.pupils().get(visitor):
            return pupil.nickname
        return "Teacher" if visitor in self.hold.teachers else f"Visitor {self.number(visitor)}"

    def guesses(self) -> dict[str, dict[str, int]]:
        """Return for each task how many guessed what."""
        counts: dict[str, dict[str, int]] = {}
        for pupil in self.pupils().values():
            for task, guess in pupil.guesses.items():
                of_task = counts.setdefault(str(task), {})
                of_task[str(guess)] = of_task.get(str(guess), 0) + 1
        return counts

    def send(self, text: str, link: str | None) -> None:
        """Send words and a link to all; neither takes back what was sent."""
        self._sendings += 1
        self.sent = Sent(self._sendings, text, link) if text or link else None
        self.changed()

    def hold_all(self, reason: str | None) -> None:
        """Let no run begin to train from here on but the teachers', and tell why; None: lift it."""
        self.hold.reason = reason
        self.changed()

    def changed(self) -> None:
        """Tell everybody what is different now."""
        self._changed.set()
        self._changed = asyncio.Event()

    def describe(self, visitor: str) -> dict[str, Any]:
        """Return what a visitor is told of the lesson."""
        sent = self.sent
        was_here = visitor in self._farewell_to and visitor not in self._pupils
        if sent is None and was_here and self._clock() < self._farewell_until:
            sent = Sent(self._sendings, FAREWELL, None)
        return {"held": self.hold.words_for(visitor), "sent": vars(sent) if sent else None}

    async def follow(
        self, visitor: str, send_text: Callable[[str], Awaitable[None]], *, told: bool
    ) -> None:
        """Tell a viewer what the teacher does, whenever that changes; the latest only.

        One who was ``told`` of something before hears at once how it is now, whatever it is.
        """
        told_last = None if told else {"held": None, "sent": None}
        while True:
            changed = self._changed
            now = self.describe(visitor)
            if now == told_last:
                await changed.wait()
            else:
                told_last = now
                await send_text(strict_json({"type": "class", **now}))


def new_code() -> str:
    """Return a short code that can be read out."""
    return "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
