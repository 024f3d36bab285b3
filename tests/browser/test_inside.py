"""Look inside: backpropagation with the digit on the pad, line by line, beside its code."""

import numpy as np
import pytest
import safetensors.numpy
from playwright.sync_api import Request, expect

from tests.browser.inside import Inside, look_inside
from tests.browser.playground import Playground
from tests.browser.test_accessibility import assert_accessible, on_each_screen

LINKED = {
    "source": "#inside-source .lit",
    "formula": "#inside-rule .lit",
    "matrix": "#inside-heats i.lit",
    "picture": ".inside-neuron.lit",
}

TOO_SMALL = """[...document.querySelectorAll("#inside *")].filter((element) =>
  element.checkVisibility() && element.innerText?.trim() && !element.children.length &&
  parseFloat(getComputedStyle(element).fontSize) < 12 &&
  parseFloat(getComputedStyle(element).fontSize) > 0).map((element) => element.outerHTML)"""


def test_a_drawn_seven_is_walked_to_its_end_by_keyboard_alone(playground: Playground) -> None:
    inside = look_inside(playground)
    page = inside.page
    assert page.url.endswith("/runs/pretrained/inside")
    expect(page.get_by_role("heading", name="Look inside")).to_be_focused()
    expect(inside.by("reads")).to_contain_text("reads a 7")
    said = set()
    for step, happened in enumerate(inside.steps):
        expect(inside.by("said")).to_contain_text(f"Step {step + 1} of {len(inside.steps)}: ")
        said.add(inside.by("said").inner_text())
        line = page.locator("#inside-source [aria-current=step]")
        expect(line).to_have_attribute("data-line", str(happened["line"]))
        expect(line).to_be_in_viewport()
        expect(line).to_contain_text(happened["name"])
        page.keyboard.press("ArrowRight")
    assert len(said) == len(inside.steps)
    expect(inside.by("on")).to_be_disabled()
    page.keyboard.press("Escape")
    expect(inside.playground.by("inside")).to_be_hidden()
    expect(playground.by("look-inside")).to_be_focused()
    assert page.url == f"{playground.url}/"
    expect(playground.by("prediction")).to_have_text("7")  # the same page, nothing is lost
    page.go_forward()
    expect(playground.by("inside")).to_be_visible()
    page.go_back()
    expect(playground.by("inside")).to_be_hidden()


def test_the_numbers_on_the_page_are_those_of_the_api(inside: Inside) -> None:
    inside.go_to("z.0")
    first = inside.chosen(0)
    assert inside.number("value") == pytest.approx(inside.tensors["z.0"][first], rel=1e-12)
    inside.page.keyboard.press("ArrowDown")
    assert inside.number("value") == pytest.approx(
        inside.tensors["z.0"][(first + 1) % 16], rel=1e-12
    )
    inside.go_to("cost")
    assert inside.number("value") == pytest.approx(float(inside.tensors["cost"]), rel=1e-9)
    inside.go_to("C_over_activations.0")
    neuron = inside.chosen(0)
    assert inside.number("value") == pytest.approx(
        inside.tensors["C_over_activations.0"][neuron], rel=1e-12
    )
    inside.go_to("C_over_z.2")
    outputs = inside.tensors["activations.2"]
    assert inside.number("value") == pytest.approx(outputs[7] - 1, rel=1e-12)


def test_another_truth_is_walked_through(playground: Playground) -> None:
    inside = look_inside(playground)
    inside.go_to("C_over_z.2")
    with inside.page.expect_response("**/walk?*truth=1*") as answered:
        inside.by("truth").select_option("1")
    tensors = safetensors.numpy.load(answered.value.body())
    inside.page.locator(".inside-neuron[aria-label^='the output for 1']").click()
    assert inside.number("value") == pytest.approx(tensors["activations.2"][1] - 1, rel=1e-12)
    expect(inside.by("said")).to_contain_text("Step 12")  # where it was


@pytest.mark.parametrize("part", LINKED)
def test_what_is_pointed_at_lights_up_in_the_three_other_places(inside: Inside, part: str) -> None:
    inside.go_to("z.1")
    page = inside.page
    target = {
        "source": "#inside-source [aria-current] [data-name=z]",
        "formula": "#inside-rule .letter >> nth=0",
        "matrix": ".heat-box >> nth=0",
        "picture": ".inside-neuron.chosen >> nth=1",
    }[part]
    page.mouse.move(0, 0)
    page.locator(target).hover()
    for name, lit in LINKED.items():
        if name != "formula" or part != "matrix":  # the cell under the pointer is another neuron's
            expect(page.locator(lit).first).to_be_visible()
    expect(page.locator("#inside-source .lit")).to_have_text("z")
    page.keyboard.press("ArrowRight")  # it stays right while a step is made
    inside.playground.wait_for_frames()
    inside.playground.wait_for_frames()
    assert not page.locator("#inside-source .lit:not([aria-current] *)").count()
    page.mouse.move(0, 0)
    for lit in LINKED.values():
        expect(page.locator(lit)).to_have_count(0)


