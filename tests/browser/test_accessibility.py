"""axe-core finds no accessibility fault: on a desktop and a phone, in light and in dark."""

from collections.abc import Iterator

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from tests.browser.playground import SEVEN, Playground

DESKTOP = {"width": 1440, "height": 900}
TABLET = {"width": 1024, "height": 768}
PHONE = {"width": 390, "height": 844}


FAULTS_ALONE = {"resultTypes": ["violations"]}  # what is in order would be a long list
# What of axe's rules depends on colours.
OF_COLOURS = FAULTS_ALONE | {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
}
FIND = "([part, options]) => axe.run(part ?? document, options).then((found) => found.violations)"


def assert_accessible(page: Page, where: str, part: str | None = None) -> None:
    """Scan the page as it is, or a part of it: by every rule in light, for contrast in dark.

    Rules of best practice count, too.
    """
    if page.evaluate(
        "typeof axe === 'undefined'"
    ):  # what is loaded already runs three times as fast
        page.evaluate(AXE_SCRIPT)
    found = []
    for dark in (False, True):
        page.emulate_media(color_scheme="dark" if dark else "light")
        violations = page.evaluate(FIND, [part, OF_COLOURS if dark else FAULTS_ALONE])
        found += [
            f"{where}, dark {dark}: {violation['id']}: {node['html'][:160]}: "
            f"{node['failureSummary']}"
            for violation in violations
            for node in violation["nodes"]
        ]
    page.emulate_media(color_scheme="light")
    assert found == []


def on_each_screen(playground: Playground) -> Iterator[int]:
    """Give the window one size after the other, the phone's last, and yield each width."""
    for size in (DESKTOP, TABLET, PHONE):
        playground.page.set_viewport_size({"width": size["width"], "height": size["height"]})
        playground.wait_for_frames()
        yield size["width"]


def test_nothing_keeps_anybody_out(playground: Playground) -> None:
    """The way from one state to the next is gone on the phone."""
    page = playground.page
    playground.open("/?epochs=2&train_examples=320", charts=True)
    for width in on_each_screen(playground):
        assert_accessible(page, f"at first, {width}")
    playground.draw(SEVEN)
    expect(playground.by("prediction")).to_have_text("7")
    playground.train_without_waiting()
    playground.wait_for_status("Finished")
    for width in on_each_screen(playground):
        playground.go_to("curves")
        page.wait_for_selector("#cost-chart .main-svg")
        page.locator("#mistakes").scroll_into_view_if_needed()
        page.wait_for_selector("[data-testid=confusion] td")
        assert_accessible(page, f"after training, {width}")
    playground.by("help").click()
    expect(playground.by("help-dialog")).to_be_visible()
    for width in on_each_screen(playground):
        assert_accessible(page, f"help, {width}", '[data-testid="help-dialog"]')
    page.keyboard.press("Escape")
    for width in on_each_screen(playground):
        playground.go_to("network")
        playground.open_more()
        assert_accessible(page, f"more settings, {width}", "#more")
    playground.by("as-code").click()
    expect(page.locator("#code-dialog")).to_be_visible()
    for width in on_each_screen(playground):
        assert_accessible(page, f"the code, {width}", "#code-dialog")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    playground.by("runs").click()
    expect(playground.by("run-row").first).to_be_visible()
    playground.by("run-rename").first.click()
    for width in on_each_screen(playground):
        assert_accessible(page, f"the list of runs, {width}", '[data-testid="runs-dialog"]')
    page.keyboard.press("Escape")
    playground.by("run-delete").first.click()
    for width in on_each_screen(playground):
        assert_accessible(page, f"the deletion of a run, {width}", '[data-testid="runs-dialog"]')
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(playground.by("runs-dialog")).to_be_hidden()
    playground.by("tour").click()
    expect(playground.by("tour-card")).to_be_visible()
    for width in on_each_screen(playground):
        assert_accessible(page, f"the tour, {width}", '[data-testid="tour-card"]')
