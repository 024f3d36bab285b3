"""The page on a phone: three tabs, and the buttons that train always in reach."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.playground import SEVEN, Playground
from tests.browser.shared_page import Contexts, SharedPage, shared_page
from tests.servers import Server

PHONE: dict[str, object] = {"viewport": {"width": 390, "height": 844}}


@pytest.fixture(scope="module")
def opened(contexts: Contexts, server: Server) -> Iterator[SharedPage]:
    """The start page on a phone, opened once."""
    with shared_page(contexts(PHONE), server) as playground:
        yield playground


@pytest.fixture
def phone(opened: SharedPage) -> Iterator[Playground]:
    """The start page on a phone, as it is at first: the pad's tab is open."""
    with opened.of_a_test([]):
        yield opened
        opened.page.keyboard.press("Escape")  # nothing is pinned
        opened.by("tab-draw").click()
        opened.page.evaluate("history.replaceState(null, '', '/')")


def test_each_tab_shows_its_part(phone: Playground) -> None:
    parts = {"draw": "draw-pad", "network": "weight-tile", "curves": "cost-chart"}
    for tab in ("network", "curves", "draw"):
        phone.by(f"tab-{tab}").click()
        for name, testid in parts.items():
            expect(phone.by(testid).first).to_be_visible(visible=name == tab)
        expect(phone.by("train")).to_be_in_viewport()
    expect(phone.by("tab-draw")).to_have_attribute("aria-pressed", "true")


def test_the_answer_is_beside_the_pad(phone: Playground) -> None:
    phone.draw(SEVEN)
    expect(phone.by("prediction")).to_have_text("7")
    pad, answer = (phone.by(name).bounding_box() for name in ("draw-pad", "prediction"))
    assert pad is not None
    assert answer is not None
    assert answer["x"] >= pad["x"] + pad["width"]
    assert pad["y"] <= answer["y"] < pad["y"] + pad["height"]


def test_train_stays_in_reach_at_the_end_of_the_page(phone: Playground) -> None:
    phone.by("tab-network").click()
    phone.page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(phone.by("train")).to_be_in_viewport()
    expect(phone.by("tab-curves")).to_be_in_viewport()


def test_what_is_put_on_the_pad_opens_the_pad(phone: Playground) -> None:
    phone.by("tab-curves").click()
    phone.by("tab-curves").evaluate("() => { location.hash = '#drawings'; }")
    expect(phone.by("draw-pad")).to_be_visible()


def test_the_inspector_covers_no_neuron_that_it_explains(phone: Playground) -> None:
    phone.by("tab-network").click()
    tile = phone.by("weight-tile").nth(9)
    tile.click()
    dock = phone.page.locator("#dock")
    expect(phone.by("inspector")).to_contain_text("Layer 1 #10")
    phone.wait_for_frames()
    over, under = dock.bounding_box(), tile.bounding_box()
    assert over is not None
    assert under is not None
    assert under["y"] + under["height"] <= over["y"]
