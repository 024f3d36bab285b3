"""The gradient: its cells, the most sensitive parameters, and nudging one by hand."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.request import urlopen

import numpy as np
import pytest
from playwright.sync_api import expect
from safetensors.numpy import load

from tests.browser.playground import Playground
from tests.browser.shared_page import DESKTOP, Contexts, SharedPage, shared_page
from tests.servers import Server

FIGURE = re.compile(r"^[+−]?\d")


def newest(playground: Playground) -> dict[str, Any]:
    """Return the tensors of the newest frame that came with a gradient."""
    frames = (load(frame) for frame in reversed(playground.frames))
    return next(frame for frame in frames if "gradient.weights.0" in frame)


def gradient_of(frame: dict[str, Any]) -> Any:
    """Return a frame's gradient as one vector."""
    layers = sum(name.startswith("gradient.weights") for name in frame)
    parts = [frame[f"gradient.{kind}.{i}"] for i in range(layers) for kind in ("weights", "biases")]
    return np.concatenate([part.astype(float).ravel() for part in parts])


def theta_of(playground: Playground) -> Any:
    """Return the parameters of the run that is shown, from its checkpoint."""
    run = playground.page.url.partition("?")[0].rpartition("/")[2]
    with urlopen(f"{playground.url}/api/runs/{run}/checkpoint") as answer:
        tensors = load(answer.read())
    parts = [tensors[f"{kind}.{i}"] for i in range(3) for kind in ("weights", "biases")]
    return np.concatenate([part.astype(float).ravel() for part in parts])


def figure(playground: Playground, testid: str) -> float:
    """Wait for a figure and return it as a number."""
    expect(playground.by(testid)).to_have_text(FIGURE)
    text = playground.by(testid).inner_text().replace("−", "-")
    superscripts = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
    return float(text.replace("·10", "e").translate(superscripts))


def measured(playground: Playground, run: str) -> Any:
    """Return the gradient that the server has measured of a run, as one vector."""
    with urlopen(f"{playground.url}/api/runs/{run}/gradient") as answer:
        return gradient_of(load(answer.read()))


def shown_run(playground: Playground) -> str:
    """Return the id of the run that is shown."""
    return playground.page.url.partition("?")[0].rpartition("/")[2]


@pytest.fixture
def nudging(opened: SharedPage, expected_problems: list[str]) -> Iterator[Playground]:
    """The start page, on which nothing is nudged yet."""
    with opened.of_a_test(expected_problems):
        yield opened
        opened.by("nudge-amount").fill("0")


@pytest.fixture(scope="module")
def once_trained(contexts: Contexts, server: Server) -> Iterator[SharedPage]:
    """A page whose network has trained for two epochs, and is paused."""
    with shared_page(contexts(DESKTOP), server, "/?epochs=null&steps_per_second=400") as page:
        page.train()
        page.wait_for_epoch(2)
        page.pause()
        yield page


@pytest.fixture
def trained(once_trained: SharedPage) -> Iterator[Playground]:
    """That page, which has a gradient that stays; a test leaves its network paused."""
    expect(once_trained.page.locator("#gradient-length")).to_contain_text("1,000 digits")
    with once_trained.of_a_test([]):
        yield once_trained


def test_the_gradient_is_there_before_the_first_step(playground: Playground) -> None:
    playground.open()
    cells = playground.by("gradient-cells")
    expect(playground.page.locator("#gradient-sum")).to_contain_text("= 13,002")
    length = playground.page.locator("#gradient-length")
    expect(length).to_contain_text("1,000 digits")
    before = playground.picture(cells)
    playground.by("reset").click()
    playground.wait_for_status("An untrained network")
    norm = np.linalg.norm(measured(playground, shown_run(playground)))
    expect(length).to_have_text(f"‖∇C‖ = {norm:#.3g}, 1,000 digits")
    playground.wait_until(
        "before => document.querySelector('#gradient-canvas').toDataURL() !== before", before
    )
    expect(playground.page.locator("#gradient-empty")).to_have_text("")


def test_while_a_network_trains_the_gradient_is_that_of_each_step(playground: Playground) -> None:
    playground.open("/?epochs=null&steps_per_second=3")
    playground.train()
    length = playground.page.locator("#gradient-length")
    expect(length).to_have_text(re.compile(r"‖∇C‖ = .*\d, 32 digits"))
    before = length.inner_text()
    expect(length).not_to_have_text(before)
    shown = float(length.inner_text().split()[2].rstrip(","))
    playground.wait_for_frames()  # so that the frame that it is of has been heard here, too
    with_gradient = (load(frame) for frame in playground.frames)
    norms = [np.linalg.norm(gradient_of(frame)) for frame in with_gradient]
    assert min(abs(norm / shown - 1) for norm in norms if norm > 0) < 0.006  # of three digits
    playground.pause()


def test_a_cell_tells_its_name_and_its_numbers_while_they_change(playground: Playground) -> None:
    playground.open("/?epochs=null&steps_per_second=400")
    playground.train()
    playground.wait_for_epoch(1)
    playground.by("gradient-cells").hover(position={"x": 14, "y": 14})
    reading = playground.by("gradient-reading")
    words = re.compile(r"Weight: row 1\d, column 1\d → layer 1 #1")
    expect(reading).to_contain_text(words)
    expect(reading).to_contain_text("∂C/∂w = ")
    before = reading.inner_text()
    assert "w = " in before
    expect(reading).not_to_have_text(before, use_inner_text=True)
    playground.pause()
    playground.by("gradient-cells").click(position={"x": 14, "y": 14})
    name, _, number = reading.locator("b").inner_text().partition(" · number ")
    expect(playground.by("nudge-index")).to_have_value(number)
    expect(playground.by("nudge-name")).to_have_text(name)


