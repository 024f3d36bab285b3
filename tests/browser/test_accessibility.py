"""axe-core finds no accessibility fault: on a desktop and a phone, in light and in dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
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


def assert_accessible(page: Page, where: str, part: str | None = None) -> None:
    """Scan the page as it is, or a part of it: by every rule in light, for contrast in dark.

    Rules of best practice count, too.
    """
    found = []
    for dark in (False, True):
        page.emulate_media(color_scheme="dark" if dark else "light")
        results = Axe().run(page, part, OF_COLOURS if dark else FAULTS_ALONE)
        found += [
            f"{where}, dark {dark}: {violation['id']}: {node['html'][:160]}: "
            f"{node['failureSummary']}"
            for violation in results.response["violations"]
            for node in violation["nodes"]
        ]
    page.emulate_media(color_scheme="light")
    assert found == []


@pytest.mark.parametrize(
    "screen",
    [{"viewport": size, "reduced_motion": "reduce"} for size in (DESKTOP, TABLET, PHONE)],
    ids=lambda screen: str(screen["viewport"]["width"]),
)
def test_nothing_keeps_anybody_out(playground: Playground) -> None:
    page = playground.page
    playground.open("/?epochs=2&train_examples=320", charts=True)
    assert_accessible(page, "at first")
    playground.draw(SEVEN)
    expect(playground.by("prediction")).to_have_text("7")
    playground.train_without_waiting()
    playground.wait_for_status("Finished")
    playground.go_to("curves")
    page.wait_for_selector("#cost-chart .main-svg")
    page.locator("#mistakes").scroll_into_view_if_needed()
    page.wait_for_selector("[data-testid=confusion] td")
    assert_accessible(page, "after training")
    playground.by("help").click()
    expect(playground.by("help-dialog")).to_be_visible()
    assert_accessible(page, "help", '[data-testid="help-dialog"]')
    page.keyboard.press("Escape")
    playground.go_to("network")
    playground.open_more()
    assert_accessible(page, "more settings", "#more")
    playground.by("as-code").click()
    expect(page.locator("#code-dialog")).to_be_visible()
    assert_accessible(page, "the code", "#code-dialog")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    playground.by("runs").click()
    expect(playground.by("run-row").first).to_be_visible()
    playground.by("run-rename").first.click()
    assert_accessible(page, "the list of runs", '[data-testid="runs-dialog"]')
    page.keyboard.press("Escape")
    playground.by("run-delete").first.click()
    assert_accessible(page, "the list of runs, a deletion", '[data-testid="runs-dialog"]')
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(playground.by("runs-dialog")).to_be_hidden()
    playground.by("tour").click()
    expect(playground.by("tour-card")).to_be_visible()
    assert_accessible(page, "the tour", '[data-testid="tour-card"]')
