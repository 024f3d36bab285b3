"""What a page's browser complains about."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Frame, Page


class Problems:
    """What a page's browser complains about, but for what is expected."""

    def __init__(self, page: Page, expected: list[str]) -> None:
        self._expected = expected
        self._found: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._found.append(f"uncaught: {error}"))
        page.on("framenavigated", self._follow)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._found.append(f"console {message.type}: {message.text}")

    def _follow(self, frame: Frame) -> None:
        if not is_ours(frame.url):
            self._found.append(f"a way to another host: {frame.url}")

    def assert_none(self) -> None:
        """Fail if there is one."""
        assert [
            problem
            for problem in self._found
            if not any(re.search(pattern, problem) for pattern in self._expected)
        ] == []


def is_ours(url: str) -> bool:
    """Tell whether a page is from this machine; what fails to come from another is not."""
    parts = urlsplit(url)
    return parts.scheme in ("about", "data", "blob") or parts.hostname == "127.0.0.1"
