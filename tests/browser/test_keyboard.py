"""The keys, the help, and full screen."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.playground import Playground
from tests.browser.shared_page import SharedPage


@pytest.fixture
def start(opened: SharedPage) -> Iterator[Playground]:
    """The start page, on which nothing has the focus."""
    with opened.of_a_test([]):
        yield opened
        opened.field("hidden").fill("16, 16")
        opened.page.evaluate("document.activeElement.blur()")


def test_the_keys_train_pause_step_and_reset_also_after_a_click_on_a_button(
    playground: Playground,
) -> None:
    playground.open("/?steps_per_second=400&epochs=null")
    keyboard = playground.page.keyboard
    keyboard.press("Space")
    playground.page.wait_for_url(re.compile("/runs/"))
    expect(playground.by("pause")).to_be_enabled()
    playground.wait_for_epoch(1)
    keyboard.press("Space")
    playground.wait_for_status("Paused after step")
    before = playground.page.locator("#step-count").inner_text()
    keyboard.press("s")
    expect(playground.page.locator("#step-count")).not_to_have_text(before)
    keyboard.press("r")
    playground.wait_for_status("An untrained network")
    expect(playground.by("epoch")).to_have_text("0")

    # After a click on a button the keys are those of the page, and not the button's.
    playground.by("step").click()
    playground.wait_for_status("Paused after step 1")
    keyboard.press("Space")
    expect(playground.by("pause")).to_be_enabled()
    playground.by("show-gradient").click(force=True)
    keyboard.press("Space")
    playground.wait_for_status("Paused after step")
    playground.by("step").focus()  # by a key: the button is meant
    before = playground.page.locator("#step-count").inner_text()
    keyboard.press("Space")
    expect(playground.page.locator("#step-count")).to_have_text(str(int(before) + 1))


def test_d_goes_to_the_pad(start: Playground) -> None:
    start.page.keyboard.press("d")
    expect(start.by("draw-pad")).to_be_focused()


def test_keys_that_are_typed_into_a_field_do_nothing_else(start: Playground) -> None:
    start.field("hidden").focus()
    start.page.keyboard.type("s rd?")
    expect(start.field("hidden")).to_be_focused()
    expect(start.by("help-dialog")).to_be_hidden()
    expect(start.by("train")).to_have_text("Train a new network")
    assert "/runs/" not in start.page.url


def test_the_keys_work_with_caps_lock_and_on_other_alphabets(playground: Playground) -> None:
    playground.open("/?steps_per_second=1")
    devtools = playground.page.context.new_cdp_session(playground.page)

    def press(key: str, code: str) -> None:
        for kind in ("keyDown", "keyUp"):
            event = {"type": kind, "key": key, "code": code, "text": key}
            devtools.send("Input.dispatchKeyEvent", event)

    steps = playground.page.locator("#step-count")
    for step, key in enumerate(["S", "ы", "σ", "ד", "س"], start=1):
        press(key, "KeyS")
        expect(steps).to_have_text(str(step))
    press("R", "KeyR")
    expect(steps).to_have_text("0")
    press("؟", "Slash")
    expect(playground.by("help-dialog")).to_be_visible()


def test_help_opens_and_closes_and_gives_the_focus_back(start: Playground) -> None:
    help_button = start.by("help")
    help_button.focus()
    start.page.keyboard.press("?")
    dialog = start.by("help-dialog")
    expect(dialog).to_be_visible()
    start.page.keyboard.press("Space")  # on the dialog's own button: it trains nothing
    expect(dialog).to_be_hidden()
    expect(help_button).to_be_focused()
    assert "/runs/" not in start.page.url
    help_button.click()
    expect(dialog).to_be_visible()
    start.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_full_screen_and_back(start: Playground) -> None:
    start.by("full-screen").click()
    start.wait_until("() => document.fullscreenElement !== null")
    start.page.keyboard.press("f")
    start.wait_until("() => document.fullscreenElement === null")
