"""The guided tour: six steps over the page itself, left at any moment, linked to."""

import re

import pytest
from playwright.sync_api import Dialog, expect

from tests.browser.playground import Playground


def test_the_tour_goes_through_the_page(playground: Playground) -> None:
    playground.open()
    card = playground.by("tour-card")
    expect(card).to_be_hidden()
    playground.by("tour").click()
    titles = set()
    for step in range(1, 7):
        expect(card).to_contain_text(f"{step} of 6")
        assert f"tour={step}" in playground.query()
        titles.add(card.get_by_role("heading").inner_text())
        playground.by("tour-next").click()
    assert len(titles) == 6
    expect(card).to_be_hidden()
    assert "tour" not in playground.query()
    expect(playground.by("tour")).to_be_focused()


def test_a_link_opens_the_tour_at_its_step(playground: Playground) -> None:
    playground.open("/?tour=3&batch_size=64")
    expect(playground.by("tour-card")).to_contain_text("3 of 6")
    playground.by("tour-back").click()
    expect(playground.by("tour-card")).to_contain_text("2 of 6")
    assert set(playground.query().split("&")) == {"tour=2", "batch_size=64"}


def test_the_tour_is_left_with_escape_and_ignores_steps_that_are_none(
    playground: Playground,
) -> None:
    playground.open("/?tour=7")
    expect(playground.by("tour-card")).to_be_hidden()
    playground.by("tour").click()
    expect(playground.by("tour-card")).to_be_visible()
    playground.page.keyboard.press("Escape")
    expect(playground.by("tour-card")).to_be_hidden()


def test_the_page_can_be_used_during_the_tour(playground: Playground) -> None:
    """The step that speaks of the gradient makes one; the run keeps the tour in its address."""
    playground.open("/?tour=3")
    playground.by("tour-do").click()
    playground.page.wait_for_url(re.compile("/runs/.*tour=3"))
    playground.wait_for_status("Paused after step 1")
    expect(playground.by("tour-card")).to_contain_text("3 of 6")
    playground.page.fill("#field-batch_size", "16")
    playground.page.wait_for_url(re.compile("batch_size=16.*tour=3"))


def test_the_switch_says_what_is_shown_and_all_is_as_before_at_the_end(
    playground: Playground,
) -> None:
    playground.open()
    playground.by("show-gradient").check(force=True)
    playground.by("tour").click()
    for shown in ("weights", "gradient", "gradient", "weights", "gradient", "activations"):
        expect(playground.by(f"show-{shown}")).to_be_checked()
        playground.by("tour-next").click()
    expect(playground.by("show-gradient")).to_be_checked()


def test_nobodys_network_is_replaced_without_asking(playground: Playground) -> None:
    playground.open("/?steps_per_second=1")
    playground.by("step").click()
    playground.wait_for_status("Paused after step 1")
    mine = playground.page.url
    playground.by("tour").click()
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.accept() if len(asked) > 1 else dialog.dismiss()

    playground.page.on("dialog", answer)
    playground.by("tour-do").click()
    assert "takes the place of yours" in asked[0]
    playground.wait_for_status("Paused after step 1")
    assert playground.page.url.partition("?")[0] == mine.partition("?")[0]
    playground.by("tour-do").click()
    playground.wait_for_status("An untrained network")


@pytest.mark.parametrize("screen", [{"viewport": {"width": 390, "height": 844}}])
def test_on_a_phone_the_card_leaves_room_for_what_it_speaks_of(playground: Playground) -> None:
    playground.open("/?tour=2")
    card = playground.by("tour-card")
    expect(card).to_be_visible()
    playground.wait_until(
        """() => {
          const card = document.querySelector("#tour").getBoundingClientRect();
          const chart = document.querySelector("#cost-chart-figure").getBoundingClientRect();
          return chart.top >= 0 && chart.top < card.top - 40 && card.bottom <= innerHeight;
        }"""
    )
    assert playground.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_step_on_backpropagation_leads_inside(playground: Playground) -> None:
    playground.open("/?tour=5")
    playground.by("tour-do").click()
    expect(playground.by("inside-said")).to_contain_text("Step 1 of")
    assert playground.page.url.endswith("/inside?tour=5")
    expect(playground.by("tour-card")).to_contain_text("5 of 6")
    playground.by("tour-leave").click()
    expect(playground.by("tour-card")).to_be_hidden()
    playground.page.keyboard.press("Escape")
    expect(playground.by("inside")).to_be_hidden()


def test_the_last_step_goes_to_the_pad(playground: Playground) -> None:
    playground.open("/?tour=6")
    playground.by("tour-do").click()
    expect(playground.by("draw-pad")).to_be_focused()
