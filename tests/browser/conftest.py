"""A real Chromium for the tests of the page, and a page that tolerates no unexpected complaint."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.playground import HANG, Playground, Server

# Each page would come with others for the address bar's suggestions, which take longer than ours.
# This list replaces Playwright's, of which the others are.
LEFT_OUT = [
    "HttpsUpgrades",
    "MediaRouter",
    "PaintHolding",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
    "WebUIOmniboxPopup",
]
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-gpu",
    "--disable-software-rasterizer",
    "--process-per-site",  # a new page needs no new process
    f"--disable-features={','.join(LEFT_OUT)}",
]

expect.set_options(timeout=HANG)  # a slow machine is no failure


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, headless, for the whole session."""
    executable = shutil.which(os.environ.get("CHROME","chromium")) or shutil.which("chromium-browser")
    if executable is None:
        pytest.fail("the tests of the page need Chromium: apt-get install chromium", pytrace=False)
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=[*QUIET, *sandbox])
        yield browser
        browser.close()


@pytest.fixture
def expected_problems() -> list[str]:
    """Regular expressions: what a test expects the browser's console to complain about."""
    return []


@pytest.fixture
def screen() -> dict[str, object]:
    """What a test may override with ``parametrize``: options of the browser's context."""
    return {"viewport": {"width": 1440, "height": 900}}


@pytest.fixture(scope="session")
def contexts(browser: Browser, server: Server) -> Callable[[dict[str, object]], BrowserContext]:
    """Return one browser context for each kind of screen: the page keeps nothing in it."""
    made: dict[str, BrowserContext] = {}

    def context(screen: dict[str, object]) -> BrowserContext:
        key = repr(screen)
        if key not in made:
            made[key] = browser.new_context(**screen)  # type: ignore[arg-type]
            made[key].set_default_timeout(HANG)
            # As long as this page of our site is open, its process stays, for the others.
            made[key].new_page().goto(f"{server.url}/api/health")
        return made[key]

    return context


@pytest.fixture
def page(
    contexts: Callable[[dict[str, object]], BrowserContext],
    screen: dict[str, object],
    expected_problems: list[str],
) -> Iterator[Page]:
    """A page of its own for each test; it fails the test that makes the browser complain."""
    page = contexts(screen).new_page()
    problems: list[str] = []

    def complain(problem: str) -> None:
        if not any(re.search(pattern, problem) for pattern in expected_problems):
            problems.append(problem)

    page.on(
        "console",
        lambda message: (
            complain(f"console {message.type}: {message.text}")
            if message.type in ("error", "warning")
            else None
        ),
    )
    page.on("pageerror", lambda error: complain(f"uncaught: {error}"))
    page.on(
        "request",
        lambda request: (
            None if is_ours(request.url) else complain(f"a request to another host: {request.url}")
        ),
    )
    yield page
    page.close()
    assert problems == []


def is_ours(url: str) -> bool:
    """Tell whether a request stays on this machine."""
    parts = urlsplit(url)
    return parts.scheme in ("data", "blob") or parts.hostname == "127.0.0.1"


@pytest.fixture
def playground(page: Page, server: Server) -> Playground:
    """The page as a person uses it, on the session's server; not yet opened."""
    return Playground(page, server.url)
