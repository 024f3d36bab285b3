"""The pad: draw with a real mouse, finger or pen, and read what the network reads."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import numpy as np
import pytest
from playwright.sync_api import Browser, expect

from app.drawing import decode_png
from nn_core.parameters import FloatArray
from tests.browser.playground import HANG, ONE, SEVEN, ZERO, Playground, Server

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


def test_drawn_digits_are_read(playground: Playground) -> None:
    playground.open()
    expect(playground.by("prediction")).to_have_text("")
    for digit, stroke in {"0": ZERO, "1": ONE, "7": SEVEN}.items():
        playground.draw(stroke)
        expect(playground.by("prediction")).to_have_text(digit, timeout=HANG)
        expect(playground.page.locator(".row[data-read=true] b")).to_have_text(digit)
        playground.by("clear-pad").click()


def test_the_prediction_follows_the_pen(playground: Playground) -> None:
    playground.open()
    mouse = playground.page.mouse
    points = playground.on_pad(SEVEN)
    mouse.move(*points[0])
    mouse.down()
    mouse.move(*points[1], steps=4)
    seen = playground.by("seen")
    expect(playground.by("prediction")).to_have_text(re.compile(r"^\d$"), timeout=HANG)
    begun = playground.picture(seen)
    for point in points[2:]:
        mouse.move(*point, steps=4)
    # The pen has not been lifted: the picture and the answer are already those of the whole digit.
    expect(playground.by("prediction")).to_have_text("7", timeout=HANG)
    assert playground.picture(seen) != begun
    mouse.up()


def test_another_network_can_be_asked(playground: Playground) -> None:
    """One that nobody has trained is shown; the pretrained ones read what it does not."""
    playground.open("/?initializer=zeros")
    playground.by("step").click()
    playground.wait_for_status("Paused")
    playground.draw(SEVEN)
    expect(playground.by("prediction")).to_have_text(re.compile("^[0-689]$"), timeout=HANG)
    opinion = playground.by("opinion")
    expect(opinion).to_have_text(re.compile(r"^pretrained-large reads 7 \(0\.\d\d|1\.00\)$"))
    playground.by("reader").select_option("pretrained")
    expect(opinion).to_have_text(re.compile(r"^pretrained reads 7 "))
    playground.by("reader").select_option("")
    expect(opinion).to_have_text("")


def test_a_network_is_no_second_opinion_of_its_own(playground: Playground) -> None:
    playground.open("/runs/pretrained-large")
    playground.draw(SEVEN)
    expect(playground.by("opinion")).to_have_text(re.compile(r"^pretrained reads 7 "), timeout=HANG)


def test_clear_empties_the_pad(playground: Playground) -> None:
    playground.open()
    expect(playground.by("clear-pad")).to_be_disabled()
    empty = playground.picture(playground.by("draw-pad"))
    playground.draw(ONE)
    expect(playground.by("prediction")).to_have_text("1", timeout=HANG)
    playground.by("clear-pad").click()
    expect(playground.by("prediction")).to_have_text("")
    assert playground.picture(playground.by("draw-pad")) == empty
    lit = playground.page.locator(".row").evaluate_all(
        "rows => rows.filter((row) => Number(row.style.getPropertyValue('--lit')) > 0).length"
    )
    assert lit == 0


def test_a_tap_makes_a_dot(playground: Playground) -> None:
    playground.open()
    playground.by("draw-pad").click()
    expect(playground.by("prediction")).to_have_text(re.compile(r"^\d$"), timeout=HANG)


def test_a_stroke_may_leave_the_pad_and_come_back(playground: Playground) -> None:
    playground.open()
    playground.draw([(0.5, 0.5), (1.4, 0.5), (0.5, 0.8)])
    expect(playground.by("prediction")).to_have_text(re.compile(r"^\d$"), timeout=HANG)
    before = playground.picture(playground.by("draw-pad"))
    playground.page.mouse.move(*playground.on_pad([(0.2, 0.2)])[0])  # the pen is up: no ink
    assert playground.picture(playground.by("draw-pad")) == before


@pytest.mark.parametrize(
    "screen", [{"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}]
)
def test_a_finger_draws_and_the_page_does_not_scroll(playground: Playground) -> None:
    playground.open()
    points = playground.on_pad(ONE)
    scrolled = playground.page.evaluate("scrollY")
    fingers = playground.page.context.new_cdp_session(playground.page)
    for kind, point in [
        ("touchStart", points[0]),
        *(("touchMove", point) for point in points),
        ("touchEnd", None),
    ]:
        touches = [{"x": point[0], "y": point[1]}] if point else []
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})
    expect(playground.by("prediction")).to_have_text("1", timeout=HANG)
    assert playground.page.evaluate("scrollY") == scrolled


def test_the_network_that_trains_reads_the_drawing_too(playground: Playground) -> None:
    playground.open("/?steps_per_second=400&epochs=null")
    playground.draw(ZERO)
    expect(playground.by("prediction")).to_have_text("0", timeout=HANG)
    outputs = playground.page.locator(".output span")
    before = outputs.all_inner_texts()
    playground.train()
    playground.wait_for_epoch(1)
    first = outputs.all_inner_texts()
    assert first != before
    playground.wait_for_epoch(3)
    assert outputs.all_inner_texts() != first  # nobody touched the pad
    playground.pause()


def test_an_error_of_the_prediction_is_told_in_place(
    playground: Playground, expected_problems: list[str]
) -> None:
    playground.open()
    expected_problems.append("503")
    answer = {"status": 503, "json": {"detail": "Too many drawings at once."}}
    playground.page.route("**/predict", lambda route: route.fulfill(**answer))
    playground.draw(ONE)
    expect(playground.page.locator("#confidence")).to_have_text("Too many drawings at once.")
    expect(playground.by("prediction")).to_have_text("")
    playground.page.unroute("**/predict")
    playground.draw([(0.52, 0.6), (0.52, 0.7)])
    expect(playground.by("prediction")).to_have_text(re.compile(r"^\d$"), timeout=HANG)


def ink(playground: Playground) -> list[int]:
    """Return for each column of the pad how many of its pixels have ink."""
    columns: list[int] = playground.by("draw-pad").evaluate(INK)
    return columns


def test_a_pen_draws_as_wide_as_it_is_pressed(playground: Playground) -> None:
    playground.open()
    pen = playground.page.context.new_cdp_session(playground.page)
    steps = 20
    line = playground.on_pad([(0.2 + 0.6 * i / steps, 0.5) for i in range(steps + 1)])
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
    expect(playground.by("prediction")).not_to_have_text("", timeout=HANG)
    drawn = [columns for columns in ink(playground) if columns]
    within = drawn[30:-30]  # without the round ends
    assert within[-1] > 2.5 * within[0]
    assert max(np.abs(np.diff(within))) <= 2  # it grows smoothly


def test_a_mouse_draws_a_line_of_even_width(playground: Playground) -> None:
    playground.open()
    playground.draw([(0.2, 0.5), (0.35, 0.5), (0.6, 0.5), (0.8, 0.5)])
    expect(playground.by("prediction")).not_to_have_text("", timeout=HANG)
    within = [columns for columns in ink(playground) if columns][30:-30]
    assert len(within) > 200
    assert max(within) - min(within) <= 1


def test_undo_takes_the_last_stroke_away(playground: Playground) -> None:
    playground.open()
    pad = playground.by("draw-pad")
    expect(playground.by("undo")).to_be_disabled()
    pictures = [playground.picture(pad)]
    for stroke in (SEVEN, ONE):
        playground.draw(stroke)
        playground.wait_until(
            "before => document.querySelector('#draw-pad').toDataURL() !== before", pictures[-1]
        )
        playground.page.evaluate("new Promise(requestAnimationFrame)")
        pictures.append(playground.picture(pad))
    playground.by("undo").click()
    shows = "picture => document.querySelector('#draw-pad').toDataURL() === picture"
    playground.wait_until(shows, pictures[1])
    expect(playground.by("prediction")).to_have_text("7", timeout=HANG)
    playground.page.locator("#field-hidden").focus()
    playground.page.keyboard.press("Control+z")  # of what is typed there, not of the drawing
    playground.by("draw-pad").focus()
    assert playground.picture(pad) == pictures[1]
    playground.page.keyboard.press("Control+z")
    playground.wait_until(shows, pictures[0])
    expect(playground.by("prediction")).to_have_text("")


def test_the_eraser_takes_ink_away(playground: Playground) -> None:
    playground.open()
    playground.draw(ONE)
    expect(playground.by("prediction")).to_have_text("1", timeout=HANG)
    playground.by("eraser").click()
    expect(playground.by("eraser")).to_have_attribute("aria-pressed", "true")
    playground.by("brush-size").press("End")
    playground.draw([(0.5, 0.1), (0.5, 0.5), (0.5, 0.9)])
    expect(playground.by("prediction")).to_have_text("", timeout=HANG)
    assert sum(ink(playground)) == 0
    playground.by("clear-pad").click()  # and there is a pen again
    expect(playground.by("eraser")).to_have_attribute("aria-pressed", "false")


def test_the_brush_has_a_size(playground: Playground) -> None:
    playground.open()
    brush, dot = playground.by("brush-size"), playground.page.locator("#brush-dot")
    heights, dots = [], []
    for key in ("Home", "End"):
        brush.press(key)
        playground.draw([(0.5, 0.5)])
        expect(playground.by("clear-pad")).to_be_enabled()
        heights.append(max(ink(playground)))
        box = dot.bounding_box()
        assert box is not None
        dots.append(box["height"])
        playground.by("clear-pad").click()
        expect(playground.by("clear-pad")).to_be_disabled()
    assert heights[1] > 3 * heights[0] > 0
    assert dots[1] > 3 * dots[0]
    expect(brush).to_have_attribute("aria-valuetext", "13.0 % of the pad")


def last_drawing_sent(playground: Playground) -> FloatArray:
    """Return the pixels of the last PNG that went to the server."""
    body = playground.page.evaluate("sent.bytes().then((bytes) => Array.from(bytes))")
    return decode_png(bytes(body), 100_000)


def test_a_test_digit_comes_onto_the_pad_as_it_is(playground: Playground, server: Server) -> None:
    playground.page.add_init_script(
        """const send = window.fetch;
        window.fetch = (address, options) => {
          if (options?.body instanceof Blob) window.sent = options.body;
          return send(address, options);
        };"""
    )
    playground.open("/?initializer=zeros")
    playground.by("step").click()
    playground.wait_for_status("Paused")
    empty = playground.picture(playground.by("draw-pad"))
    playground.by("next-digit").press("Enter")
    truth = playground.by("truth")
    expect(truth).to_have_text(re.compile(r"^It is an? \d \(test digit \d+\)\.$"))
    label, index = map(int, re.findall(r"\d+", truth.inner_text()))
    known = httpx.get(f"{server.url}/api/datasets/digits-5k/test/{index}").json()
    assert label == known["label"]
    expect(playground.by("opinion")).to_have_text(re.compile(r"reads \d "), timeout=HANG)
    sent = last_drawing_sent(playground)
    assert sent.shape == (28, 28)
    np.testing.assert_array_equal(sent.ravel(), np.rint(255 * np.array(known["image"])))

    # The next one follows it; what is drawn over it is read with it; clear takes both away.
    playground.by("next-digit").click()
    expect(truth).to_contain_text(f"(test digit {index + 1})")
    playground.draw(ONE)
    playground.wait_until("window.sent.size > 10000")
    assert last_drawing_sent(playground).shape == (140, 140)
    playground.by("clear-pad").click()
    expect(truth).to_have_text("")
    expect(playground.by("prediction")).to_have_text("")
    assert playground.picture(playground.by("draw-pad")) == empty


# What computes


@pytest.fixture(scope="module")
def run(browser: Browser, server: Server) -> Iterator[Any]:
    """Return a function that runs JavaScript, with a module of ``js/pure`` as ``m``."""
    page = browser.new_page()
    page.goto(f"{server.url}/api/health")

    def run(module: str, body: str, argument: object = None) -> Any:
        imported = f"const m = await import('/static/js/pure/{module}.js');"
        return page.evaluate(f"async (argument) => {{ {imported} {body} }}", argument)

    yield run
    page.close()


@pytest.mark.parametrize("shape", [(1, 1), (28, 28), (3, 5), (140, 140), (300, 310)])
def test_the_server_reads_the_png_that_the_page_writes(run: Any, shape: tuple[int, int]) -> None:
    greys = np.random.default_rng(0).integers(256, size=shape)
    file = run(
        "png",
        "return Array.from(m.greyPng(Uint8Array.from(argument[0]), argument[1]));",
        [greys.ravel().tolist(), shape[1]],
    )
    np.testing.assert_array_equal(decode_png(bytes(file), 100_000), greys)


def test_a_stroke_is_the_same_however_it_came(run: Any) -> None:
    """Pieces that are settled stay as they are when more points come."""
    points = [{"x": x / 10, "y": (x % 3) / 10, "pressure": x / 10} for x in range(1, 9)]
    same = run(
        "ink",
        """const stroke = (count) => ({ points: argument.slice(0, count), width: 0.1 });
        const all = m.settledPieces(stroke(argument.length));
        const grown = [];
        for (let count = 1; count <= argument.length; count += 1) {
          grown.push(...m.settledPieces(stroke(count), grown.length));
        }
        const joined = all.every(({ from }, i) =>
          i === 0 || JSON.stringify(from) === JSON.stringify(all[i - 1].to));
        const tail = m.tailOf(stroke(argument.length));
        const meets = JSON.stringify(tail.from) === JSON.stringify(all.at(-1).to);
        return [JSON.stringify(grown) === JSON.stringify(all), all.length, joined, meets];""",
        points,
    )
    assert same == [True, len(points) - 2, True, True]


def test_words_about_the_reading(run: Any) -> None:
    said = run(
        "reading",
        """const digits = Array.from({ length: 10 }, (_, i) => String(i));
        const name = "test digit 4";
        return {
          second: [["pretrained-large", "x"], ["pretrained-large", "pretrained-large"],
            ["pretrained", "pretrained"], ["", "x"]].map((pair) => m.secondReader(...pair)),
          truth: [m.truthWords({ label: 8, name }, digits),
            m.truthWords({ label: 3, name }, digits),
            m.truthWords({ label: 1, name }, ["Shirt", "Coat"]), m.truthWords(null, digits)],
          source: [[true, digits], [false, digits], [false, ["Shirt", "Coat"]]].map(
            ([here, classes]) => m.testSource([{ name: "mine", here, classes }], "mine")),
          opinion: [m.opinionWords("pretrained", { digit: 7, confidence: 0.999 }),
            m.opinionWords("pretrained", null), m.opinionWords("", { digit: 7, confidence: 1 })],
        };""",
    )
    assert said == {
        "second": ["pretrained-large", "pretrained", "pretrained-large", ""],
        "truth": [
            "It is an 8 (test digit 4).",
            "It is a 3 (test digit 4).",
            "It is Coat (test digit 4).",
            "",
        ],
        "source": ["mine", "digits-5k", "mine"],
        "opinion": ["pretrained reads 7 (1.00)", "", ""],
    }
