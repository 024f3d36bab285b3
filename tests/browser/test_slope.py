"""The cost along −∇C, and along one parameter that is nudged."""

import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect
from safetensors.numpy import load

from tests.browser.playground import SEVEN, Playground


def api(playground: Playground, path: str) -> Any:
    """Return the answer to a GET."""
    return playground.page.request.get(f"{playground.url}/api/runs/{path}").json()


def test_the_descent_of_a_network_that_stands_still(start_page: Playground) -> None:
    words = start_page.by("slope-words")
    best = api(start_page, "pretrained/descent")["best"]
    expect(words).to_contain_text(
        f"Over 1,000 digits, plain gradient descent is best near {best:.2}"
    )
    expect(start_page.page.locator("#nudge-curve")).to_have_attribute(
        "d", re.compile(r"^M[^L]*(L[^L]*){30,}$")
    )


def test_the_descent_follows_each_slow_step(playground: Playground) -> None:
    playground.open("/?steps_per_second=2&epochs=null")
    playground.train()
    words = playground.by("slope-words")
    expect(words).to_contain_text("32 digits, rate 1.00: cost")
    before = words.inner_text()
    expect(words).not_to_have_text(before)
    playground.by("pace").fill("61")
    expect(playground.page.locator("#slope-empty")).to_contain_text("20 steps a second or fewer")
    playground.pause()
    expect(words).to_contain_text("1,000 digits, rate 1.00: cost")


@pytest.mark.parametrize("run", ["pretrained", "pretrained-large"])
def test_a_nudge_is_tried_on_a_copy_of_any_network(playground: Playground, run: str) -> None:
    playground.open(f"/runs/{run}")
    playground.draw(SEVEN)
    expect(playground.by("prediction")).to_have_text("7")
    bias = api(playground, run)["parameters"] - 3  # of output 7
    playground.by("nudge-index").fill(str(bias))
    expect(playground.by("nudge-name")).to_have_text("Bias: output 7")
    amount = playground.by("nudge-amount")
    amount.fill("-900")
    expect(playground.by("prediction")).not_to_have_text("7")
    expect(playground.by("nudge-measured")).to_have_text(re.compile(r"^\+\d"))
    amount.fill("0")
    expect(playground.by("prediction")).to_have_text("7")
    expect(playground.by("nudge-apply")).to_be_disabled()
    expect(playground.by("nudge-message")).to_contain_text("Tried on a copy of your own")
    playground.by("slope-all").click()
    expect(playground.by("slope-words")).to_contain_text("is best near")


def test_one_gradient_of_one_batch_is_shown_everywhere(playground: Playground) -> None:
    playground.open()
    expect(playground.page.locator("#gradient-length")).to_contain_text("1,000 digits")
    row = playground.by("sensitive-choose").first
    asked = playground.page.request.get(f"{playground.url}/api/runs/pretrained/gradient")
    tensors = load(asked.body())
    parts = [tensors[f"gradient.{kind}.{i}"] for i in range(3) for kind in ("weights", "biases")]
    strongest = np.abs(np.concatenate([part.ravel() for part in parts])).argmax()
    expect(row).to_have_attribute("data-index", str(strongest))  # it is drawn a little later
    name, slope = row.locator("span").inner_text(), row.locator("b").inner_text()
    row.click()
    expect(playground.by("nudge-name")).to_have_text(name)
    expect(playground.by("slope-words")).to_contain_text(f"∂C/∂θ = {slope}")
    source, target = re.findall(r"layer \d #\d+|output \d", name)
    target = target[0].upper() + target[1:]
    playground.page.locator("#scene").get_by_label(target, exact=True).click()
    if name.startswith("Weight: layer"):
        cell = int(source.rpartition("#")[2]) - 1
        playground.page.locator("#scene").get_by_label(target, exact=True).press("Enter")
        for _ in range(cell):
            playground.page.keyboard.press("ArrowRight")
        expect(playground.page.locator("#inspector-figures")).to_contain_text(slope)


def test_the_reach_follows_the_hand(playground: Playground) -> None:
    playground.open()
    playground.by("nudge-index").fill("12999")
    slider = playground.by("nudge-slider")
    expect(slider).to_have_attribute("max", "1")
    playground.page.mouse.move(0, 0)
    box = slider.bounding_box()
    assert box is not None
    playground.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    playground.page.mouse.down()
    playground.page.mouse.move(box["x"] + box["width"] - 1, box["y"] + box["height"] / 2, steps=5)
    expect(playground.by("nudge-measured")).to_have_text(re.compile(r"^[+−]\d"))
    playground.page.mouse.up()
    expect(slider).to_have_attribute("max", "2")
    expect(playground.page.locator("#slope-to")).to_have_text("2.0")
