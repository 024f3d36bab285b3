"""What the gradient is: its cells, the most sensitive parameters, and one nudged by hand."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.request import urlopen

import numpy as np
import pytest
from playwright.sync_api import Browser, expect
from safetensors.numpy import load

from tests.browser.playground import HANG, Playground, Server

SHAPES = [[16, 784], [16, 16], [10, 16]]
NAMES = {"inputShape": [28, 28], "classes": [str(digit) for digit in range(10)]}
FIGURE = re.compile(r"^[+−]?\d")


@pytest.fixture(scope="module")
def run(browser: Browser, server: Server) -> Iterator[Any]:
    """Return a function that runs JavaScript, with a module of ``js/pure`` as ``m``."""
    page = browser.new_page()
    page.goto(f"{server.url}/api/health")

    def run(module: str, body: str, argument: object = None) -> Any:
        imported = f"const m = await import('/static/js/pure/{module}.js');"
        return page.evaluate(f"async (argument) => {{ {imported} {body} }}", argument)

    yield run
    page.close()


def test_parameters_are_named_in_the_order_of_theta(run: Any) -> None:
    indices = [0, 10 * 784 + 13 * 28 + 8, 12_544, 12_560 + 2 * 16 + 4, 12_816 + 2]
    indices += [12_832 + 7 * 16 + 3, 13_001, 13_002]
    named = run(
        "theta",
        "return argument.indices.map((index) => m.nameOf(argument.shapes, index, argument.names))",
        {"indices": indices, "shapes": SHAPES, "names": NAMES},
    )
    assert named == [
        "weight 1 ← pixel (1, 1)",
        "weight 11 ← pixel (14, 9)",
        "bias 1 of layer 1",
        "weight 3 ← neuron 5, layer 2",
        "bias 3 of layer 2",
        "output 7 ← neuron 4",
        "bias of output 9",
        "",
    ]
    numbers = run(
        "theta", "return m.nameOf([[2, 30]], 31, { inputShape: [1, 30], classes: ['no', 'yes'] })"
    )
    assert numbers == "output yes ← input 2"
    sums = run("theta", "return argument.map(m.sumLines)", [SHAPES, [[8, 784], *[[8, 8]] * 4]])
    assert sums == [
        ["12,544 + 16", "256 + 16", "160 + 10", "= 13,002"],
        ["6,272 + 8", "3 layers: 216", "64 + 8", "= 6,568"],
    ]


def test_the_strongest_are_found_in_one_pass(run: Any) -> None:
    generator = np.random.default_rng(0)
    theta = generator.standard_normal(13_002)
    theta[[5, 12_999]] = [np.nan, 9]
    found = run(
        "sensitivity",
        """let start = 0;
        const take = (count) =>
          ({ values: Float32Array.from(argument.slice(start, start += count)) });
        const layers = [[16, 784], [16, 16], [10, 16]].map(([n, m]) =>
          ({ weights: take(n * m), biases: take(n) }));
        return { strongest: m.strongest(layers, 10), none: m.strongest(layers.slice(3), 10),
          shares: m.sharesOf([1, 3]), nothing: m.sharesOf([0, 0]), length: m.lengthOf([9, 16]) }""",
        [None if np.isnan(value) else value for value in theta],
    )
    theta[5] = 0
    expected = np.argsort(-np.abs(theta))[:10]
    assert [entry["index"] for entry in found["strongest"]] == expected.tolist()
    values = [entry["value"] for entry in found["strongest"]]
    np.testing.assert_allclose(values, theta[expected], rtol=1e-6)
    assert found["none"] == []
    assert (found["shares"], found["nothing"], found["length"]) == ([0.25, 0.75], [0, 0], 5)


@pytest.mark.parametrize(
    ("shapes", "picture", "grouped"),
    [
        (SHAPES, [28, 28], False),
        ([[10, 784]], [28, 28], False),
        ([[8, 784], *[[8, 8]] * 4, [10, 8]], [28, 28], False),
        ([[100, 784], [5, 100], [10, 5]], [28, 28], True),
        ([[2000, 784], [200, 2000], [10, 200]], [28, 28], True),
        ([[16, 30], [2, 16]], [1, 30], False),
    ],
)
def test_every_parameter_has_its_cell(
    run: Any, shapes: list[list[int]], picture: list[int], *, grouped: bool
) -> None:
    found = run(
        "cells",
        """const { layOutCells } = await import("/static/js/pure/cells-layout.js");
        const { countOf } = await import("/static/js/pure/theta.js");
        const { shapes, picture } = argument;
        const box = { width: 292, height: 110, unit: 1, reserved: 104 };
        const sheets = layOutCells(shapes, picture, box);
        const owners = new Uint8Array(box.width * box.height);
        let strayed = 0;
        for (const { x, y, width, height } of sheets) {
          if (x < 0 || y < 0 || x + width > box.width || y + height > box.height) strayed += 1;
          for (let row = y; row < y + height; row += 1)
            for (let i = x; i < x + width; i += 1) owners[row * box.width + i] += 1;
        }
        let lost = 0;
        const count = countOf(shapes);
        for (let index = 0; index < count; index += Math.ceil(count / 20000)) {
          const cell = m.cellOf(sheets, index);
          const { x, y, width, height } = m.rectangleOf(cell);
          const same = m.cellAt(sheets, x + width - 1, y + height - 1);
          const again = JSON.stringify(same) === JSON.stringify(cell);
          const own = m.largestGroup(sheets) > 1 ||
            cell.sheet.start + m.strongestIn(cell) === index;
          if (!again || !own) lost += 1;
        }
        return { strayed, lost, shared: owners.some((owner) => owner > 1),
          group: m.largestGroup(sheets) }""",
        {"shapes": shapes, "picture": picture},
    )
    assert (found["strayed"], found["lost"], found["shared"]) == (0, 0, False)
    assert (found["group"] > 1) == grouped


def test_a_cell_is_the_strongest_of_its_group_and_blue_where_it_will_grow(run: Any) -> None:
    painted = run(
        "cells",
        """const colour = await import("/static/js/pure/colour.js");
        const colours = colour.colourTable(colour.RAMPS.light);
        const sheet = { layer: 0, kind: "weights", start: 0, first: 0, rows: 4, columns: 4,
          x: 1, y: 0, width: 2, height: 2 };
        const values = new Float32Array(16);
        values[5] = 1; values[6] = -1; values[15] = 0.5;
        const pixels = new Uint32Array(8);
        m.paint(pixels, 4, sheet, values, 1, colours);
        const end = (value) => colours[colour.colourIndex(value, 1)];
        return [[...pixels], [0, end(-1), end(1), 0, 0, end(0), end(-0.5), 0]]""",
    )
    assert painted[0] == painted[1]


def test_the_picture_of_a_nudge_is_a_curve_and_its_tangent(run: Any) -> None:
    made = run(
        "nudge",
        """const size = { width: 64, height: 30, margin: 4 };
        const nudged = { index: 0, amount: 0.5, cost: 1, predicted: 0.75, measured: 0.8 };
        return { changes: m.changesOf(nudged), nothing: m.changesOf(null),
          picture: m.pictureOf(nudged, [[-1, 1.5], [1, 0.9]], size),
          none: m.pictureOf({ ...nudged, measured: null }, [], size) }""",
    )
    assert made["changes"]["predicted"] == pytest.approx(-0.25)
    assert made["changes"]["measured"] == pytest.approx(-0.2)
    assert made["nothing"] == {"predicted": None, "measured": None}
    assert made["picture"]["origin"][0] == 32
    assert made["picture"]["point"][0] == 46
    assert made["picture"]["point"][1] == 26  # the lowest of what is measured
    assert made["picture"]["curve"].startswith("M4.0 4.0L32.0")
    assert made["none"] is None


def newest(playground: Playground) -> dict[str, Any]:
    """Return the tensors of the newest frame that came with a gradient."""
    frames = (load(frame) for frame in reversed(playground.frames))
    return next(frame for frame in frames if "gradient.weights.0" in frame)


def gradient_of(frame: dict[str, Any]) -> Any:
    """Return a frame's gradient as one vector."""
    layers = sum(name.startswith("gradient.weights") for name in frame)
    parts = [frame[f"gradient.{kind}.{i}"] for i in range(layers) for kind in ("weights", "biases")]
    return np.concatenate([part.astype(float).ravel() for part in parts])


