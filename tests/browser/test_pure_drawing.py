"""What drawing computes without the page: strokes, PNGs, kept drawings, and words."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser

from app.drawing import decode_picture
from tests.browser.playground import Server


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


@pytest.mark.parametrize("shape", [(1, 1), (28, 28), (3, 5), (140, 140), (300, 310)])
def test_the_server_reads_the_png_that_the_page_writes(run: Any, shape: tuple[int, int]) -> None:
    greys = np.random.default_rng(0).integers(256, size=shape)
    file = run(
        "png",
        "return Array.from(m.greyPng(Uint8Array.from(argument[0]), argument[1]));",
        [greys.ravel().tolist(), shape[1]],
    )
    np.testing.assert_array_equal(decode_picture(bytes(file), 100_000).shades, greys)


def test_a_stroke_is_the_same_however_it_came(run: Any) -> None:
    """Pieces that are settled stay as they are when more points come."""
    points = [{"x": x / 10, "y": (x % 3) / 10, "pressure": x / 10} for x in range(1, 9)]
    same = run(
        "ink",
        """const stroke = (count) => ({ points: argument.slice(0, count), width: 0.1 });
        const all = m.settledPieces(stroke(argument.length));
        const grown = [];
        for (let count = 1; count <= argument.length; count += 1) {
          grown.push(...m.settledPieces(stroke(count), grown.length));
        }
        const joined = all.every(({ from }, i) =>
          i === 0 || JSON.stringify(from) === JSON.stringify(all[i - 1].to));
        const tail = m.tailOf(stroke(argument.length));
        const meets = JSON.stringify(tail.from) === JSON.stringify(all.at(-1).to);
        return [JSON.stringify(grown) === JSON.stringify(all), all.length, joined, meets];""",
        points,
    )
    assert same == [True, len(points) - 2, True, True]


def test_words_about_the_reading(run: Any) -> None:
    said = run(
        "reading",
        """const digits = Array.from({ length: 10 }, (_, i) => String(i));
        const name = "test digit 4";
        return {
          second: [["pretrained-large", "x"], ["pretrained-large", "pretrained-large"],
            ["pretrained", "pretrained"], ["", "x"]].map((pair) => m.secondReader(...pair)),
          truth: [m.truthWords({ label: 8, name }, digits),
            m.truthWords({ label: 3, name }, digits),
            m.truthWords({ label: 1, name }, ["Shirt", "Coat"]), m.truthWords(null, digits)],
          source: [[true, digits], [false, digits], [false, ["Shirt", "Coat"]]].map(
            ([here, classes]) => m.testSource([{ name: "mine", here, classes }], "mine")),
          opinion: [m.opinionWords("pretrained", { digit: 7, confidence: 0.999 }),
            m.opinionWords("pretrained", null), m.opinionWords("", { digit: 7, confidence: 1 })],
        };""",
    )
    assert said == {
        "second": ["pretrained-large", "pretrained", "pretrained-large", ""],
        "truth": [
            "It is an 8 (test digit 4).",
            "It is a 3 (test digit 4).",
            "It is Coat (test digit 4).",
            "",
        ],
        "source": ["mine", "digits-5k", "mine"],
        "opinion": ["pretrained reads 7 (1.00)", "", ""],
    }


def test_no_more_drawings_are_kept_than_allowed(run: Any) -> None:
    kept = run(
        "drawings",
        """let drawings = [];
        for (let i = 0; i < m.MOST + 3; i += 1) {
          drawings = m.withDrawing(drawings, m.drawingOf([i / 1000], i % 10));
        }
        return drawings.map(({ label }) => label);""",
    )
    assert len(kept) == 500
    assert kept[0] == 3


def test_what_is_kept_comes_back_and_what_is_broken_does_not(run: Any) -> None:
    shades = base64.b64encode(bytes([0, 128, 255])).decode()
    good = {"label": 3, "shades": shades}
    broken: list[object] = [
        None, 7, {}, {"label": 3}, {"label": -1, "shades": shades},
        {"label": 3, "shades": "§"}, {"label": 3, "shades": ""},
    ]  # fmt: skip
    texts = [json.dumps([good]), json.dumps([*broken, good]), "", "{", "{}", None]
    back = run("drawings", "return argument.map(m.unpacked);", texts)
    drawing = {"label": 3, "image": [0, 128 / 255, 1]}
    assert back == [[drawing], [drawing], [], [], [], []]
    again = run("drawings", "return m.unpacked(m.packed(argument));", [drawing])
    assert again == [drawing]


def test_only_what_fits_the_data_is_trained_with(run: Any) -> None:
    drawings = [
        {"image": [0, 1, 0, 1], "label": 1},
        {"image": [0, 1], "label": 1},
        {"image": [1, 1, 0, 1], "label": 2},
    ]
    dataset = {"shape": [2, 2], "classes": ["no", "yes"]}
    text = run("drawings", "return m.csvOf(m.fitting(...argument));", [drawings, dataset])
    assert text == "1,0,255,0,255\n"