def test_the_keyboard_goes_from_cell_to_cell(trained: Playground) -> None:
    trained.by("show-weights").focus()
    cells = trained.by("gradient-cells")
    for _ in range(80):
        if cells.evaluate("canvas => canvas === document.activeElement"):
            break
        trained.page.keyboard.press("Tab")
    said = trained.page.locator("#gradient-said")
    expect(said).to_contain_text("Weight: row 1, column 1 → layer 1 #1")
    for key in ["ArrowRight"] * 28 + ["ArrowDown"]:
        trained.page.keyboard.press(key)
    expect(said).to_contain_text(re.compile(r"Bias: layer 1 #9.*∂C/∂b"))  # below bias 1
    trained.page.keyboard.press("Enter")
    expect(trained.by("nudge-index")).to_have_value(str(12_544 + 8))
    trained.page.keyboard.press("Escape")
    expect(trained.by("gradient-reading")).to_be_hidden()


def test_a_nudge_is_predicted_and_measured(nudging: Playground) -> None:
    nudging.by("nudge-index").fill("99999")
    expect(nudging.by("nudge-message")).to_have_text("Parameters are numbered from 0 to 13,001.")
    nudging.by("nudge-index").fill("12825")
    expect(nudging.by("nudge-name")).to_have_text("Bias: layer 2 #10")
    expect(nudging.by("nudge-message")).to_contain_text("Tried on a copy of your own")
    nudging.by("nudge-amount").fill("0.5")
    expect(nudging.by("nudge-apply")).to_be_disabled()
    wide = figure(nudging, "nudge-predicted"), figure(nudging, "nudge-measured")
    assert wide[0] != wide[1]  # the tangent leaves the curve
    before = nudging.by("nudge-predicted").inner_text()
    nudging.by("nudge-amount").fill("0.01")
    expect(nudging.by("nudge-predicted")).not_to_have_text(before)
    predicted = figure(nudging, "nudge-predicted")
    expect(nudging.by("nudge-measured")).to_have_text(  # between two answers it is a guess
        re.compile(re.escape(nudging.by("nudge-predicted").inner_text()[:4]))
    )
    assert predicted == pytest.approx(wide[0] * 0.02, rel=0.02)
    curve = nudging.page.locator("#nudge-curve")
    expect(curve).to_have_attribute("d", re.compile(r"^M[^L]*(L[^L]*){40}$"))


def test_questions_come_one_at_a_time_and_the_latest_wins(nudging: Playground) -> None:
    nudging.page.evaluate(
        """() => { const ask = window.fetch; window.open_ = 0; window.most = 0;
        window.fetch = async (...request) => {
          if (!String(request[0]).includes("/nudge")) return ask(...request);
          window.most = Math.max(window.most, ++window.open_);
          window.last = JSON.parse(request[1].body).amount;
          try { return await ask(...request); } finally { window.open_ -= 1; } } }"""
    )
    nudging.by("nudge-index").fill("12600")
    slider = nudging.by("nudge-slider")
    nudging.wait_until("document.querySelector('#nudge-curve').getAttribute('d')")
    slider.focus()
    for _ in range(20):
        nudging.page.keyboard.press("ArrowRight")
    expect(nudging.by("nudge-amount")).not_to_have_value("0")
    amount = "Number(document.querySelector('#nudge-amount').value)"
    nudging.wait_until(f"window.last === {amount}")
    expect(nudging.page.locator("#nudge-curve")).to_have_attribute(
        "d", re.compile(r"^M[^L]*(L[^L]*){40}$")
    )
    assert nudging.page.evaluate("window.most") == 1


def test_apply_nudges_the_running_network(trained: Playground) -> None:
    index = 12_992 + 3  # a bias: a weight changes nothing where its neuron is silent
    trained.by("nudge-index").fill(str(index))
    trained.by("nudge-amount").fill("2")
    expect(trained.by("nudge-measured")).not_to_have_text("0")
    cost = trained.by("nudge-cost").inner_text()
    before = theta_of(trained)
    trained.by("nudge-apply").click()
    expect(trained.by("nudge-message")).to_contain_text("Nudged by +2.00")
    changed = theta_of(trained) - before
    assert np.flatnonzero(changed).tolist() == [index]
    assert changed[index] == pytest.approx(2, abs=1e-5)
    expect(trained.by("nudge-cost")).not_to_have_text(cost)  # asked again
    frame = load(trained.frames[-1])
    assert frame["biases.2"][3] == pytest.approx(theta_of(trained)[index], rel=1e-3)


def test_a_failed_question_is_told_in_place(
    nudging: Playground, expected_problems: list[str]
) -> None:
    expected_problems.append("ERR_FAILED")
    nudging.page.route("**/nudge", lambda route: route.abort())
    nudging.by("nudge-index").fill("7")
    expect(nudging.by("nudge-message")).to_have_text("The server does not answer.")
    nudging.page.unroute("**/nudge")


def test_the_most_sensitive_neurons_are_named(trained: Playground) -> None:
    gradient = np.abs(measured(trained, shown_run(trained)))
    strongest = int(gradient.argmax())
    row = trained.by("sensitive-choose").first
    expect(row).to_have_attribute("data-index", str(strongest))
    names = trained.by("sensitive-choose").locator("span").all_inner_texts()
    neurons = [name.rpartition("→ ")[2].removeprefix("Bias: ") for name in names]
    assert len(set(neurons)) == 3
    row.click()
    expect(trained.by("nudge-index")).to_have_value(str(strongest))
    expect(row).to_have_attribute("aria-pressed", "true")
