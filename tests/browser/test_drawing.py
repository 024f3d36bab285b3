"""The pad: draw with a real mouse, finger or pen, and read what the network reads."""

import re
from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Route, expect

from tests.browser.playground import ONE, SEVEN, ZERO, Playground, Stroke
from tests.browser.shared_page import SharedPage


@pytest.fixture
def pad(opened: SharedPage, expected_problems: list[str]) -> Iterator[Playground]:
    """The start page with an empty pad."""
    with opened.of_a_test(expected_problems):
        yield opened
        opened.clear_pad()
        opened.by("reader").select_option("pretrained-large")


def test_drawn_digits_are_read(pad: Playground) -> None:
    expect(pad.by("prediction")).to_have_text("")
    for digit, stroke in {"0": ZERO, "1": ONE, "7": SEVEN}.items():
        pad.draw(stroke)
        expect(pad.by("prediction")).to_have_text(digit)
        expect(pad.page.locator(".row[data-read=true] b")).to_have_text(digit)
        pad.by("clear-pad").click()


def test_the_prediction_follows_the_pen(pad: Playground) -> None:
    mouse = pad.page.mouse
    points = pad.on_pad(SEVEN)
    mouse.move(*points[0])
    mouse.down()
    mouse.move(*points[1], steps=4)
    seen = pad.by("scene-image")
    expect(pad.by("prediction")).to_have_text(re.compile(r"^\d$"))
    begun = pad.picture(seen)
    for point in points[2:]:
        mouse.move(*point, steps=4)
    # The pen has not been lifted: the picture and the answer are already those of the whole digit.
    expect(pad.by("prediction")).to_have_text("7")
    assert pad.picture(seen) != begun
    mouse.up()


def test_another_network_can_be_asked(playground: Playground) -> None:
    """The shown network is untrained; the pretrained ones read what it does not."""
    playground.open("/?initializer=zeros")
    playground.by("step").click()
    playground.wait_for_status("Paused")
    playground.draw(SEVEN)
    expect(playground.by("prediction")).to_have_text(re.compile("^[0-689]$"))
    opinion = playground.by("opinion")
    expect(opinion).to_have_text(re.compile(r"^7 \(0\.\d\d|1\.00\)$"))
    playground.by("reader").select_option("pretrained")
    expect(opinion).to_have_text(re.compile(r"^7 "))
    playground.by("reader").select_option("")
    expect(opinion).to_have_text("")


def test_a_network_is_no_second_opinion_of_its_own(playground: Playground) -> None:
    playground.open("/runs/pretrained-large")
    playground.draw(SEVEN)
    expect(playground.by("opinion")).to_have_text(re.compile(r"^7 "))


def test_clear_empties_the_pad(pad: Playground) -> None:
    expect(pad.by("clear-pad")).to_be_disabled()
    empty = pad.picture(pad.by("draw-pad"))
    pad.draw(ONE)
    expect(pad.by("prediction")).to_have_text("1")
    pad.by("clear-pad").click()
    expect(pad.by("prediction")).to_have_text("")
    assert pad.picture(pad.by("draw-pad")) == empty
    lit = pad.page.locator(".row").evaluate_all(
        "rows => rows.filter((row) => Number(row.style.getPropertyValue('--lit')) > 0).length"
    )
    assert lit == 0


def test_a_tap_makes_a_dot(pad: Playground) -> None:
    pad.by("draw-pad").click()
    expect(pad.by("prediction")).to_have_text(re.compile(r"^\d$"))


def test_a_stroke_may_leave_the_pad_and_come_back(pad: Playground) -> None:
    pad.draw([(0.5, 0.5), (1.4, 0.5), (0.5, 0.8)])
    expect(pad.by("prediction")).to_have_text(re.compile(r"^\d$"))
    before = pad.picture(pad.by("draw-pad"))
    pad.page.mouse.move(*pad.on_pad([(0.2, 0.2)])[0])  # the pen is up: no ink
    assert pad.picture(pad.by("draw-pad")) == before


PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.mark.parametrize("screen", [PHONE])
def test_a_finger_draws_and_two_fingers_are_no_ink(playground: Playground) -> None:
    playground.open()
    empty = ink(playground)
    assert_two_fingers_are_no_ink(playground, empty)
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
    expect(playground.by("prediction")).to_have_text("1")
    assert playground.page.evaluate("scrollY") == scrolled


def assert_two_fingers_are_no_ink(playground: Playground, empty: str) -> None:
    """Touch the empty pad with two fingers, as one who zooms in: nothing is drawn."""
    (a, b, c, d) = playground.on_pad([(0.4, 0.4), (0.6, 0.6), (0.3, 0.3), (0.7, 0.7)])
    fingers = playground.page.context.new_cdp_session(playground.page)
    for kind, points in [
        ("touchStart", [a]),
        ("touchStart", [a, b]),
        ("touchMove", [c, d]),
        ("touchEnd", []),
    ]:
        touches = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(points)]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})
    assert ink(playground) == empty
    expect(playground.by("undo")).to_be_disabled()


def point_at(
    playground: Playground,
    kind: str,
    pointer: int,
    of: str,
    at: tuple[float, float],
    buttons: int = 1,
) -> None:
    """Tell the pad of a pointer as a tablet does, which DevTools can't."""
    [(x, y)] = playground.on_pad([at])
    playground.by("draw-pad").dispatch_event(
        kind,
        {
            "pointerId": pointer,
            "pointerType": of,
            "clientX": x,
            "clientY": y,
            "button": {1: 0, 32: 5}[buttons] if kind == "pointerdown" else -1,
            "buttons": buttons,
            "pressure": 0.5,
        },
    )