def theta_of(playground: Playground) -> Any:
    """Return the parameters of the run that is shown, from its checkpoint."""
    run = playground.page.url.partition("?")[0].rpartition("/")[2]
    with urlopen(f"{playground.url}/api/runs/{run}/checkpoint") as answer:
        tensors = load(answer.read())
    parts = [tensors[f"{kind}.{i}"] for i in range(3) for kind in ("weights", "biases")]
    return np.concatenate([part.astype(float).ravel() for part in parts])


def figure(playground: Playground, testid: str) -> float:
    """Wait for a figure and return it as a number."""
    expect(playground.by(testid)).to_have_text(FIGURE, timeout=HANG)
    text = playground.by(testid).inner_text().replace("−", "-")
    superscripts = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
    return float(text.replace("·10", "e").translate(superscripts))


def train_a_little(playground: Playground, query: str = "") -> None:
    """Train for two epochs and pause, so that there is a gradient that stays."""
    playground.open(f"/?epochs=null&steps_per_second=400{query}")
    playground.train()
    playground.wait_for_epoch(2)
    playground.pause()
    expect(playground.page.locator("#gradient-length")).to_have_text(
        re.compile("length .*[1-9]"), timeout=HANG
    )


def test_the_cells_appear_with_the_first_step(playground: Playground) -> None:
    playground.open()
    cells = playground.by("gradient-cells")
    expect(playground.page.locator("#gradient-empty")).to_contain_text("Train one of your own")
    expect(playground.page.locator("#gradient-sum")).to_contain_text("= 13,002")
    before = playground.picture(cells)
    playground.by("reset").click()
    empty = playground.page.locator("#gradient-empty")
    expect(empty).to_contain_text("with the first step", timeout=HANG)
    playground.by("step").click()
    expect(empty).to_have_text("", timeout=HANG)
    playground.wait_until(
        "before => document.querySelector('#gradient-canvas').toDataURL() !== before", before
    )
    length = np.linalg.norm(gradient_of(newest(playground)))
    shown = playground.page.locator("#gradient-length")
    expect(shown).to_have_text(f"length {length:#.3g}", timeout=HANG)


