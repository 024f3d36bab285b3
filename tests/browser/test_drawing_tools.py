"""The pad's tools: a pen's pressure, undo, eraser, brush size, and test digits."""

import re
from collections.abc import Iterator

import httpx
import numpy as np
import pytest
from playwright.sync_api import expect

from app.drawing import decode_picture
from nn_core.parameters import FloatArray
from tests.browser.playground import ONE, SEVEN, Playground
from tests.browser.shared_page import SharedPage
from tests.servers import PATIENCE, Server

INK = """canvas => {
  const { width, height } = canvas;
  const copy = new OffscreenCanvas(width, height).getContext("2d");
  copy.drawImage(canvas, 0, 0);
  const { data } = copy.getImageData(0, 0, width, height);
  return Array.from({ length: width }, (_, x) => {
    let lit = 0;
    for (let y = 0; y < height; y += 1) lit += data[4 * (y * width + x)] > 127;
    return lit;
  });
}"""  # of each column of a canvas, how many pixels are lit


@pytest.fixture
def pad(opened: SharedPage) -> Iterator[Playground]:
    """The start page with an empty pad, and with the pen and the brush that it has at first."""
    brush = opened.by("brush-size")
    width = brush.input_value()
    with opened.of_a_test([]):
        yield opened
        opened.clear_pad()
        brush.fill(width)


def ink(playground: Playground) -> list[int]:
    """Return for each column of the pad how many of its pixels have ink."""
    columns: list[int] = playground.by("draw-pad").evaluate(INK)
    return columns


def test_a_pen_draws_as_wide_as_it_is_pressed(pad: Playground) -> None:
    pen = pad.page.context.new_cdp_session(pad.page)
    steps = 20
    line = pad.on_pad([(0.2 + 0.6 * i / steps, 0.5) for i in range(steps + 1)])
    for i, (x, y) in enumerate(line):
        kind = "mousePressed" if i == 0 else "mouseMoved"
        press = {"x": x, "y": y, "button": "left", "buttons": 1, "clickCount": 1}
        force = 0.1 + 0.8 * i / steps
        pen.send(
            "Input.dispatchMouseEvent",
            {"type": kind, "pointerType": "pen", "force": force, **press},
        )
    x, y = line[-1]
    pen.send(
        "Input.dispatchMouseEvent",
        {"type": "mouseReleased", "pointerType": "pen", "x": x, "y": y, "button": "left"},
    )
    expect(pad.by("prediction")).not_to_have_text("")
    drawn = [columns for columns in ink(pad) if columns]
    within = drawn[30:-30]  # without the round ends
    assert within[-1] > 2.5 * within[0]
    assert max(np.abs(np.diff(within))) <= 2  # it grows smoothly


def test_a_mouse_draws_a_line_of_even_width(pad: Playground) -> None:
    pad.draw([(0.2, 0.5), (0.35, 0.5), (0.6, 0.5), (0.8, 0.5)])
    expect(pad.by("prediction")).not_to_have_text("")
    within = [columns for columns in ink(pad) if columns][30:-30]
    assert len(within) > 200
    assert max(within) - min(within) <= 1


def test_undo_takes_the_last_stroke_away(pad: Playground) -> None:
    canvas = pad.by("draw-pad")
    expect(pad.by("undo")).to_be_disabled()
    pictures = [pad.picture(canvas)]
    for stroke in (SEVEN, ONE):
        pad.draw(stroke)
        pad.wait_until(
            "before => document.querySelector('#draw-pad').toDataURL() !== before", pictures[-1]
        )
        pad.page.evaluate("new Promise(requestAnimationFrame)")
        pictures.append(pad.picture(canvas))
    pad.by("undo").click()
    shows = "picture => document.querySelector('#draw-pad').toDataURL() === picture"
    pad.wait_until(shows, pictures[1])
    expect(pad.by("prediction")).to_have_text("7")
    pad.by("learning-rate").focus()
    pad.page.keyboard.press("Control+z")  # of what is typed there, not of the drawing
    canvas.focus()
    assert pad.picture(canvas) == pictures[1]
    pad.page.keyboard.press("Control+z")
    pad.wait_until(shows, pictures[0])
    expect(pad.by("prediction")).to_have_text("")


def test_the_eraser_takes_ink_away(pad: Playground) -> None:
    pad.draw(ONE)
    expect(pad.by("prediction")).to_have_text("1")
    pad.by("eraser").click()
    expect(pad.by("eraser")).to_have_attribute("aria-pressed", "true")
    pad.by("brush-size").press("End")
    pad.draw([(0.5, 0.1), (0.5, 0.5), (0.5, 0.9)])
    expect(pad.by("prediction")).to_have_text("")
    assert sum(ink(pad)) == 0
    pad.by("clear-pad").click()  # and there is a pen again
    expect(pad.by("eraser")).to_have_attribute("aria-pressed", "false")


def test_the_brush_has_a_size(pad: Playground) -> None:
    brush, dot = pad.by("brush-size"), pad.page.locator("#brush-dot")
    heights, dots = [], []
    for key in ("Home", "End"):
        brush.press(key)
        pad.draw([(0.5, 0.5)])
        expect(pad.by("clear-pad")).to_be_enabled()
        heights.append(max(ink(pad)))
        box = dot.bounding_box()
        assert box is not None
        dots.append(box["height"])
        pad.by("clear-pad").click()
        expect(pad.by("clear-pad")).to_be_disabled()
    assert heights[1] > 3 * heights[0] > 0
    assert dots[1] > 3 * dots[0]
    expect(brush).to_have_attribute("aria-valuetext", "13.0% of the pad")


def last_drawing_sent(playground: Playground) -> FloatArray:
    """Return the pixels of the last PNG that went to the server."""
    body = playground.page.evaluate("Array.from(sent)")
    return decode_picture(bytes(body), 100_000).shades


def test_a_test_digit_comes_onto_the_pad_as_it_is(playground: Playground, server: Server) -> None:
    playground.page.add_init_script(
        """const send = window.fetch;
        window.fetch = (address, options) => {
          if (options?.body instanceof Uint8Array) window.sent = options.body;
          return send(address, options);
        };"""
    )
    playground.open("/?initializer=zeros")
    playground.by("step").click()
    playground.wait_for_status("Paused")
    empty = playground.picture(playground.by("draw-pad"))
    playground.by("next-digit").press("Enter")
    truth = playground.by("truth")
    expect(truth).to_have_text(re.compile(r"^It is an? \d \(test digit \d+\)\. Cost: \d"))
    label, index = map(int, re.findall(r"\d+", truth.inner_text())[:2])
    known = httpx.get(f"{server.url}/api/datasets/digits-5k/test/{index}", timeout=PATIENCE).json()
    assert label == known["label"]
    expect(playground.by("opinion")).to_have_text(re.compile(r"\d "))
    sent = last_drawing_sent(playground)
    assert sent.shape == (28, 28)
    np.testing.assert_array_equal(sent.ravel(), np.rint(255 * np.array(known["image"])))

    # The next one follows it; what is drawn over it is read with it; clear takes both away.
    playground.by("next-digit").click()
    expect(truth).to_contain_text(f"(test digit {(index + 1) % 1000})")
    playground.draw(ONE)
    playground.wait_until("window.sent.length > 10000")
    assert last_drawing_sent(playground).shape == (140, 140)
    playground.by("clear-pad").click()
    expect(truth).to_have_text("")
    expect(playground.by("prediction")).to_have_text("")
    assert playground.picture(playground.by("draw-pad")) == empty
