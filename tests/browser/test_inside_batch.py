"""Look inside: a batch, an epoch, and the questions before a step."""

import pytest
from playwright.sync_api import Request, expect

from tests.browser.inside import Inside
from tests.browser.playground import Playground


def test_a_batch_has_a_mean_gradient_and_a_cost_before_and_after(inside: Inside) -> None:
    playground = inside.playground
    inside.by("panel-batch").click()
    walks: list[str] = []

    def hear(request: Request) -> None:
        if "/walk?" in request.url:
            walks.append(request.url)

    inside.page.on("request", hear)
    inside.by("fetch").click()
    expect(inside.by("arrived")).to_have_text("16 of 16 are here.")
    assert len(walks) == 16
    expect(inside.page.locator("#inside-members canvas")).to_have_count(32)
    note = inside.page.locator("#inside-batch-blank")
    seen = set()
    for _ in range(16):  # one neuron after the other
        playground.wait_for_frames()
        is_blank = inside.page.evaluate(
            """[
              ...document.querySelectorAll("#inside-members canvas:nth-child(2)"),
            ].some((picture) =>
              picture.getContext("2d").getImageData(0, 0, picture.width, picture.height).data
                .every((value, i, all) => value === all[i % 4]))""",
        )
        assert note.is_visible() is is_blank
        seen.add(is_blank)
        inside.page.keyboard.press("ArrowDown")
    assert True in seen
    expect(inside.page.locator("#inside-rate-words")).to_have_text("0.00400")  # the run's own
    costs = inside.by("costs").locator("data")
    expect(costs).to_have_count(6)
    expect(inside.by("costs")).to_be_in_viewport(ratio=1)  # without scrolling
    now, _, along = (
        [float(costs.nth(2 * row + column).get_attribute("value") or "") for column in range(2)]
        for row in range(3)
    )
    assert now[0] == pytest.approx(float(inside.tensors["cost"]), rel=1e-6)
    assert along[1] < now[1]
    mean = playground.picture(inside.page.locator("#inside-mean canvas"))
    inside.by("taken").fill("3")
    expect(inside.page.locator("#inside-taken-words")).to_have_text("the mean of 3")
    assert playground.picture(inside.page.locator("#inside-mean canvas")) != mean


def test_a_batch_goes_on_to_an_epoch(playground: Playground) -> None:
    playground.open("/?train_examples=100&batch_size=32&seed=3")
    playground.by("step").click()
    playground.wait_for_status("Paused after step 1")
    playground.by("look-inside").click()
    expect(playground.by("inside-said")).to_contain_text("Step 1 of")
    expect(playground.page.locator("#inside-otherwise")).to_be_hidden()  # sigmoids and squares
    playground.by("inside-panel-batch").click()
    words = playground.by("inside-epoch-words")
    expect(words).to_contain_text("100 ÷ 32 = 3.125, so 4 steps are an epoch")
    said = playground.by("inside-epoch-said")
    playground.by("inside-epoch-step").click()
    expect(said).to_have_text("Step 2 is made.")
    playground.by("inside-epoch-end").click()
    expect(said).to_contain_text("Step 4 is made. Epoch 1 is over.")
    expect(playground.page.get_by_text("Walk through the newest network")).to_be_visible()
    run = playground.page.url.split("/")[-2]
    assert playground.page.request.get(f"{playground.url}/api/runs/{run}").json()["step"] == 4
    playground.page.keyboard.press("Escape")
    expect(playground.by("epoch")).to_have_text("1")
    playground.open("/runs/pretrained/inside")
    playground.by("inside-panel-batch").click()
    expect(words).to_contain_text("62,520 ÷ 40 = 1,563 steps are an epoch")
    expect(playground.by("inside-epoch-step")).to_be_hidden()
    expect(said).to_contain_text("train a network of your own and pause it")


def test_it_asks_first_where_that_is_wanted(inside: Inside) -> None:
    playground = inside.playground
    page = inside.page
    inside.by("panel-batch").click()
    page.keyboard.press("End")
    inside.by("asks").check()
    expect(inside.by("answer")).to_contain_text("No step is left to ask about")
    page.keyboard.press("Home")
    inside.by("asks").uncheck()
    inside.by("asks").check()
    expect(inside.by("answer")).to_contain_text("The first question will come here, before step")
    inside.go_to("z.2")
    inside.by("asks").uncheck()
    inside.by("asks").check()
    expect(inside.by("question")).to_be_visible()  # at once
    page.keyboard.press("Home")
    questions = set()
    answered = 0
    for _ in range(2 * len(inside.steps)):
        playground.wait_for_frames()
        if inside.by("question").is_visible():
            questions.add(inside.page.locator("#inside-question-words").inner_text())
            before = inside.by("said").inner_text()
            choices = inside.by("choice").count()
            assert 2 <= choices <= 4
            page.keyboard.press("2" if answered % 2 else "ArrowRight")  # answered, or skipped
            answered += 1
            expect(inside.by("question")).to_be_hidden()
            expect(inside.by("answer")).to_be_visible()
            expect(inside.by("said")).not_to_have_text(before)
        elif inside.by("on").is_disabled():
            break
        else:
            page.keyboard.press("ArrowRight")
    assert len(questions) >= 6
    inside.by("asks").uncheck()
    page.keyboard.press("Home")
    inside.go_to("gradient.biases.0")
    expect(inside.by("question")).to_be_hidden()
