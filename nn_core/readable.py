"""Text that one visitor writes and others read: it is seen as it stands, and nothing beside it."""

import unicodedata

INVISIBLE = frozenset("\u115f\u1160\u2800\u3164")  # letters, by Unicode, without ink
JOINERS = frozenset("\u200c\u200d")  # Persian and emoji need them
MOST_MARKS = 4  # on one letter: no script has more, and a pile of them covers the lines around it


def shown_letters(text: str) -> str:
    """Return a text without what can't be seen, turns letters around, or covers others."""
    kept, marks = [], 0
    for letter in text:
        marks = marks + 1 if unicodedata.category(letter) in ("Mn", "Me") else 0
        is_seen = letter.isprintable() and letter not in INVISIBLE
        if (is_seen or letter in JOINERS) and marks <= MOST_MARKS:
            kept.append(letter)
    return "".join(kept)


def without_unreadable(text: str) -> str:
    """Return the same with single spaces for all white space. What is left may be empty."""
    return shown_letters(" ".join(text.split())).strip("".join((" ", *JOINERS)))


def readable(text: str) -> str:
    """Return a text with single spaces. Raises ValueError if something in it can't be read."""
    tidy = " ".join(text.split())
    if not tidy or without_unreadable(tidy) != tidy:
        raise ValueError("some of its letters can't be seen: choose a plainer one")
    return tidy
