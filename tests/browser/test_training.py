"""Training on the page: the buttons, the figures, the address, a reload."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.playground import Playground

FAST = "/?steps_per_second=null"
LONG = "/?epochs=null&steps_per_second=400&train_examples=640"  # twenty epochs a second


def test_opens_on_the_pretrained_network(start_page: Playground) -> None:
    expect(start_page.by("status")).to_contain_text("MNIST's 10,000 test digits")
    expect(start_page.by("train")).to_be_enabled()
    expect(start_page.by("pause")).to_be_disabled()
    expect(start_page.by("weight-tile")).to_have_count(16)
    expect(start_page.by("learning-rate")).to_have_value(re.compile(r"^\d+(\.\d+)?$"))
    expect(start_page.by("batch-size")).to_have_value("32")


def test_train_raises_the_epoch_and_lowers_the_cost(playground: Playground) -> None:
    playground.open()
    playground.train()
    playground.wait_for_epoch(1)
    first = playground.epochs_heard()[0]
    playground.page.locator("#pace").press("End")
    playground.wait_for_epoch(8)
    later = playground.epochs_heard()[-1]
    assert later["cost"] < first["cost"]
    numbers = [figures["epoch"] for figures in playground.epochs_heard()]
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_run_is_paused_and_steered_while_it_trains(playground: Playground) -> None:
    """What was changed is told first, after a reload, too."""
    playground.open(LONG)
    playground.train()
    playground.wait_for_epoch(1)
    playground.pause()
    expect(playground.by("pause")).to_be_disabled()
    expect(playground.by("train")).to_have_text("Go on")
    paused = playground.page.locator("#step-count").inner_text()
    playground.by("show-gradient").check()
    expect(playground.page.locator("#step-count")).to_have_text(paused)
    at = playground.epoch()
    playground.by("train").click()
    expect(playground.by("train")).to_be_disabled()
    playground.wait_for_epoch(at + 1)

    playground.by("learning-rate").fill("1000")
    playground.wait_for_status("Saturated")
    status = playground.by("status")
    expect(status).to_contain_text(
        re.compile(r"^\s*You raised the learning rate from 1 to 1000 at step \d+: set it back")
    )
    playground.page.reload()
    expect(status).to_contain_text("You raised the learning rate from 1 to 1000 after step")

    playground.by("learning-rate").fill("0.25")
    figures = playground.wait_for_epoch_event(learning_rate=0.25)
    assert figures["epoch"] > 1
    assert "learning_rate=0.25" in playground.query()
    expect(playground.by("pause")).to_be_enabled()  # it went on training
    slider = playground.page.get_by_label("Learning rate, as a slider")
    slider.focus()
    slider.press("Home")
    playground.wait_for_epoch_event(learning_rate=1e-5)
    expect(playground.by("learning-rate")).to_have_value(re.compile("0.00001|1e-5"))
    playground.pause()


def test_step_begins_a_paused_run_and_makes_one_nudge_each(playground: Playground) -> None:
    playground.open()
    playground.by("step").click()
    playground.page.wait_for_url(re.compile("/runs/"))
    # Who wants no motion is told it in one sentence.
    playground.wait_for_status("Paused after step 1. The cost of its 32 digits: ")
    expect(playground.by("story-batch")).to_be_hidden()
    steps = playground.page.locator("#step-count")
    expect(steps).to_have_text("1")
    expect(playground.by("train")).to_be_enabled()
    expect(playground.by("pause")).to_be_disabled()
    before = playground.first_tile()
    playground.by("step").click()
    expect(steps).to_have_text("2")
    playground.wait_for_another_tile(before)
    expect(playground.by("epoch")).to_have_text("0")


def test_a_page_translator_does_not_stop_the_figures(playground: Playground) -> None:
    """Other words stand in elements of their own, but for what it is told to leave."""
    playground.open(LONG)
    translate = """() => {
      const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const found = [];
      while (texts.nextNode()) found.push(texts.currentNode);
      for (const text of found) {
        const left = text.parentElement.closest("script, font, [translate=no]");
        if (left || !text.data.trim()) continue;
        const font = document.createElement("font");
        font.append(`«${text.data}»`);
        text.replaceWith(font);
      }
    }"""
    playground.page.evaluate(translate)
    expect(playground.by("next-digit")).to_have_text("«Next test digit»")
    playground.train()
    playground.page.evaluate(translate)
    playground.wait_for_epoch(3)
    playground.draw([(0.5, 0.2), (0.5, 0.8)])
    expect(playground.by("prediction")).to_have_text(re.compile(r"^\d$"))
    playground.pause()
    playground.wait_for_status("Paused after step")
    expect(playground.by("next-digit")).to_have_text("«Next test digit»")
    assert playground.field("activation").input_value() == "sigmoid"


# Of what the page was just asking the first of the two runs, which the second has replaced.
@pytest.mark.parametrize("expected_problems", [["404"]])
def test_a_double_click_on_reset_leaves_one_run(playground: Playground) -> None:
    def runs() -> set[str]:
        listed = playground.page.request.get(f"{playground.url}/api/runs").json()
        return {run["id"] for run in listed}

    playground.open()
    before = runs()
    playground.by("reset").dblclick()
    playground.wait_for_status("An untrained network")
    playground.by("step").click()
    playground.wait_for_status("Paused after step 1")
    assert len(runs() - before) == 1


def test_reset_begins_again_with_one_call(playground: Playground) -> None:
    playground.open(LONG)
    playground.train_without_waiting()
    playground.wait_for_epoch(2)
    first_run = playground.page.url
    called: list[str] = []
    playground.page.on(
        "request",
        lambda request: called.append(request.url) if request.method != "GET" else None,
    )
    playground.by("reset").click()
    playground.page.wait_for_url(lambda url: url != first_run)
    expect(playground.by("epoch")).to_have_text("0")
    playground.wait_for_status("untrained")
    expect(playground.by("train")).to_be_enabled()
    run = first_run.partition("?")[0].rpartition("/")[2]
    assert called == [f"{playground.url}/api/runs?paused=true&instead_of={run}"]
    playground.page.go_back()
    playground.wait_for_epoch(2)


def test_back_forward_and_a_reload_show_the_same_run_with_its_whole_history(
    playground: Playground,
) -> None:
    playground.open(FAST + "&seed=5&hidden=12")
    playground.train_without_waiting()
    playground.wait_for_status("Finished")
    history = playground.epochs_heard()
    assert [figures["epoch"] for figures in history] == list(range(1, 31))
    run = playground.page.url
    playground.page.go_back()
    playground.wait_for_status("MNIST's 10,000 test digits")
    playground.page.go_forward()
    playground.wait_for_status("Finished")
    assert playground.page.url == run
    playground.events.clear()
    playground.page.goto(playground.page.url.partition("?")[0])  # the link as one would share it
    playground.wait_for_status("Finished")
    expect(playground.by("epoch")).to_have_text("30")
    reloaded = playground.epochs_heard()
    assert reloaded == history
    expect(playground.field("hidden")).to_have_value("12")
    expect(playground.field("seed")).to_have_value("5")
    expect(playground.by("weight-tile")).to_have_count(12)


def test_a_finished_run_goes_on_when_its_epochs_are_raised(playground: Playground) -> None:
    """It is one with the seed's own full batch, of which one step is an epoch."""
    playground.open(FAST + "&batch_size=full&epochs=4")
    expect(playground.by("batch-size")).to_have_value("full")
    playground.train_without_waiting()
    playground.wait_for_status("Finished")
    assert [figures["step"] for figures in playground.epochs_heard()] == [1, 2, 3, 4]
    run = playground.page.url.partition("?")[0]
    expect(playground.by("train")).to_have_text("Train a new network")
    playground.field("epochs").fill("6")
    expect(playground.by("train")).to_have_text("Go on")
    playground.by("train").click()
    playground.wait_for_epoch(6)
    playground.wait_for_status("Finished")
    assert playground.page.url.partition("?")[0] == run
    playground.by("train").click()
    playground.page.wait_for_url(lambda url: not url.startswith(run))


