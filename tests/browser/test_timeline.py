"""The timeline: looking back at the epochs of a run, and live again."""

import re

from playwright.sync_api import expect

from tests.browser.playground import SEVEN, Playground

FAST = "/?steps_per_second=null&epochs=6"


def trained(playground: Playground, *, charts: bool = False) -> None:
    playground.open(FAST, charts=charts)
    playground.train_without_waiting()
    playground.wait_for_status("Finished")
    expect(playground.page.locator("#timeline-stops option")).to_have_count(7)


def test_the_mouse_goes_back_and_the_keyboard_from_epoch_to_epoch(playground: Playground) -> None:
    trained(playground, charts=True)
    playground.draw(SEVEN)
    expect(playground.by("prediction")).not_to_have_text("")
    now = playground.first_tile()
    outputs = playground.page.locator(".output span")
    read = outputs.all_inner_texts()
    slider = playground.by("timeline")
    box = slider.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    playground.page.mouse.move(box["x"] + box["width"] - 8, middle)
    playground.page.mouse.down()
    playground.page.mouse.move(box["x"] + box["width"] / 2, middle, steps=4)
    playground.page.mouse.move(box["x"] + 3, middle, steps=4)
    playground.page.mouse.up()
    playground.wait_for_another_tile(now)
    expect(slider).to_have_value("0")
    expect(playground.by("timeline-words")).to_have_text("untrained (epoch 0), looking back")
    untrained = playground.first_tile()
    expect(outputs).not_to_have_text(read)  # the untrained network has read the drawing
    playground.by("live").click()
    expect(outputs).to_have_text(read)
    playground.wait_for_another_tile(untrained)
    expect(playground.by("timeline-words")).to_have_text("live: epoch 6")
    expect(slider).to_have_value("6")

    chart = playground.by("accuracy-chart")
    figures = {heard["epoch"]: heard for heard in playground.epochs_heard()}
    slider.focus()
    slider.press("ArrowLeft")
    slider.press("ArrowLeft")
    expect(slider).to_have_attribute("aria-valuetext", "epoch 4 of 6, looking back")
    words = f"Epoch 4: training {100 * figures[4]['accuracy']:.1f}%"
    expect(chart).to_have_attribute("aria-label", re.compile(words))
    expect(chart.locator(".chart-line.past")).to_be_visible()
    slider.press("Home")
    expect(slider).to_have_attribute("aria-valuetext", "untrained (epoch 0), looking back")
    slider.press("End")
    expect(slider).to_have_attribute("aria-valuetext", "live: epoch 6")
    expect(chart.locator(".chart-line.past")).to_be_hidden()
    slider.press("Home")
    expect(playground.by("live")).to_be_enabled()
    playground.by("reset").click()  # another run is live
    playground.wait_for_status("untrained")
    expect(playground.by("live")).to_be_disabled()
    expect(slider).to_be_disabled()


def test_training_goes_on_while_one_looks_back_and_resuming_is_live(playground: Playground) -> None:
    playground.open("/?epochs=null&steps_per_second=1000")
    playground.train()
    playground.wait_for_epoch(3)
    slider = playground.by("timeline")
    expect(slider).to_be_enabled()
    slider.press("Home")
    expect(playground.by("timeline-words")).to_contain_text("looking back")
    playground.wait_for_status("Looking back: after epoch 0.")
    expect(playground.by("epoch")).to_have_text("0")  # what the header says is of what is shown
    heard = len(playground.epochs_heard())
    while len(playground.epochs_heard()) < heard + 2:
        playground.wait_for_frames()
    expect(playground.by("timeline-words")).to_contain_text("looking back")
    playground.pause()
    expect(playground.by("live")).to_be_enabled()
    playground.by("train").click()
    expect(playground.by("timeline-words")).to_contain_text("live")
    playground.pause()


def test_an_epoch_that_is_lost_or_broken_is_told_and_leaves_the_slider(
    playground: Playground, expected_problems: list[str]
) -> None:
    expected_problems.append("404")
    playground.page.emulate_media(reduced_motion="reduce")  # the pictures jump to what they show
    trained(playground)
    playground.page.route(
        re.compile(r"checkpoint\?epoch=5"),
        lambda route: route.fulfill(status=404, json={"detail": "no checkpoint"}),
    )
    playground.page.route(
        re.compile(r"checkpoint\?epoch=4"),
        lambda route: route.fulfill(body=b"junk", content_type="application/octet-stream"),
    )
    slider = playground.by("timeline")
    problem = playground.page.locator("#timeline-problem")
    now = playground.first_tile()
    slider.press("ArrowLeft")
    expect(problem).to_have_text("Epoch 5 is no longer kept.")
    slider.press("ArrowLeft")
    expect(problem).to_have_text("Epoch 4 can't be read.")
    assert playground.first_tile() == now
    expect(playground.page.locator("#timeline-stops option")).to_have_count(5)
    slider.press("ArrowLeft")
    expect(slider).to_have_attribute("aria-valuetext", "epoch 3 of 6, looking back")
    expect(problem).to_have_text("")
