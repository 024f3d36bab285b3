"""One page for several tests: opened once, and brought back to how it was after each of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import BrowserContext, expect

from tests.browser.playground import Playground
from tests.browser.problems import Problems
from tests.servers import Server

Contexts = Callable[[dict[str, object]], BrowserContext]
DESKTOP: dict[str, object] = {"viewport": {"width": 1440, "height": 900}}


class SharedPage(Playground):
    """A page whose browser's complaints are looked at after each test."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        super().__init__(context.new_page(), url)
        self._expected: list[str] = []
        self._problems = Problems(self.page, self._expected)

    @contextmanager
    def of_a_test(self, expected: list[str]) -> Iterator[None]:
        """Fail a test if the browser has complained about more than is expected."""
        yield
        self._expected += expected
        self._problems.assert_none()

    def clear_pad(self) -> None:
        """Empty the pad, which may be empty already: the button is disabled then, or soon."""
        self.wait_for_frames()
        self.by("clear-pad").evaluate("button => button.click()")
        expect(self.by("clear-pad")).to_be_disabled()


@contextmanager
def shared_page(
    context: BrowserContext, server: Server, path: str = "/", *, charts: bool = False
) -> Iterator[SharedPage]:
    """Open a page of a server, for a ``with``."""
    playground = SharedPage(context, server.url)
    playground.open(path, charts=charts)
    yield playground
    playground.page.close()
