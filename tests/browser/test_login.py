"""The form that asks for a token, in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.playground import Playground
from tests.browser.test_accessibility import DESKTOP, PHONE, assert_accessible
from tests.server_process import Server

TOKEN = "open-sesame"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Return a server that asks for a token."""
    server = Server(None, {"NUDGE_SECRET": "for the tests alone", "NUDGE_ACCESS_TOKEN": TOKEN})
    yield server
    server.stop()


@pytest.mark.parametrize("expected_problems", [["401"]])
@pytest.mark.parametrize(
    "screen",
    [
        {"viewport": DESKTOP, "color_scheme": "light"},
        {"viewport": PHONE, "color_scheme": "dark"},
    ],
    ids=["desktop-light", "phone-dark"],
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
    expect(playground.by("weight-tile").first).to_be_visible()
    page.goto("about:blank")  # or what that page still loads would be refused
    page.context.clear_cookies()
