"""The start page is full from the first moment, with no data set on the server."""

import re
from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import expect
from safetensors.numpy import load

from tests.browser.playground import Playground
from tests.browser.shared_page import DESKTOP, Contexts, SharedPage, shared_page
from tests.servers import Server


@pytest.fixture(scope="module")
def opened(contexts: Contexts, server: Server) -> Iterator[SharedPage]:
    """The start page with its charts, opened once."""
    with shared_page(contexts(DESKTOP), server, charts=True) as playground:
        yield playground


@pytest.fixture
def start(opened: SharedPage) -> Iterator[Playground]:
    """That page; a test that looks back is live again at its end."""
    with opened.of_a_test([]):
        yield opened
        opened.page.evaluate("scrollTo(0, 0)")


def test_the_charts_have_curves(start: Playground) -> None:
    for chart, lines in (("cost-chart", 2), ("accuracy-chart", 2), ("gradient-chart", 3)):
        expect(start.by(chart).locator("path.js-line")).to_have_count(lines)
        expect(start.by(chart).locator(".plot-empty")).to_be_hidden()
        expect(start.by(chart)).to_have_attribute("aria-label", re.compile("Epoch 40: "))
    start.page.get_by_text("The figures as a table").click()
    expect(start.page.locator("#figures-body tr")).to_have_count(40)


def test_the_gradient_is_painted(start_page: Playground) -> None:
    expect(start_page.page.locator("#gradient-empty")).to_have_text("")
    expect(start_page.page.locator("#gradient-length")).to_contain_text("1,000 digits")
    length = start_page.page.locator("#gradient-length").inner_text()
    asked = start_page.page.request.get(f"{start_page.url}/api/runs/pretrained/gradient")
    elements = np.concatenate([part.ravel() for part in load(asked.body()).values()])
    assert length.startswith(f"‖∇C‖ = {np.linalg.norm(elements):#.3g},")
    colours = start_page.by("gradient-cells").evaluate(
        """canvas => {
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          return new Set(new Uint32Array(data.buffer)).size;
        }"""
    )
    assert colours > 100


def test_the_slider_goes_back_to_the_first_epoch(start: Playground) -> None:
    slider, words = start.by("timeline"), start.by("timeline-words")
    expect(start.page.locator("#timeline-stops option")).to_have_count(8)
    expect(words).to_have_text("live: epoch 40")
    box = start.page.locator("#timeline-panel").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 900  # of the first screen
    now = start.first_tile()
    slider.press("Home")
    expect(words).to_have_text("untrained (epoch 0), looking back")
    slider.press("ArrowRight")
    expect(words).to_have_text("epoch 1 of 40, looking back")
    start.wait_for_another_tile(now)
    expect(start.by("cost-chart")).to_have_attribute("aria-label", re.compile("Epoch 1: "))
    expect(start.by("cost-chart").locator(".chart-line.past")).to_be_visible()
    start.by("live").click()
    expect(words).to_have_text("live: epoch 40")


def test_the_mistakes_are_there(start: Playground) -> None:
    start.page.locator("#mistakes").scroll_into_view_if_needed()
    score = start.by("mistakes-score")
    expect(score).to_have_text(
        re.compile(r"^9,\d{3} of 10,000 test digits read right after step 62,520\.$")
    )
    counts = start.by("confusion").locator("td").all_inner_texts()
    assert len(counts) == 100
    assert sum(int(count.replace(",", "") or 0) for count in counts) == 10_000
    digits = start.by("wrong-digits").get_by_role("button")
    expect(digits).to_have_count(2 * 48)  # each can be put on the pad, or looked at inside
    digits.first.click()
    expect(start.by("draw-pad")).to_be_in_viewport()
    expect(start.by("prediction")).not_to_have_text("")


def test_the_mistakes_of_its_past_need_the_test_digits(start: Playground) -> None:
    asked: list[str] = []
    start.page.on("request", lambda r: asked.append(r.url) if "/mistakes" in r.url else None)
    expect(start.by("timeline")).to_be_enabled()
    start.by("timeline").press("Home")
    expect(start.by("timeline-words")).to_contain_text("looking back")
    start.page.locator("#mistakes").scroll_into_view_if_needed()
    score = start.by("mistakes-score")
    expect(score).to_contain_text("mnist is not here yet: download it first. Or press Live.")
    assert [url for url in asked if "/api/" in url] == []
    start.by("live").click()
    start.page.locator("#mistakes").scroll_into_view_if_needed()
    expect(score).to_contain_text("of 10,000 test digits")


def test_the_large_one_is_full_too(playground: Playground) -> None:
    playground.open("/runs/pretrained-large")
    label = re.compile(r"Epoch 25: training \d+\.\d%, test 99\.\d%")
    expect(playground.by("accuracy-chart")).to_have_attribute("aria-label", label)
    expect(playground.by("timeline-words")).to_have_text("live: epoch 25")
    expect(playground.by("timeline")).to_be_disabled()
    expect(playground.page.locator("#gradient-empty")).to_have_text("")
    assert any("gradient.weights.0" in load(frame) for frame in playground.frames)
    playground.page.locator("#mistakes").scroll_into_view_if_needed()
    expect(playground.by("mistakes-score")).to_contain_text("of 10,000 test digits")
