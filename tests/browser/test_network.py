"""The network as one scene: its edges and modes, what is pointed at and pinned, any width."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.request import urlopen

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, expect
from safetensors.numpy import load

from nn_core.activations import ACTIVATIONS
from nn_core.network import Network
from tests.browser.playground import ONE, SEVEN, Playground
from tests.browser.shared_page import DESKTOP, Contexts, SharedPage, shared_page
from tests.servers import Server

SLOW = "/?epochs=null&steps_per_second=60"


@pytest.fixture
def start(opened: SharedPage) -> Iterator[Playground]:
    """The start page, with an empty pad; nothing is pointed at."""
    with opened.of_a_test([]):
        yield opened
        opened.page.mouse.move(10, 10)
        opened.clear_pad()


@pytest.fixture(scope="module")
def once_trained(contexts: Contexts, server: Server) -> Iterator[SharedPage]:
    """A page of a network that trains slowly, opened once."""
    with shared_page(contexts(DESKTOP), server, SLOW) as playground:
        yield playground


@pytest.fixture
def slow(once_trained: SharedPage) -> Iterator[Playground]:
    """That page; a test lets it train, and pauses it."""
    with once_trained.of_a_test([]):
        yield once_trained


def result(formula: Locator) -> float:
    """Return the number behind a formula's last sign of equality."""
    figure = formula.inner_text().rpartition("=")[2].strip()
    plain = str.maketrans(
        {"−": "-", "·": "e", "⁻": "-"} | dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", strict=True))
    )
    return float(figure.replace("·10", "·").translate(plain))


def neuron(playground: Playground, layer: int, index: int) -> Locator:
    """Return a neuron's button."""
    return playground.page.locator(f"[data-layer='{layer}'][data-neuron='{index}']")


def wait_for_other_edges(playground: Playground, before: str) -> None:
    """Wait until the edges are drawn differently."""
    playground.wait_until(
        "before => document.querySelector('#edges').toDataURL() !== before", before
    )


def dot(playground: Playground) -> dict[str, Any]:
    """Draw a dot; return what the server reads in it."""
    playground.page.mouse.click(*playground.on_pad([(0.5, 0.5)])[0])
    return playground.server_reads("pretrained")


def test_edges_and_pictures_follow_the_training(slow: Playground) -> None:
    edges, tile = slow.picture(slow.by("edges")), slow.first_tile()
    drawn = slow.by("edges").evaluate(
        "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(v => v > 0)"
    )
    assert drawn
    slow.train()
    wait_for_other_edges(slow, edges)
    slow.wait_for_another_tile(tile)
    edges, tile = slow.picture(slow.by("edges")), slow.first_tile()
    wait_for_other_edges(slow, edges)
    slow.wait_for_another_tile(tile)
    slow.pause()


def test_activations_show_what_the_drawing_sets_off(start: Playground) -> None:
    caption = start.page.locator("#network-caption")
    start.by("show-activations").check()
    expect(caption).to_contain_text("Draw a digit first")
    edges, tile = start.picture(start.by("edges")), start.first_tile()
    start.draw(SEVEN)
    wait_for_other_edges(start, edges)
    start.wait_for_another_tile(tile)
    expect(caption).to_contain_text("Pixel × weight")
    flowing = start.picture(start.by("edges"))
    start.by("show-weights").check()
    wait_for_other_edges(start, flowing)


def test_a_neuron_tells_its_z_and_a(start: Playground) -> None:
    answer = dot(start)
    with urlopen(f"{start.url}/api/runs/pretrained/checkpoint") as file:
        tensors = load(file.read())
    for layer in range(3):
        x = np.array([answer["image"], *answer["activations"]][layer])
        weights, biases = tensors[f"weights.{layer}"], tensors[f"biases.{layer}"]
        z = float((weights @ x + biases)[7])
        neuron(start, layer, 7).hover()
        names = ("Layer 1 #8", "Layer 2 #8", "Output 7")
        expect(start.by("inspector")).to_contain_text(names[layer])
        expect(start.by("formula-z")).to_contain_text("Σ wₖ·xₖ + b")
        expect(start.by("formula-z")).to_contain_text(re.compile(r"= −?\d.*= −?\d"))
        a = answer["activations"][layer][7]
        # The page has the weights as half-precision numbers, and tells three digits.
        assert result(start.by("formula-z")) == pytest.approx(z, rel=0.01, abs=0.02)
        assert result(start.by("formula-a")) == pytest.approx(a, rel=0.02, abs=0.02)
        expect(start.by("inspector-close")).to_be_hidden()  # it is not pinned


