"""The form that asks for a token, in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.playground import Playground
from tests.browser.test_accessibility import DESKTOP, PHONE, assert_accessible
from tests.server_thread import serving
from tests.servers import Server

TOKEN = "open-sesame"


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a server that asks for a token."""
    with serving(tmp_path_factory.mktemp("closed"), access_token=TOKEN) as server:
        yield server


@pytest.fixture
def playground(closed: Server, page: Page) -> Playground:
    """The page on that server; not yet opened."""
    return Playground(page, closed.url)


@pytest.mark.parametrize("expected_problems", [["401"]])
@pytest.mark.parametrize(
    "screen",
    [{"viewport": DESKTOP}, {"viewport": PHONE}],
    ids=["desktop", "phone"],
)
def test_the_form_asks_again_and_then_leads_to_the_page(playground: Playground) -> None:
    page = playground.page
    page.context.clear_cookies()
    page.goto(f"{playground.url}/?hidden=8&epochs=3")
    token = playground.by("token")
    expect(token).to_be_focused()
    assert_accessible(page, "the form")
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("This token is wrong.")
    assert_accessible(page, "the form, again")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    token.fill(TOKEN)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/?hidden=8&epochs=3")
    expect(playground.by("weight-tile").first).to_be_attached()
    page.goto("about:blank")  # or what that page still loads would be refused
    page.context.clear_cookies()