def test_a_cell_tells_its_name_and_its_numbers_while_they_change(playground: Playground) -> None:
    playground.open("/?epochs=null&steps_per_second=400")
    playground.train()
    playground.wait_for_epoch(1)
    playground.by("gradient-cells").hover(position={"x": 14, "y": 14})
    reading = playground.by("gradient-reading")
    words = re.compile(r"weight 1 ← pixel \(1\d, 1\d\)")
    expect(reading).to_contain_text(words, timeout=HANG)
    before = reading.inner_text()
    assert "w = " in before
    assert "∂C/∂w = " in before
    expect(reading).not_to_have_text(before, use_inner_text=True, timeout=HANG)
    playground.pause()
    playground.by("gradient-cells").click(position={"x": 14, "y": 14})
    name, _, number = reading.locator("b").inner_text().partition(" · number ")
    expect(playground.by("nudge-index")).to_have_value(number)
    expect(playground.by("nudge-name")).to_have_text(name)


def test_the_keyboard_goes_from_cell_to_cell(playground: Playground) -> None:
    train_a_little(playground)
    playground.by("show-weights").focus()
    cells = playground.by("gradient-cells")
    for _ in range(80):
        if cells.evaluate("canvas => canvas === document.activeElement"):
            break
        playground.page.keyboard.press("Tab")
    said = playground.page.locator("#gradient-said")
    expect(said).to_contain_text("weight 1 ← pixel (1, 1)")
    for key in ["ArrowRight"] * 28 + ["ArrowDown"]:
        playground.page.keyboard.press(key)
    expect(said).to_contain_text(re.compile(r"bias 9 of layer 1.*∂C/∂b"))  # below bias 1
    playground.page.keyboard.press("Enter")
    expect(playground.by("nudge-index")).to_have_value(str(12_544 + 8))
    playground.page.keyboard.press("Escape")
    expect(playground.by("gradient-reading")).to_be_hidden()