def test_what_is_pinned_stays_and_goes_on_changing(slow: Playground) -> None:
    slow.train()
    slow.draw(ONE)
    neuron(slow, 1, 3).click()
    slow.page.mouse.move(10, 10)
    inspector = slow.by("inspector")
    expect(inspector).to_contain_text("Layer 2 #4")
    expect(neuron(slow, 1, 3)).to_have_attribute("aria-pressed", "true")
    formula = slow.by("formula-z")
    expect(formula).to_contain_text(re.compile(r"= −?\d.*= −?\d"))
    before = formula.inner_text()
    expect(formula).not_to_have_text(before, use_inner_text=True)
    expect(inspector).to_be_visible()
    expect(slow.by("inspector-nudge")).to_have_text("Nudge the bias")
    slow.by("inspector-close").click()
    expect(inspector).to_be_hidden()
    expect(neuron(slow, 1, 3)).to_have_attribute("aria-pressed", "false")
    slow.by("weight-tile").nth(2).click()
    expect(slow.by("inspector-nudge")).to_have_text("Nudge it")
    slow.page.locator("#scene-image").click()
    expect(inspector).to_be_hidden()
    slow.pause()


def test_an_edge_tells_its_weight_and_its_gradient(playground: Playground) -> None:
    playground.page.emulate_media(reduced_motion="reduce")  # the edges jump to what they show
    playground.open(SLOW)
    playground.by("step").click()
    expect(playground.page.locator("#step-count")).to_have_text("1")
    first, last = (neuron(playground, *at).bounding_box() for at in ((1, 15), (2, 9)))
    assert first is not None
    assert last is not None
    x = first["x"] + first["width"] + 0.5 * (last["x"] - first["x"] - first["width"])
    space = playground.page.locator("#scene-space")
    for y in range(int(first["y"] + 10), int(first["y"]) - 200, -3):  # somewhere there are some
        playground.page.mouse.move(x, y)
        playground.wait_for_frames()  # the page hears of a move with its next frame
        if "over-edge" in (space.get_attribute("class") or ""):
            break
    inspector = playground.by("inspector")
    expect(inspector).to_contain_text(re.compile(r"Layer 2 #\d+ → Output \d"))
    expect(inspector).to_contain_text("∂C/∂w")
    expect(inspector).to_contain_text("Raising it by 0.1 changes the cost by about")
    playground.wait_for_frames()  # the edge is highlighted now
    edges = playground.picture(playground.by("edges"))
    playground.page.mouse.down()
    playground.page.mouse.up()
    playground.page.mouse.move(10, 10)
    expect(inspector).to_be_visible()
    playground.by("inspector-close").focus()
    playground.page.keyboard.press("Escape")
    expect(inspector).to_be_hidden()
    wait_for_other_edges(playground, edges)  # it is no longer highlighted


def test_the_keyboard_pins_and_walks_along_the_weights(start: Playground) -> None:
    neuron(start, 1, 0).focus()
    start.page.keyboard.press("ArrowDown")
    expect(neuron(start, 1, 1)).to_be_focused()
    start.page.keyboard.press("Enter")
    inspector = start.by("inspector")
    expect(inspector).to_contain_text("Layer 1 #1 → Layer 2 #2")
    start.page.keyboard.press("ArrowDown")
    start.page.keyboard.press("ArrowRight")
    expect(inspector).to_contain_text("Layer 1 #3 → Layer 2 #2")
    expect(start.by("inspector-close")).to_be_visible()
    start.page.keyboard.press("Escape")
    expect(inspector).to_be_hidden()
    expect(neuron(start, 1, 1)).to_be_focused()


