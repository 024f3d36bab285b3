"""The gradient: its cells, the most sensitive parameters, and nudging one by hand."""

import re
from typing import Any
from urllib.request import urlopen

import numpy as np
import pytest
from playwright.sync_api import expect
from safetensors.numpy import load

from tests.browser.playground import Playground

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


def train_a_little(playground: Playground, query: str = "") -> None:
    """Train for two epochs and pause, so that there is a gradient that stays."""
    playground.open(f"/?epochs=null&steps_per_second=400{query}")
    playground.train()
    playground.wait_for_epoch(2)
    playground.pause()
    expect(playground.page.locator("#gradient-length")).to_contain_text("1,000 digits")


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


def test_the_keyboard_goes_from_cell_to_cell(playground: Playground) -> None:
    train_a_little(playground)
    playground.by("show-weights").focus()
    cells = playground.by("gradient-cells")
    for _ in range(80):
        if cells.evaluate("canvas => canvas === document.activeElement"):
            break
        playground.page.keyboard.press("Tab")
    said = playground.page.locator("#gradient-said")
    expect(said).to_contain_text("Weight: row 1, column 1 → layer 1 #1")
    for key in ["ArrowRight"] * 28 + ["ArrowDown"]:
        playground.page.keyboard.press(key)
    expect(said).to_contain_text(re.compile(r"Bias: layer 1 #9.*∂C/∂b"))  # below bias 1
    playground.page.keyboard.press("Enter")
    expect(playground.by("nudge-index")).to_have_value(str(12_544 + 8))
    playground.page.keyboard.press("Escape")
    expect(playground.by("gradient-reading")).to_be_hidden()


def test_a_nudge_is_predicted_and_measured(playground: Playground) -> None:
    playground.open()
    playground.by("nudge-index").fill("99999")
    expect(playground.by("nudge-message")).to_have_text("Parameters are numbered from 0 to 13,001.")
    playground.by("nudge-index").fill("12825")
    expect(playground.by("nudge-name")).to_have_text("Bias: layer 2 #10")
    expect(playground.by("nudge-message")).to_contain_text("Tried on a copy of your own")
    playground.by("nudge-amount").fill("0.5")
    expect(playground.by("nudge-apply")).to_be_disabled()
    wide = figure(playground, "nudge-predicted"), figure(playground, "nudge-measured")
    assert wide[0] != wide[1]  # the tangent leaves the curve
    before = playground.by("nudge-predicted").inner_text()
    playground.by("nudge-amount").fill("0.01")
    expect(playground.by("nudge-predicted")).not_to_have_text(before)
    predicted = figure(playground, "nudge-predicted")
    expect(playground.by("nudge-measured")).to_have_text(  # between two answers it is a guess
        re.compile(re.escape(playground.by("nudge-predicted").inner_text()[:4]))
    )
    assert predicted == pytest.approx(wide[0] * 0.02, rel=0.02)
    curve = playground.page.locator("#nudge-curve")
    expect(curve).to_have_attribute("d", re.compile(r"^M[^L]*(L[^L]*){40}$"))


def test_questions_come_one_at_a_time_and_the_latest_wins(playground: Playground) -> None:
    playground.open()
    playground.page.evaluate(
        """() => { const ask = window.fetch; window.open_ = 0; window.most = 0;
        window.fetch = async (...request) => {
          if (!String(request[0]).includes("/nudge")) return ask(...request);
          window.most = Math.max(window.most, ++window.open_);
          window.last = JSON.parse(request[1].body).amount;
          try { return await ask(...request); } finally { window.open_ -= 1; } } }"""
    )
    playground.by("nudge-index").fill("12600")
    slider = playground.by("nudge-slider")
    playground.wait_until("document.querySelector('#nudge-curve').getAttribute('d')")
    slider.focus()
    for _ in range(20):
        playground.page.keyboard.press("ArrowRight")
    expect(playground.by("nudge-amount")).not_to_have_value("0")
    amount = "Number(document.querySelector('#nudge-amount').value)"
    playground.wait_until(f"window.last === {amount}")
    expect(playground.page.locator("#nudge-curve")).to_have_attribute(
        "d", re.compile(r"^M[^L]*(L[^L]*){40}$")
    )
    assert playground.page.evaluate("window.most") == 1


def test_apply_nudges_the_running_network(playground: Playground) -> None:
    train_a_little(playground)
    index = 12_992 + 3  # a bias: a weight changes nothing where its neuron is silent
    playground.by("nudge-index").fill(str(index))
    playground.by("nudge-amount").fill("2")
    expect(playground.by("nudge-measured")).not_to_have_text("0")
    cost = playground.by("nudge-cost").inner_text()
    before = theta_of(playground)
    playground.by("nudge-apply").click()
    expect(playground.by("nudge-message")).to_contain_text("Nudged by +2.00")
    changed = theta_of(playground) - before
    assert np.flatnonzero(changed).tolist() == [index]
    assert changed[index] == pytest.approx(2, abs=1e-5)
    expect(playground.by("nudge-cost")).not_to_have_text(cost)  # asked again
    frame = load(playground.frames[-1])
    assert frame["biases.2"][3] == pytest.approx(theta_of(playground)[index], rel=1e-3)


def test_a_failed_question_is_told_in_place(
    playground: Playground, expected_problems: list[str]
) -> None:
    expected_problems.append("ERR_FAILED")
    playground.open()
    playground.page.route("**/nudge", lambda route: route.abort())
    playground.by("nudge-index").fill("7")
    expect(playground.by("nudge-message")).to_have_text("The server does not answer.")


def test_the_most_sensitive_neurons_are_named(playground: Playground) -> None:
    train_a_little(playground)
    gradient = np.abs(measured(playground, shown_run(playground)))
    strongest = int(gradient.argmax())
    row = playground.by("sensitive-choose").first
    expect(row).to_have_attribute("data-index", str(strongest))
    names = playground.by("sensitive-choose").locator("span").all_inner_texts()
    neurons = [name.rpartition("→ ")[2].removeprefix("Bias: ") for name in names]
    assert len(set(neurons)) == 3
    row.click()
    expect(playground.by("nudge-index")).to_have_value(str(strongest))
    expect(row).to_have_attribute("aria-pressed", "true")
