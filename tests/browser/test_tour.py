"""The guided tour: twelve lessons over the page and inside, left at any moment, linked to."""

import re

import pytest
from playwright.sync_api import Dialog, Locator, Request, expect

from tests.browser.playground import SEVEN, Playground
from tests.browser.test_accessibility import assert_accessible, on_each_screen

LESSONS = 12
INSIDE = {2: "Step 1 ", 3: "the cost C", 5: "∂C/∂z of the outputs", 6: "∂C/∂a of layer 2"} | {
    7: "∂C/∂W of layer 1",
    8: "the nudge",
}
SHOWN = {1: "activations", 4: "gradient", 9: "weights", 10: "weights", 12: "activations"}


def assert_seen(playground: Playground) -> None:
    """Assert that the ring is around something in the window that the card does not cover."""
    playground.wait_until(
        """() => {
          const [card, ring] = ["tour", "tour-ring"].map((id) =>
            document.getElementById(id).getBoundingClientRect());
          const top = document.querySelector(".top").getBoundingClientRect().bottom;
          const isInside = document.documentElement.classList.contains("is-inside");
          const clear = isInside || innerWidth > 759 ? 0 : top;
          const free = ring.top < card.top - 150 || ring.bottom > card.bottom + 150 ||
            ring.left < card.left - 150 || ring.right > card.right + 150;
          return ring.width > 100 && ring.top >= clear && free && ring.top < innerHeight - 100 &&
            card.top >= 0 && card.bottom <= innerHeight && card.right <= innerWidth;
        }"""
    )


def is_on_top(place: Locator) -> bool:
    """Return whether nothing covers its middle."""
    return bool(
        place.evaluate(
            """(element) => {
              const { left, top, width, height } = element.getBoundingClientRect();
              return element.contains(
                document.elementFromPoint(left + width / 2, top + height / 2));
            }"""
        )
    )


def test_the_tour_goes_through_the_page_and_inside_on_all_screens(playground: Playground) -> None:
    playground.open()
    expect(playground.by("tour-card")).to_be_hidden()
    for _ in on_each_screen(playground):
        go_through(playground)


def go_through(playground: Playground) -> None:
    """Take all lessons, from the start page back to it, and look at each."""
    page = playground.page
    card = playground.by("tour-card")
    playground.by("tour").click()
    titles = set()
    for step in range(1, LESSONS + 1):
        expect(card).to_contain_text(f"{step} of {LESSONS}")
        expect(card).to_contain_text("Try this.")
        assert f"tour={step}" in playground.query()
        titles.add(card.get_by_role("heading").inner_text())
        inside = playground.by("inside")
        if step in INSIDE:
            expect(playground.by("inside-said")).to_contain_text(INSIDE[step])
            assert "/runs/pretrained/inside" in page.url
        else:
            expect(inside).to_be_hidden()
            assert page.url.startswith(f"{playground.url}/?")
        if step in SHOWN:
            expect(playground.by(f"show-{SHOWN[step]}")).to_be_checked()
        expect(page.locator("#tour-title")).to_be_focused()
        assert_seen(playground)
        expect(page.locator("#tour-attempt")).to_be_in_viewport(ratio=1)
        if step in INSIDE:
            assert is_on_top(playground.by("inside-on"))
        if step in (6, 9):
            assert_accessible(page, f"lesson {step}", '[data-testid="tour-card"]')
        playground.by("tour-next").click()
    assert len(titles) == LESSONS
    expect(card).to_be_hidden()
    assert page.url == f"{playground.url}/"
    expect(playground.by("tour")).to_be_focused()
    expect(playground.by("show-weights")).to_be_checked()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_link_opens_the_tour_at_its_lesson(playground: Playground) -> None:
    asked: list[str] = []

    def hear(request: Request) -> None:
        asked.append(request.url)

    playground.page.on("request", hear)
    playground.open("/?tour=6&batch_size=64")
    expect(playground.by("tour-card")).to_contain_text("6 of 12")
    expect(playground.by("inside-said")).to_contain_text("∂C/∂a of layer 2")
    expect(playground.by("inside-signs")).to_have_text("∂C: blue: positive, so down; orange: up")
    expect(playground.page.locator(".inside-heat").first).to_contain_text("positive, so down")
    playground.by("inside-neuron").nth(20).click()  # of layer 2
    playground.by("tour-next").click()
    name = playground.by("inside-parameter-name")
    expect(name).to_contain_text(re.compile("Weight: row .* → layer 1 "))
    line, code = (
        playground.page.locator(selector).evaluate("(e) => [e.offsetTop, e.scrollTop]")
        for selector in ("#inside-source [aria-current]", "#inside-source")
    )
    tops = playground.page.locator("#inside-source > *").evaluate_all(
        "(all) => all.map((e) => e.offsetTop)"
    )
    assert code[1] in tops  # nothing is cut at its upper edge
    assert code[1] <= line[0]
    playground.by("tour-back").click()
    assert playground.page.url.startswith(f"{playground.url}/runs/pretrained/inside?")
    playground.by("tour-back").click()
    expect(playground.by("inside-said")).to_contain_text("∂C/∂z of the outputs")
    playground.by("tour-back").click()
    expect(playground.by("tour-card")).to_contain_text("4 of 12")
    expect(playground.by("inside")).to_be_hidden()
    assert set(playground.query().split("&")) == {"tour=4", "batch_size=64"}
    playground.open("/runs/pretrained/inside?tour=9")
    expect(playground.by("tour-card")).to_contain_text("9 of 12")
    expect(playground.by("inside")).to_be_hidden()
    asked.clear()
    playground.open("/")
    playground.page.wait_for_load_state("networkidle")
    assert not [
        url for url in asked if "tour/tour.view" in url or "lessons" in url
    ]  # they are loaded with the tour


