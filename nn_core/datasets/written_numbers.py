"""Numbers as people and programs write them: 7, 7.0, 7,0 and 7.000000000000000000e+00 are one."""

import math
import re

NUMBER = re.compile(r"[+-]?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][+-]?\d+)?", re.ASCII)
DIGITS = re.compile(r"[+-]?\d{1,20}", re.ASCII)
LONGEST_SHOWN = 200  # characters


def read_number(text: str) -> float | int | None:
    """Return the number that a text is, an ``int`` where it is whole; None if it is none.

    A comma is a decimal sign: what separates the fields of a file is no part of them.
    """
    text = text.strip()
    if DIGITS.fullmatch(text):
        return int(text)
    if not NUMBER.fullmatch(text):
        return None
    number = float(text.replace(",", "."))
    if not math.isfinite(number):
        return None
    return int(number) if number.is_integer() else number


def shown(text: str) -> str:
    """Return a text in quotes, whole, unless it is so long that nobody would read it."""
    if len(text) <= LONGEST_SHOWN:
        return repr(text)
    return f"{text[:LONGEST_SHOWN]!r}… ({len(text):,} characters)"
