"""The landscape, in Look inside: drawn, turned, compared, and what was learned when."""

import re

from playwright.sync_api import expect

from tests.browser.playground import Playground
from tests.browser.test_accessibility import assert_accessible


def test_the_way_that_a_training_took(playground: Playground) -> None:
    playground.open("/?epochs=6&train_examples=640&steps_per_second=null")
    page = playground.page
    spec = {"epochs": 5, "train_examples": 640, "seed": 3}
    other = page.request.post(f"{playground.url}/api/runs", data=spec).json()["id"]
    playground.train_without_waiting()
    playground.wait_for_status("Finished")
    playground.by("look-inside").press("Enter")
    expect(playground.by("inside-said")).not_to_be_empty()
    with page.expect_response("**/landscape?plane=path") as answered:
        playground.by("inside-tab-landscape").click()
    found = answered.value.json()
    assert [point["epoch"] for point in found["path"]] == list(range(7))
    expect(playground.by("landscape-words")).to_contain_text("640 training digits")
    expect(playground.by("landscape-path").locator("tr")).to_have_count(7)
    plot = playground.by("landscape-plot")
    expect(plot.locator(".contourlayer").first).to_be_attached()
    expect(playground.by("learned-curves").locator("figure")).to_have_count(10)
    expect(playground.by("learned-points").locator("text")).to_have_count(500)
    last = playground.by("learned-points").locator("text").first.get_attribute("x")
    slider = playground.by("learned-epoch")
    slider.focus()
    page.keyboard.press("Home")
    expect(playground.by("learned-now")).to_have_text("0")
    expect(playground.by("learned-points").locator("text").first).not_to_have_attribute(
        "x", last or ""
    )
    for width, height in ((390, 844), (1024, 768), (1440, 900)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.getElementById('inside-landscape').scrollWidth") <= width
        assert_accessible(page, f"landscape, {width}", "#inside")

    with page.expect_response(f"**/landscape?plane=path&with={other}") as answered:
        playground.by("landscape-with").select_option(other)
    chosen = playground.by("landscape-with").locator("option:checked")
    expect(chosen).to_have_text(re.compile("seed 3"))
    assert [point["epoch"] for point in answered.value.json()["with_path"]] == list(range(6))
    expect(playground.by("landscape-words")).to_contain_text("of the two paths’ variance")
    expect(playground.by("landscape-path").locator("tr")).to_have_count(13)
    expect(plot.locator(".scatterlayer .trace")).to_have_count(2)
    playground.by("landscape-with").select_option("")

    for plane, words in (("walk", "nothing was learned"), ("random", "Li et al.")):
        with page.expect_response(f"**/landscape?plane={plane}"):
            playground.by("landscape-plane").select_option(plane)
        expect(page.locator("#landscape-about")).to_contain_text(words)
    playground.by("landscape-turn").check()
    expect(plot.locator("canvas").first).to_be_attached()
    eye = "() => document.getElementById('landscape-plot').layout.scene.camera.eye"
    before = page.evaluate(eye)
    playground.by("landscape-angle").press("ArrowRight")
    assert page.evaluate(eye) != before
    expect(page.locator("#landscape-problem")).to_have_text(re.compile("^$"))