def test_a_nudge_is_predicted_and_measured(playground: Playground) -> None:
    playground.open()
    playground.by("nudge-index").fill("99999")
    expect(playground.by("nudge-message")).to_have_text("Parameters have the numbers 0 to 13,001.")
    playground.by("nudge-index").fill("12825")
    expect(playground.by("nudge-name")).to_have_text("bias 10 of layer 2")
    expect(playground.by("nudge-message")).to_have_text("To apply it, train a network of your own.")
    expect(playground.by("nudge-apply")).to_be_disabled()
    wide = figure(playground, "nudge-predicted"), figure(playground, "nudge-measured")
    assert wide[0] != wide[1]  # the tangent leaves the curve
    before = playground.by("nudge-predicted").inner_text()
    playground.by("nudge-amount").fill("0.02")
    expect(playground.by("nudge-predicted")).not_to_have_text(before, timeout=HANG)
    predicted = figure(playground, "nudge-predicted")
    measured = figure(playground, "nudge-measured")
    assert measured == pytest.approx(predicted, rel=0.05)  # both of two digits
    assert predicted == pytest.approx(wide[0] * 0.2, rel=0.02)
    curve = playground.page.locator("#nudge-curve")
    expect(curve).to_have_attribute("d", re.compile(r"^M(.*L){7}"), timeout=HANG)


def test_questions_come_one_at_a_time_and_the_latest_wins(playground: Playground) -> None:
    playground.open()
    playground.page.evaluate(
        """() => { const ask = window.fetch; window.open_ = 0; window.most = 0;
        window.fetch = async (...request) => {
          if (!String(request[0]).endsWith("/nudge")) return ask(...request);
          window.most = Math.max(window.most, ++window.open_);
          window.last = JSON.parse(request[1].body).amount;
          try { return await ask(...request); } finally { window.open_ -= 1; } } }"""
    )
    playground.by("nudge-index").fill("12600")
    slider = playground.by("nudge-slider")
    slider.focus()
    for _ in range(20):
        playground.page.keyboard.press("ArrowRight")
    expect(playground.by("nudge-amount")).to_have_value("0.3", timeout=HANG)
    curve = playground.page.locator("#nudge-curve")
    expect(curve).to_have_attribute("d", re.compile(r"^M(.*L){7}"), timeout=HANG)
    assert playground.page.evaluate("window.most") == 1


def test_apply_nudges_the_running_network(playground: Playground) -> None:
    train_a_little(playground)
    index = 12_832 + 3 * 16 + 2
    playground.by("nudge-index").fill(str(index))
    playground.by("nudge-amount").fill("0.5")
    figure(playground, "nudge-measured")
    cost = playground.by("nudge-cost").inner_text()
    before = theta_of(playground)
    playground.by("nudge-apply").click()
    expect(playground.by("nudge-message")).to_contain_text("Nudged by +0.500", timeout=HANG)
    changed = theta_of(playground) - before
    assert np.flatnonzero(changed).tolist() == [index]
    assert changed[index] == pytest.approx(0.5, abs=1e-5)
    expect(playground.by("nudge-cost")).not_to_have_text(cost, timeout=HANG)  # asked again
    frame = load(playground.frames[-1])
    assert frame["weights.2"][3, 2] == pytest.approx(theta_of(playground)[index], rel=1e-3)


def test_a_failed_question_is_told_in_place(
    playground: Playground, expected_problems: list[str]
) -> None:
    expected_problems.append("ERR_FAILED")
    playground.open()
    playground.page.route("**/nudge", lambda route: route.abort())
    playground.by("nudge-index").fill("7")
    expect(playground.by("nudge-message")).to_have_text("The server does not answer.", timeout=HANG)


def test_the_most_sensitive_parameters_can_be_chosen(playground: Playground) -> None:
    train_a_little(playground)
    playground.by("sensitive-list").scroll_into_view_if_needed()
    gradient = gradient_of(newest(playground))
    strongest = int(np.abs(gradient).argmax())
    slope = f"{gradient[strongest]:+#.3g}".replace("-", "−")
    row = playground.by("sensitive-list").locator("tbody tr").first
    expect(row.locator("td").nth(1)).to_have_text(slope, timeout=HANG)
    row.get_by_role("button").click()
    expect(playground.by("nudge-index")).to_have_value(str(strongest))
    shares = playground.by("shares").locator("b").all_inner_texts()
    expected = [np.sum(part**2) for part in np.split(gradient, [12_560, 12_832])]
    for share, part in zip(shares, expected, strict=True):
        assert float(share.rstrip(" %")) == pytest.approx(100 * part / sum(expected), abs=0.1)
