"""Why, in Look inside: attributions that add up, a flip that is really read so, and wants."""

import re

from playwright.sync_api import expect

from tests.browser.inside import look_inside
from tests.browser.playground import Playground
from tests.browser.test_accessibility import assert_accessible


def test_why_it_reads_what_it_reads(playground: Playground) -> None:
    inside = look_inside(playground)
    page = playground.page
    with page.expect_response("**/explain?*") as answered:
        inside.by("tab-why").click()
    explained = answered.value.json()
    assert explained["digit"] == 7
    expect(playground.by("why-sum")).to_have_text(re.compile(r"^-?−?\d"))
    sums = [float(playground.by(f"why-{name}").inner_text()) for name in ("sum", "difference")]
    assert abs(sums[0] - sums[1]) <= max(0.01 * abs(sums[1]), 1e-3)
    expect(inside.by("said")).to_be_hidden()

    with page.expect_response("**/explain?*digit=2*") as answered:  # with the keyboard
        playground.by("why-digit").focus()
        page.keyboard.press("2")
        page.keyboard.press("Tab")
    assert answered.value.json()["digit"] == 2
    with page.expect_response("**/explain?*baseline=mean*") as answered:
        playground.by("why-baseline").select_option("mean")
    assert max(answered.value.json()["baseline"]) > 0.2

    playground.by("why-to").select_option("3")
    playground.by("why-find").click()
    expect(playground.by("why-flip-words")).to_contain_text("the network reads a 3")
    playground.by("why-use").click()
    expect(inside.by("reads")).to_contain_text("The network reads a 3")  # as the walk does

    expect(playground.by("why-noise-excites")).not_to_be_empty()
    with page.expect_response("**/wants?layer=0&neuron=15*") as answered:
        playground.by("why-layer").select_option("0")
        playground.by("why-neuron").fill("99")  # there are sixteen
        playground.by("why-neuron").press("Enter")
    expect(playground.by("why-neuron")).to_have_value("16")
    wants = answered.value.json()
    assert wants["excitement"] > wants["example_excitement"]

    playground.by("why-keep").click()
    inside.by("next-digit").click()
    way = playground.by("why-way")
    way.focus()
    page.keyboard.press("Home")
    expect(playground.by("why-between-words")).to_have_text(re.compile("^0% of the way: a 3"))
    expect(page.locator("#why-curves path")).to_have_count(10)

    for width, height in ((390, 844), (1024, 768), (1440, 900)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.getElementById('inside').scrollWidth") <= width
        assert_accessible(page, f"why, {width}", "#inside")

    inside.by("tab-steps").click()
    expect(inside.by("said")).to_be_visible()
    page.keyboard.press("Escape")
    expect(playground.by("inside")).to_be_hidden()
    expect(playground.by("prediction")).not_to_be_empty()