def draw_with(
    playground: Playground, pointer: int, of: str, stroke: Stroke, buttons: int = 1
) -> None:
    for kind, points in [
        ("pointerdown", stroke[:1]),
        ("pointermove", stroke[1:]),
        ("pointerup", stroke[-1:]),
    ]:
        for point in points:
            point_at(playground, kind, pointer, of, point, buttons)


def ink(playground: Playground) -> str:
    playground.wait_for_frames()
    return playground.picture(playground.by("draw-pad"))


def test_a_pen_takes_over_from_a_resting_palm(pad: Playground) -> None:
    draw_with(pad, 2, "pen", SEVEN)
    alone = ink(pad)
    pad.by("clear-pad").click()
    point_at(pad, "pointerdown", 1, "touch", (0.8, 0.9))
    point_at(pad, "pointermove", 1, "touch", (0.82, 0.9))
    draw_with(pad, 2, "pen", SEVEN)
    point_at(pad, "pointermove", 1, "touch", (0.9, 0.95))
    assert ink(pad) == alone
    expect(pad.by("prediction")).to_have_text("7")


def test_the_end_of_the_pen_erases(pad: Playground) -> None:
    draw_with(pad, 1, "pen", [(0.4, 0.5), (0.5, 0.5), (0.6, 0.5)])
    expect(pad.by("prediction")).to_have_text(re.compile(r"^\d$"))
    expect(pad.by("eraser")).to_have_attribute("aria-pressed", "false")
    for height in (0.46, 0.5, 0.54):
        rubbed = [(0.1, height), (0.5, height), (0.9, height)]
        draw_with(pad, 1, "pen", rubbed, buttons=32)
    expect(pad.by("prediction")).to_have_text("")
    expect(pad.by("eraser")).to_have_attribute("aria-pressed", "false")


def test_the_network_that_trains_reads_the_drawing_while_the_pen_is_up_and_down(
    playground: Playground,
) -> None:
    playground.open("/?steps_per_second=400&epochs=null")
    playground.draw(ZERO)
    expect(playground.by("prediction")).to_have_text("0")
    outputs = playground.page.locator(".output span")
    before = outputs.all_inner_texts()
    playground.train()
    playground.wait_for_epoch(1)
    expect(outputs).not_to_have_text(before)
    first = outputs.all_inner_texts()
    expect(outputs).not_to_have_text(first)  # nobody touched the pad
    playground.by("clear-pad").click()

    points = playground.on_pad(SEVEN)
    playground.page.mouse.move(*points[0])
    playground.page.mouse.down()
    playground.page.mouse.move(*points[2])
    expect(playground.by("prediction")).not_to_be_empty()
    first = outputs.all_inner_texts()
    expect(outputs).not_to_have_text(first)  # the pen rests
    playground.page.mouse.up()
    playground.pause()


def asked(playground: Playground) -> list[str]:
    """Return the addresses of the predictions that the page asks for, as it does."""
    addresses: list[str] = []
    playground.page.on(
        "request",
        lambda request: addresses.append(request.url) if "/predict?" in request.url else None,
    )
    return addresses


def test_the_page_reads_by_itself(playground: Playground) -> None:
    """Nothing is asked of the server, and the server would say the same."""
    addresses = asked(playground)
    playground.open()
    playground.by("reader").select_option("")
    playground.draw(SEVEN)
    expect(playground.by("prediction")).to_have_text("7")
    playground.draw(ONE)
    playground.wait_for_frames()
    assert addresses == []
    reading = playground.server_reads("pretrained")
    assert reading["digit"] == int(playground.by("prediction").inner_text())
    outputs = [float(text) for text in playground.page.locator(".output span").all_inner_texts()]
    assert outputs == pytest.approx(reading["outputs"], abs=0.006)  # two decimals, of 16 bits
    seen = playground.shades(playground.by("scene-image"))
    assert np.abs(seen - reading["image"]).max() < 1 / 200  # of a picture with fewer shades


# A context of its own: no other test's page is cut off.
@pytest.mark.parametrize(
    "screen", [{"viewport": {"width": 1440, "height": 900}, "locale": "en-CA"}], ids=["offline"]
)
def test_it_goes_on_reading_while_the_server_is_away(
    playground: Playground, expected_problems: list[str]
) -> None:
    expected_problems.append("ERR_INTERNET_DISCONNECTED")
    playground.open()
    playground.by("reader").select_option("")
    playground.page.context.set_offline(True)
    try:
        playground.draw(SEVEN)
        expect(playground.by("prediction")).to_have_text("7")
    finally:
        playground.page.context.set_offline(False)


def test_a_second_opinion_that_comes_too_soon_is_asked_for_later(
    pad: Playground, expected_problems: list[str]
) -> None:
    """The server answers 429: the page says nothing and asks about the newest drawing later."""
    expected_problems.append("429")
    refused: list[str] = []

    def refuse_once(route: Route) -> None:
        if refused:
            route.continue_()
            return
        refused.append(route.request.url)
        route.fulfill(status=429, headers={"Retry-After": "1"}, json={"detail": "Too many."})

    pad.page.route("**/predict?*", refuse_once)
    pad.draw(SEVEN)
    expect(pad.by("opinion")).to_have_text(re.compile("^7 "))
    assert refused
    pad.page.unroute("**/predict?*")
    expect(pad.page.locator("#confidence")).not_to_contain_text("Too many")