def test_the_tour_is_left_with_escape_and_ignores_lessons_that_are_none(
    playground: Playground,
) -> None:
    playground.open("/?tour=13")
    expect(playground.by("tour-card")).to_be_hidden()
    playground.by("tour").click()
    expect(playground.by("tour-card")).to_be_visible()
    playground.page.keyboard.press("Escape")
    expect(playground.by("tour-card")).to_be_hidden()


def test_the_page_is_used_during_the_tour(playground: Playground) -> None:
    """The lesson on the learning rate makes a step; the run keeps the tour in its address.

    The lesson on training begins a new network, and keeps the other. The last goes to the pad.
    """
    playground.open("/?tour=9&learning_rate=10&steps_per_second=1")
    playground.by("tour-do").click()
    playground.page.wait_for_url(re.compile("/runs/.*tour=9"))
    playground.wait_for_status("Paused after step 1")
    expect(playground.by("tour-card")).to_contain_text("9 of 12")
    playground.page.fill("#field-batch_size", "16")
    playground.page.wait_for_url(re.compile("batch_size=16.*tour=9"))
    spoilt = playground.page.url.partition("?")[0]
    playground.by("tour-next").click()
    expect(playground.by("tour-do")).to_have_text("Train a new network")
    playground.by("tour-do").click()
    playground.page.wait_for_url(lambda url: url.partition("?")[0] != spoilt)
    expect(playground.by("tour-card")).to_contain_text("10 of 12")
    expect(playground.by("learning-rate")).to_have_value("1")  # not that which spoilt it
    runs = playground.page.request.get(f"{playground.url}/api/runs").json()
    mine = {run["id"]: run for run in runs if run["yours"]}
    assert mine[spoilt.rpartition("/")[2]]["step"] == 1
    assert mine[playground.page.url.partition("?")[0].rpartition("/")[2]]["spec"][
        "learning_rate"
    ] == pytest.approx(1)
    for _ in range(2):
        playground.by("tour-next").click()
    expect(playground.by("tour-card")).to_contain_text("12 of 12")
    playground.by("tour-do").click()
    expect(playground.by("draw-pad")).to_be_focused()


