"""The page's layout on every screen, and its use without a mouse."""

import re

from playwright.sync_api import ViewportSize, expect

from tests.browser.playground import ONE, SEVEN, Playground

DESKTOP: ViewportSize = {"width": 1440, "height": 900}
SMALL: ViewportSize = {"width": 1024, "height": 768}
PHONE: ViewportSize = {"width": 390, "height": 844}


def test_nothing_overflows(playground: Playground) -> None:
    playground.open("/?epochs=2&steps_per_second=null", charts=True)
    playground.train_without_waiting()
    playground.wait_for_status("Finished")
    playground.draw(SEVEN)
    playground.wait_until("document.querySelectorAll('.main-svg').length > 0")
    wide = """() => [...document.querySelectorAll("body *")]
          .filter((element) => element.checkVisibility() && element.getClientRects().length > 0)
          .filter((element) => !element.closest(".scene, .table-box, .unseen"))
          .filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5)
          .map((element) => element.outerHTML.slice(0, 80))"""
    for size in (DESKTOP, SMALL, PHONE):
        playground.page.set_viewport_size(size)
        playground.page.evaluate("new Promise(requestAnimationFrame)")
        assert playground.page.evaluate(wide) == []
        assert playground.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_whole_story_is_on_one_screen(start_page: Playground) -> None:
    for testid in (
        "draw-pad", "prediction", "train", "network", "weight-tile", "status",
        "cost-chart", "nudge-picture", "gradient-cells", "sensitive-list",
    ):  # fmt: skip
        box = start_page.by(testid).last.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= DESKTOP["height"], testid


def test_on_a_phone_the_pad_and_the_answer_come_first(playground: Playground) -> None:
    playground.page.set_viewport_size(PHONE)
    playground.open()
    for testid in ("train", "draw-pad", "prediction", "status"):
        box = playground.by(testid).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= PHONE["height"], testid


def test_training_moves_nothing(playground: Playground) -> None:
    """No layout shift: each panel, button and field stays where it is, whatever the state."""
    places = """() => Object.fromEntries(
      [...document.querySelectorAll(
        "header *, .panel, figure, .plot, .field, .neuron, h2, .caption")]
        .filter((element) => !element.closest(".inspector, .status, svg, #epoch-of"))
        .map((element, i) => [i + element.tagName + element.id, element.getBoundingClientRect()])
        .map(([name, { x, y, width, height }]) => [name, [x, y, width, height].map(Math.round)])
        .filter(([name, [, , width]]) => width > 0 && !/^\\d+SPAN/.test(name)))"""
    playground.open("/?steps_per_second=400&epochs=null&train_examples=640", charts=True)
    playground.wait_until("window.Plotly !== undefined")
    before = playground.page.evaluate(places)
    playground.train()
    playground.wait_for_epoch(3)
    playground.draw(ONE)
    expect(playground.by("prediction")).not_to_have_text("")
    playground.pause()
    after = playground.page.evaluate(places)
    moved = {name: (box, after.get(name)) for name, box in before.items() if box != after.get(name)}
    assert moved == {}


def test_everything_is_reached_by_keyboard(playground: Playground) -> None:
    playground.open()
    playground.draw(ONE)  # an empty pad has nothing to clear
    playground.open_more()
    playground.page.evaluate(
        """() => {
          document.activeElement.blur();
          window.reached = new Set();
          document.addEventListener("focusin", ({ target: { id, dataset, tagName } }) =>
            reached.add(id || dataset.testid || tagName));
        }"""
    )
    for _ in range(300):  # each misread digit has two buttons
        playground.page.keyboard.press("Tab")
    reached = set(playground.page.evaluate("[...reached]"))
    fields = playground.page.locator("form .field [name], #rate-slider").evaluate_all(
        "fields => fields.map(({ id }) => id)"
    )
    assert len(fields) == 19  # the eighteen hyperparameters of the form, and one slider
    buttons = {"reset", "train", "step", "pace", "clear-pad", "weight-tile"}
    buttons |= {"preset", "more", "defaults", "copy-link", "as-code", "layer-widen"}
    assert {*fields, *buttons} <= reached


def test_a_neuron_tells_its_numbers_to_the_keyboard(playground: Playground) -> None:
    playground.open()
    inspector = playground.page.locator("#inspector")
    playground.by("show-weights").focus()
    for _ in range(5):  # past the buttons that change the layer
        playground.page.keyboard.press("Tab")
    expect(playground.by("weight-tile").first).to_be_focused()
    expect(inspector).to_contain_text("Layer 1 #1")
    playground.page.keyboard.press("ArrowRight")
    playground.page.keyboard.press("ArrowDown")
    expect(playground.by("weight-tile").nth(3)).to_be_focused()
    expect(inspector).to_contain_text("Layer 1 #4")
    playground.page.keyboard.press("Enter")
    for key in ["ArrowRight"] * 3 + ["ArrowDown"] * 2:
        playground.page.keyboard.press(key)
    expect(inspector).to_contain_text("Pixel in row 3, column 4")
    expect(inspector).to_contain_text(re.compile(r"[+−]\d"))
    playground.page.keyboard.press("Escape")
    expect(inspector).to_be_hidden()


def test_a_pointed_weight_goes_on_changing(playground: Playground) -> None:
    playground.open("/?epochs=null&steps_per_second=400")
    playground.train()
    playground.wait_for_epoch(1)
    playground.by("weight-tile").nth(5).hover()
    figure = playground.page.locator("#inspector-figures dd").first
    expect(figure).to_have_text(re.compile(r"^[+−]"))
    before = figure.inner_text()
    expect(figure).not_to_have_text(before)
    playground.pause()


def test_every_control_has_a_name(start_page: Playground) -> None:
    nameless = start_page.page.evaluate(
        """() => [...document.querySelectorAll("button, input, select, summary, a, canvas[role]")]
          .filter((element) => !element.closest("[hidden]"))
          .filter((element) => !(element.getAttribute("aria-label") || element.textContent.trim() ||
            element.labels?.length))
          .map((element) => element.outerHTML)"""
    )
    assert nameless == []
