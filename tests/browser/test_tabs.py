"""The page on a phone: three tabs, and the buttons that train always in reach."""

import pytest
from playwright.sync_api import expect

from tests.browser.playground import SEVEN, Playground

PHONE = {"viewport": {"width": 390, "height": 844}}

pytestmark = pytest.mark.parametrize("screen", [PHONE])


def test_each_tab_shows_its_part(playground: Playground) -> None:
    playground.open()
    parts = {"draw": "draw-pad", "network": "weight-tile", "curves": "cost-chart"}
    for tab in ("network", "curves", "draw"):
        playground.by(f"tab-{tab}").click()
        for name, testid in parts.items():
            expect(playground.by(testid).first).to_be_visible(visible=name == tab)
        expect(playground.by("train")).to_be_in_viewport()
    expect(playground.by("tab-draw")).to_have_attribute("aria-pressed", "true")


def test_the_answer_is_beside_the_pad(playground: Playground) -> None:
    playground.open()
    playground.draw(SEVEN)
    expect(playground.by("prediction")).to_have_text("7")
    pad, answer = (playground.by(name).bounding_box() for name in ("draw-pad", "prediction"))
    assert pad is not None
    assert answer is not None
    assert answer["x"] >= pad["x"] + pad["width"]
    assert pad["y"] <= answer["y"] < pad["y"] + pad["height"]


def test_train_stays_in_reach_at_the_end_of_the_page(playground: Playground) -> None:
    playground.open()
    playground.by("tab-network").click()
    playground.page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(playground.by("train")).to_be_in_viewport()
    expect(playground.by("tab-curves")).to_be_in_viewport()


def test_what_is_put_on_the_pad_opens_the_pad(playground: Playground) -> None:
    playground.open()
    playground.by("tab-curves").click()
    playground.by("tab-curves").evaluate("() => { location.hash = '#drawings'; }")
    expect(playground.by("draw-pad")).to_be_visible()


def test_the_inspector_covers_no_neuron_that_it_explains(playground: Playground) -> None:
    playground.open()
    playground.by("tab-network").click()
    tile = playground.by("weight-tile").nth(9)
    tile.click()
    dock = playground.page.locator("#dock")
    expect(playground.by("inspector")).to_contain_text("Layer 1 #10")
    playground.wait_for_frames()
    over, under = dock.bounding_box(), tile.bounding_box()
    assert over is not None
    assert under is not None
    assert under["y"] + under["height"] <= over["y"]