def test_a_weight_s_symbol_lights_its_edge_and_its_cell(inside: Inside) -> None:
    inside.go_to("gradient.weights.1")
    page = inside.page
    page.locator("#inside-rule .letter").first.hover()
    expect(page.locator(".inside-edges .lit")).to_have_count(1)
    expect(page.locator("#inside-heats i.lit")).to_have_count(1)
    expect(page.locator("#inside-source .lit")).to_have_text("C_over_weights")


def test_scrubbing_back_shows_the_earlier_state(inside: Inside) -> None:
    page = inside.page
    inside.go_to("activations.0")
    before = page.locator("#inside-picture, #inside-source, #inside-line")
    earlier = [part.inner_html() for part in before.all()]
    page.keyboard.press("End")
    expect(inside.by("said")).to_contain_text("the nudge")
    inside.by("range").fill("1")
    expect(inside.by("said")).to_contain_text("Step 2 of")
    inside.playground.wait_for_frames()
    assert [part.inner_html() for part in before.all()] == earlier


def test_the_chain_s_product_is_the_gradient_s_cell(inside: Inside) -> None:
    inside.by("panel-parameter").click()
    theta = np.concatenate(
        [
            inside.tensors[f"gradient.{kind}.{layer}"].ravel()
            for layer in range(3)
            for kind in ("weights", "biases")
        ]
    )
    assert theta.size == 13_002
    strongest = int(np.argmax(np.abs(theta[:12544])))
    for index in (strongest, 12550, 12600, 12900, 13001):
        inside.by("index").fill(str(index))
        inside.by("index").press("Enter")
        expect(inside.by("index")).to_have_value(str(index))
        product = inside.number("product")
        assert product == pytest.approx(theta[index], rel=1e-9, abs=1e-300)
        assert inside.number("slope") == theta[index]
    inside.by("index").fill(str(strongest))
    inside.by("index").press("Enter")
    inside.by("amount").fill("0.01")
    inside.playground.wait_for_frames()
    predicted, measured = (
        float(inside.by(name).locator("data").get_attribute("value"))
        for name in ("predicted", "measured")
    )
    assert predicted == pytest.approx(0.01 * theta[strongest], rel=1e-9)
    assert measured == pytest.approx(predicted, rel=0.05)


def test_the_first_load_of_the_playground_has_nothing_of_it(playground: Playground) -> None:
    asked: list[str] = []

    def hear(request: Request) -> None:
        asked.append(request.url)

    playground.page.on("request", hear)
    playground.open()
    playground.page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "/inside/" in url]
    playground.by("look-inside").click()
    expect(playground.by("inside-said")).to_contain_text("Step 1 of")
    assert [url for url in asked if "/inside/inside.view.js" in url]


def test_a_link_opens_it_with_a_digit_that_is_misread(playground: Playground) -> None:
    playground.open("/runs/pretrained/inside")
    expect(playground.by("inside-said")).to_contain_text("Step 1 of 28")
    expect(playground.by("inside-reads")).to_contain_text("The network reads")
    read = playground.by("inside-reads").inner_text().split()[4]
    assert playground.by("inside-truth").input_value() != read
    note = playground.page.locator("#inside-otherwise")
    expect(note).to_contain_text("ReLU in its hidden layers, softmax for its outputs")
    playground.by("inside-leave").click()
    expect(playground.by("inside")).to_be_hidden()
    assert playground.page.url == f"{playground.url}/runs/pretrained"


def test_nothing_keeps_anybody_out_of_it(playground: Playground) -> None:
    """The way from one state to the next is gone on the phone."""
    inside = look_inside(playground)
    page = inside.page
    for width in on_each_screen(playground):
        assert_accessible(page, f"at first, {width}", "#inside")
    for tensor in ("C_over_activations.1", "gradient.weights.0"):
        inside.go_to(tensor)
        for width in on_each_screen(playground):
            assert_accessible(page, f"{tensor}, {width}", "#inside")
    inside.by("panel-parameter").click()
    for width in on_each_screen(playground):
        assert_accessible(page, f"one parameter, {width}", "#inside")
    inside.by("panel-batch").click()
    inside.by("fetch").click()
    expect(inside.by("arrived")).to_have_text("16 of 16 are here.")
    for width in on_each_screen(playground):
        assert_accessible(page, f"a batch, {width}", "#inside")
    inside.by("panel-line").click()
    inside.go_to("z.2")
    inside.by("asks").check()
    expect(inside.by("question")).to_be_visible()
    for width in on_each_screen(playground):
        assert_accessible(page, f"a question, {width}", "#inside")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.evaluate(TOO_SMALL) == []