def test_it_opens_no_other_network_than_that_which_is_open(playground: Playground) -> None:
    playground.open("/?steps_per_second=1")
    playground.by("step").click()
    playground.wait_for_status("Paused after step 1")
    mine = playground.page.url.partition("?")[0]
    playground.by("show-gradient").check(force=True)
    playground.draw(SEVEN)
    before = playground.picture(playground.by("draw-pad"))
    asked: list[str] = []

    def refuse(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    playground.page.on("dialog", refuse)
    playground.by("tour").click()
    for step in range(1, LESSONS + 1):
        expect(playground.by("tour-card")).to_contain_text(f"{step} of {LESSONS}")
        if step in INSIDE:
            expect(playground.by("inside-said")).to_contain_text(INSIDE[step])
        if step == 9:  # its button goes on with it
            playground.by("tour-do").click()
            playground.wait_for_status("Paused after step 2")
        assert playground.page.url.startswith(mine)
        playground.by("tour-next").click()
    assert asked == []
    expect(playground.by("tour-card")).to_be_hidden()
    assert playground.page.url.partition("?")[0] == mine
    expect(playground.by("show-gradient")).to_be_checked()
    assert playground.picture(playground.by("draw-pad")) == before


def test_a_chosen_parameter_is_let_go_for_the_learning_rate_and_comes_back(
    playground: Playground,
) -> None:
    playground.open()
    name = playground.by("nudge-name")
    playground.by("nudge-index").fill("12600")
    expect(name).not_to_contain_text("Downhill")
    chosen = name.inner_text()
    playground.by("tour").click()
    for _ in range(8):
        playground.by("tour-next").click()
    expect(playground.by("tour-card")).to_contain_text("9 of 12")
    expect(name).to_contain_text("Downhill")
    playground.by("tour-leave").click()
    expect(name).to_have_text(chosen)


def test_the_view_can_be_left_and_used_during_a_lesson_inside(playground: Playground) -> None:
    playground.open("/?tour=3")
    page = playground.page
    said = playground.by("inside-said")
    expect(said).to_contain_text("the cost C")
    expect(playground.by("tour-do")).to_be_hidden()
    playground.by("tour-fold").click()
    expect(page.locator("#tour-text")).to_be_hidden()
    expect(playground.by("tour-fold")).to_have_attribute("aria-expanded", "false")
    page.locator("#tour-title").focus()
    page.keyboard.press("s")  # no key of the playground's
    page.keyboard.press("ArrowLeft")
    expect(said).to_contain_text("the way forward has kept it")
    page.keyboard.press("ArrowRight")
    playground.by("inside-on").click()
    expect(said).to_contain_text("∂C/∂a of the outputs")
    assert "/runs/pretrained/" in page.url
    playground.by("inside-leave").click()
    expect(playground.by("inside")).to_be_hidden()
    expect(page.locator("#tour-ring")).to_be_hidden()
    playground.by("tour-do").click()  # Look inside
    expect(said).to_contain_text("the cost C")  # there again
    expect(page.locator("#tour-text")).to_be_visible()
    playground.by("tour-leave").click()
    expect(playground.by("tour-card")).to_be_hidden()
    expect(playground.by("inside")).to_be_visible()  # where one is
    page.keyboard.press("Escape")
    expect(playground.by("inside")).to_be_hidden()
    assert page.url == f"{playground.url}/"


def test_the_frame_follows_what_it_is_around(playground: Playground) -> None:
    """A chosen parameter makes the card above higher; the network stays in sight."""
    playground.open("/?tour=4")
    playground.wait_until("document.getElementById('tour-ring').offsetWidth > 100")
    above = playground.by("nudge-card")
    before = above.bounding_box()
    playground.by("nudge-index").fill("12600")
    playground.wait_until(
        """() => {
          const [ring, panel] = ["tour-ring", "gradient-panel"].map((id) =>
            document.getElementById(id).getBoundingClientRect().top);
          return !document.getElementById("nudge-line").hidden && Math.abs(ring + 4 - panel) < 1;
        }"""
    )
    assert above.bounding_box() != before
    for selector in ("#legend-scales", "#scene-image-title"):
        assert is_on_top(playground.page.locator(selector))