def test_divergence_is_told_and_a_smaller_rate_offered(playground: Playground) -> None:
    playground.open(
        FAST + "&activation=identity&output=softmax&cost=cross-entropy&learning_rate=1000"
    )
    playground.train_without_waiting()
    playground.wait_for_status("Diverged")
    diverged = playground.page.url.partition("?")[0]
    playground.page.get_by_role("button", name="Start again with rate 100").click()
    expect(playground.by("learning-rate")).to_have_value("100")
    playground.page.wait_for_url(lambda url: url.partition("?")[0] != diverged)
    run = playground.page.url.partition("?")[0].replace("/runs/", "/api/runs/")
    assert playground.page.request.get(run).json()["spec"]["learning_rate"] == 100


def test_a_run_that_does_not_learn_is_told_of_and_what_differs_from_one_that_did(
    playground: Playground,
) -> None:
    playground.open(FAST + "&epochs=2&initializer=zeros")
    playground.train_without_waiting()
    playground.wait_for_status("All neurons of a layer stay equal")
    playground.field("initializer").select_option("xavier")
    playground.field("epochs").fill("6")
    playground.by("train").click()
    playground.wait_for_status("Finished. It reads")
    playground.by("learning-rate").fill("1000")
    playground.by("train").click()
    playground.wait_for_status("Saturated")
    playground.wait_for_status(
        "Since your last run that learned you raised the learning rate from 1 to 1000"
    )


def test_a_deleted_run_is_told_and_does_not_come_back(
    playground: Playground, expected_problems: list[str]
) -> None:
    playground.open(LONG)
    playground.train()
    run = playground.page.url.partition("?")[0].rpartition("/")[2]
    expected_problems.append("404")
    deleted = playground.page.request.delete(f"{playground.url}/api/runs/{run}")  # with the cookie
    assert deleted.status == 204
    playground.wait_until("document.querySelector('#status').dataset.tone === 'bad'")


def test_any_architecture_is_drawn(playground: Playground) -> None:
    playground.open(FAST + "&epochs=1&hidden=")
    for hidden in ("", "8, 8, 8, 8", "100, 5"):
        playground.field("hidden").fill(hidden)
        playground.by("train").click()
        widths = [int(width) for width in hidden.split(",") if width] or [10]
        expect(playground.by("weight-tile")).to_have_count(widths[0])
        expect(playground.page.locator(".layer")).to_have_count(len(widths) + (hidden != ""))
        playground.wait_for_status("Finished")
        overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert playground.page.evaluate(overflow) == 0
