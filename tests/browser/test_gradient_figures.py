"""What the gradient's views compute: names, cells, the strongest, a nudge as a picture."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser

from tests.servers import Server

SHAPES = [[16, 784], [16, 16], [10, 16]]
NAMES = {"inputShape": [28, 28], "classes": [str(digit) for digit in range(10)]}


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


def test_parameters_are_named_in_the_order_of_theta(run: Any) -> None:
    indices = [0, 10 * 784 + 13 * 28 + 8, 12_544, 12_560 + 2 * 16 + 4, 12_816 + 2]
    indices += [12_832 + 7 * 16 + 3, 13_001, 13_002]
    named = run(
        "network/theta.pure",
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
        "network/theta.pure",
        "return m.nameOf([[2, 30]], 31, { inputShape: [1, 30], classes: ['no', 'yes'] })",
    )
    assert numbers == "output yes ← input 2"
    sums = run(
        "network/theta.pure", "return argument.map(m.sumLines)", [SHAPES, [[8, 784], *[[8, 8]] * 4]]
    )
    assert sums == [
        ["12,544 + 16", "256 + 16", "160 + 10", "= 13,002"],
        ["6,272 + 8", "3 layers: 216", "64 + 8", "= 6,568"],
    ]


def test_the_strongest_are_found_in_one_pass(run: Any) -> None:
    generator = np.random.default_rng(0)
    theta = generator.standard_normal(13_002)
    theta[[5, 12_999]] = [np.nan, 9]
    found = run(
        "gradient/sensitive.pure",
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
        "gradient/cells.pure",
        """const { layOutCells } = await import("/static/gradient/cells-layout.pure.js");
        const { countOf } = await import("/static/network/theta.pure.js");
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
        "gradient/cells.pure",
        """const colour = await import("/static/shell/colour.pure.js");
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
        "gradient/nudge.pure",
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
