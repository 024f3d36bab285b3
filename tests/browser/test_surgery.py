"""Surgery, in Look inside: a lens, a fork that trains without neurons, and one parameter set."""

import re

import httpx
import numpy as np
from playwright.sync_api import expect

from nn_core import checkpoints
from tests.browser.inside import look_inside
from tests.browser.playground import Playground
from tests.browser.test_accessibility import assert_accessible


def theta_of(playground: Playground, run: str) -> np.ndarray:
    file = httpx.get(f"{playground.url}/api/runs/{run}/checkpoint").content
    return checkpoints.load(file).network.parameters.theta


def test_neurons_are_silenced_and_trained_without(playground: Playground) -> None:
    inside = look_inside(playground)
    page = playground.page
    inside.by("tab-surgery").click()
    expect(playground.by("surgery-reading")).to_contain_text("The network reads a 7")
    expect(playground.by("surgery-rows").locator("tr")).to_have_count(10)
    whole = playground.by("surgery-digits").locator("tr").last.inner_text().split()
    assert whole[1] == whole[2]
    theta = theta_of(playground, "pretrained")
    for neuron in ("0-12", "0-15", "1-5"):
        button = playground.by(f"surgery-neuron-{neuron}")
        button.focus()
        page.keyboard.press("Enter" if neuron == "0-12" else " ")
        expect(button).to_have_attribute("aria-pressed", "true")
    expect(playground.by("surgery-reading")).to_contain_text("Without them")
    expect(playground.by("surgery-neuron-1-5")).to_contain_text("silent")
    expect(playground.by("surgery-digits").locator("tr.worse").last).to_contain_text("all")
    assert "only the difference" in playground.by("surgery-about").inner_text()
    assert np.array_equal(theta_of(playground, "pretrained"), theta)
    for width, height in ((390, 844), (1024, 768), (1440, 900)):
        page.set_viewport_size({"width": width, "height": height})
        for part in ("inside", "inside-surgery"):
            assert page.evaluate(f"document.getElementById('{part}').scrollWidth") <= width
        assert_accessible(page, f"surgery, {width}", "#inside")

    playground.by("surgery-none").click()
    expect(playground.by("surgery-fork")).to_be_disabled()
    playground.by("surgery-neuron-1-2").click()
    playground.by("surgery-fork").click()
    page.wait_for_url(re.compile(r"/runs/[0-9a-f]{32}$"))
    run = page.url.rsplit("/", 1)[1]
    described = httpx.get(f"{playground.url}/api/runs/{run}").json()
    assert described["spec"]["silence"] == ["1:2"]
    assert described["name"] == "pretrained without 1:2"
    playground.open_more()
    playground.by("as-code").click()
    expect(page.locator("#code-of")).to_contain_text("makes another network")
    expect(page.locator("#code-words-nn_core")).to_be_hidden()


def test_parameters_are_changed_by_hand_and_put_back(playground: Playground) -> None:
    playground.open("/?steps_per_second=0.01&hidden=4")
    playground.by("step").click()
    page = playground.page
    page.wait_for_url(re.compile(r"/runs/[0-9a-f]{32}"))
    expect(page.locator("#step-count")).to_have_text("1")
    run = page.url.partition("?")[0].rsplit("/", 1)[1]
    before = theta_of(playground, run)

    playground.by("weight-tile").nth(1).click()
    field = playground.by("inspector-value")
    field.fill("much")
    field.press("Enter")
    expect(playground.by("inspector-typed")).to_contain_text("Type a number")
    field.fill("0,7")
    field.press("Enter")
    expect(playground.by("inspector-typed")).to_contain_text("is 0.700000")
    index = int(playground.by("nudge-index").input_value())
    assert theta_of(playground, run)[index] == np.float32(0.7)
    playground.by("nudge-amount").fill("0.5")
    playground.by("nudge-apply").click()
    expect(playground.by("nudge-message")).to_contain_text("Nudged by +0.500")
    assert theta_of(playground, run)[index] == np.float32(0.7) + np.float32(0.5)
    assert_accessible(page, "changed by hand")

    playground.by("look-inside").press("Enter")
    expect(playground.by("inside-said")).not_to_be_empty()
    playground.by("inside-tab-surgery").click()
    playground.by("surgery-index").fill("300")
    playground.by("surgery-value").fill("0.7")
    playground.by("surgery-set").click()
    expect(playground.by("surgery-said")).to_contain_text("Parameter 300 was")
    changed = theta_of(playground, run)
    assert changed[300] == np.float32(0.7)
    playground.by("surgery-undo").click()
    expect(playground.by("surgery-said")).to_contain_text("was 0.700000")
    page.keyboard.press("Escape")
    playground.by("nudge-undo").click()
    expect(field).to_have_value("+0.700")
    playground.by("inspector-undo").click()
    expect(playground.by("inspector-typed")).to_contain_text("was 0.700000")
    expect(playground.by("inspector-undo")).to_be_hidden()
    expect(playground.by("nudge-undo")).to_be_hidden()
    assert theta_of(playground, run).tobytes() == before.tobytes()
