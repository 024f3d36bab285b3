"""A real Chromium for the tests of the page, and a page that tolerates no unexpected complaint."""

import os
import shutil
from collections.abc import Iterator
from typing import cast

import pytest
from playwright.sync_api import (
    APIRequestContext,
    Browser,
    BrowserContext,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)

from tests.browser.inside import Inside, look_inside
from tests.browser.playground import HANG, Playground
from tests.browser.problems import Problems
from tests.browser.shared_page import DESKTOP, Contexts, SharedPage, shared_page
from tests.servers import Server

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
    "--renderer-process-limit=1",  # nor does a new tab, before it goes to the page
    # A request to another host fails, which the console tells; to hear of each takes more time.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    f"--disable-features={','.join(LEFT_OUT)}",
]

expect.set_options(timeout=HANG)  # a slow machine is no failure


# The shell is the same engine without a browser's windows, and takes a fifth less of the processor.
BROWSERS = ["chromium-headless-shell", "chromium", "chromium-browser"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, headless, for the whole session: the one that CHROME names, or the cheapest."""
    names = [os.environ["CHROME"]] if "CHROME" in os.environ else BROWSERS
    executable = next(filter(None, map(shutil.which, names)), None)
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
    return DESKTOP


@pytest.fixture(scope="session")
def contexts(browser: Browser, server: Server) -> Contexts:
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
    contexts: Contexts,
    screen: dict[str, object],
    expected_problems: list[str],
    server: Server,
) -> Iterator[Page]:
    """A page of its own for each test; it fails the test that makes the browser complain."""
    # A window of another size needs no context of its own, in which nothing would be cached yet.
    context = contexts(DESKTOP if screen.keys() == {"viewport"} else screen)
    page = context.new_page()
    page.set_viewport_size(cast("ViewportSize", screen["viewport"]))
    problems = Problems(page, expected_problems)
    yield page
    page.close()
    stop_runs(context.request, server)
    problems.assert_none()


def stop_runs(browser: APIRequestContext, server: Server) -> None:
    """Stop what trains on: it would take the processor from the tests that follow."""
    for run in browser.get(f"{server.url}/api/runs").json():
        if run["status"] in ("training", "queued"):
            browser.post(f"{server.url}/api/runs/{run['id']}/stop")


@pytest.fixture
def playground(page: Page, server: Server) -> Playground:
    """The page as a person uses it, on the session's server; not yet opened."""
    return Playground(page, server.url)


@pytest.fixture(scope="session")
def opened_start_page(contexts: Contexts, server: Server) -> tuple[Playground, Problems]:
    """The start page for ``start_page``, opened once."""
    page = contexts(DESKTOP).new_page()
    problems = Problems(page, [])
    playground = Playground(page, server.url)
    playground.open()
    page.wait_for_load_state("networkidle")  # all that it asks for at first is here, and shown
    playground.wait_for_frames()
    return playground, problems


@pytest.fixture
def start_page(opened_start_page: tuple[Playground, Problems]) -> Iterator[Playground]:
    """The start page on a desktop, opened already: for tests that only read.

    They press no key, move no pointer, change no setting of the page, and leave it as it was.
    """
    playground, problems = opened_start_page
    as_it_is = "[location.href, document.documentElement.outerHTML]"
    before = playground.page.evaluate(as_it_is)
    yield playground
    assert playground.page.evaluate(as_it_is) == before
    problems.assert_none()


@pytest.fixture(scope="module")
def opened(contexts: Contexts, server: Server) -> Iterator[SharedPage]:
    """The start page on a desktop for a module's tests, which put back what they change."""
    with shared_page(contexts(DESKTOP), server) as playground:
        yield playground


@pytest.fixture(scope="module")
def opened_inside(contexts: Contexts, server: Server) -> Iterator[tuple[Inside, Problems]]:
    """Look inside for ``inside``, opened once."""
    page = contexts(DESKTOP).new_page()
    problems = Problems(page, [])
    yield look_inside(Playground(page, server.url)), problems
    page.close()


@pytest.fixture
def inside(opened_inside: tuple[Inside, Problems]) -> Iterator[Inside]:
    """Look inside with a drawn seven, opened already, at its first step.

    A test chooses what it wants; which neuron and parameter are chosen at first is left open.
    """
    inside, problems = opened_inside
    inside.by("panel-line").click()
    inside.page.keyboard.press("Home")
    yield inside
    problems.assert_none()
