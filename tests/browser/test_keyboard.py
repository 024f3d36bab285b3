"""The keys, the help, and full screen."""

import re

from playwright.sync_api import expect

from tests.browser.playground import Playground


def test_the_keys_train_pause_step_and_reset(playground: Playground) -> None:
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


def test_d_goes_to_the_pad(playground: Playground) -> None:
    playground.open()
    playground.page.keyboard.press("d")
    expect(playground.by("draw-pad")).to_be_focused()


def test_keys_that_are_typed_into_a_field_do_nothing_else(playground: Playground) -> None:
    playground.open()
    playground.field("hidden").focus()
    playground.page.keyboard.type("s rd?")
    expect(playground.field("hidden")).to_be_focused()
    expect(playground.by("help-dialog")).to_be_hidden()
    expect(playground.by("train")).to_have_text("Train")
    assert "/runs/" not in playground.page.url


def test_help_opens_and_closes_and_gives_the_focus_back(playground: Playground) -> None:
    playground.open()
    help_button = playground.by("help")
    help_button.focus()
    playground.page.keyboard.press("?")
    dialog = playground.by("help-dialog")
    expect(dialog).to_be_visible()
    playground.page.keyboard.press("Space")  # on the dialog's own button: it trains nothing
    expect(dialog).to_be_hidden()
    expect(help_button).to_be_focused()
    assert "/runs/" not in playground.page.url
    help_button.click()
    expect(dialog).to_be_visible()
    playground.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_full_screen_and_back(playground: Playground) -> None:
    playground.open()
    playground.by("full-screen").click()
    playground.wait_until("() => document.fullscreenElement !== null")
    playground.page.keyboard.press("f")
    playground.wait_until("() => document.fullscreenElement === null")