@pytest.mark.parametrize(
    "screen", [{"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}]
)
def test_a_tap_pins(playground: Playground) -> None:
    playground.open()
    playground.go_to("network")
    playground.by("weight-tile").nth(6).tap()
    expect(playground.by("inspector")).to_contain_text("Layer 1 #7")
    playground.by("inspector-close").tap()
    expect(playground.by("inspector")).to_be_hidden()


def test_a_wide_layer_shows_a_sample_and_a_strip(playground: Playground) -> None:
    playground.open("/?hidden=100,40&initializer=he")
    playground.by("step").click()
    expect(playground.by("weight-tile")).to_have_count(100)
    expect(playground.page.locator(".layer").first).to_contain_text("100 (16 shown)")
    expect(playground.by("strip")).to_have_count(2)
    last = neuron(playground, 0, 99)
    last.scroll_into_view_if_needed()
    last.click()
    expect(playground.page.locator(".neurons [data-layer='0'][data-neuron='99']")).to_be_focused()
    expect(playground.by("inspector")).to_contain_text("Layer 1 #100")
    expect(playground.by("weight-tile")).to_have_count(100)
    expect(playground.by("strip").first.locator("[data-neuron='15']")).to_have_count(1)


def test_without_hidden_layers_the_outputs_are_pictures(playground: Playground) -> None:
    playground.open("/?hidden=")
    playground.by("step").click()
    expect(playground.page.locator(".layer-outputs .neuron canvas")).to_have_count(10)
    playground.by("weight-tile").nth(4).hover()
    expect(playground.by("inspector")).to_contain_text("Output 4")
    expect(playground.by("formula-a")).to_have_text("Draw a digit to see z and a.")


@pytest.fixture(scope="module")
def run(browser: Browser, server: Server) -> Iterator[Any]:
    """Return a function that runs JavaScript, with a module of ``static`` as ``m``."""
    page = browser.new_page()
    page.goto(f"{server.url}/api/health")

    def run(module: str, body: str, argument: object = None) -> Any:
        imported = f"const m = await import('/static/{module}.js');"
        return page.evaluate(f"async (argument) => {{ {imported} {body} }}", argument)

    yield run
    page.close()


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("output", ["sigmoid", "softmax"])
def test_the_page_computes_what_the_network_computes(
    run: Any, activation: str, output: str
) -> None:
    network = Network([4, 3, 2], activation, output, "cross-entropy", dtype=np.float64)
    network.parameters.theta[:] = np.sin(np.arange(network.parameters.theta.size))
    x = np.array([0.2, -0.4, 1.0, 0.7])
    hidden, outputs = network.forward(x[None])
    layers = zip(network.parameters.weights, network.parameters.biases, strict=True)
    given = zip(layers, [x, hidden[0]], [activation, output], strict=True)
    for ((weights, biases), inputs, name), truth in zip(given, [hidden, outputs], strict=True):
        figures = [weights.ravel().tolist(), biases.tolist(), inputs.tolist(), name]
        computed = run(
            "network/neuron.pure",
            "const [w, b, x, name] = argument;"
            "return b.map((_, i) => m.neuronOutput(w, b, i, x, name).a)",
            figures,
        )
        assert computed == pytest.approx(truth[0].tolist())


def test_a_parameter_is_found_in_theta(run: Any) -> None:
    parameters = Network([784, 16, 10]).parameters
    for layer, index, cell in [(0, 3, 17), (0, 3, None), (1, 9, 2), (1, 9, None)]:
        parameters.theta[:] = 0
        if cell is None:
            parameters.biases[layer][index] = 1
        else:
            parameters.weights[layer][index, cell] = 1
        pointed = {"layer": layer, "neuron": index, "cell": cell}
        found = run(
            "network/neuron.pure", "return m.indexOf([[16, 784], [10, 16]], argument)", pointed
        )
        assert found == int(np.argmax(parameters.theta))
