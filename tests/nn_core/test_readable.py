"""What others read is as it was written, and nothing beside it."""

import pytest

from nn_core.readable import readable, without_unreadable


@pytest.mark.parametrize(
    "name",
    ["Ada 2", "Zoë", "Việt", "אבג 12", "مرحبا", "می\u200cخواهم", "ทำ", "👩\u200d👩", "<b>x</b>"],
)
def test_every_script_is_readable(name: str) -> None:
    assert readable(name) == name


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("\u202egnitset\u2067 \u202c123", "gnitset 123"),
        ("Z" + 79 * "\u0301", "Z" + 4 * "\u0301"),
        ("a\0b\x1b[31m\ud800", "ab[31m"),
        ("\u200d\u2060\ufeff", ""),
        ("", ""),
    ],
)
def test_what_can_t_be_seen_or_covers_others_is_refused(text: str, left: str) -> None:
    assert without_unreadable(text) == left
    with pytest.raises(ValueError, match="can't be seen"):
        readable(text)


def test_white_space_is_single_spaces() -> None:
    assert readable("\n a\u2028b\t c\u00a0") == "a b c"
