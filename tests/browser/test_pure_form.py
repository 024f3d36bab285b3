"""The form's pure functions, each module imported into a real Chromium and called there."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.playground import Server


@pytest.fixture(scope="module")
def run(browser: Browser, server: Server) -> Iterator[Any]:
    """Return a function that runs JavaScript, with a module of ``static`` as ``m``."""
    page = browser.new_page()
    page.goto(f"{server.url}/api/health")

    def run(module: str, body: str) -> Any:
        return page.evaluate(
            f"async () => {{ const m = await import('/static/{module}.js'); {body} }}"
        )

    yield run
    page.close()


def test_texts_become_layers_and_layers_texts(run: Any) -> None:
    body = """
    const there = m.layersOf;
    const back = (...texts) => Object.values(m.textsOfLayers(there(...texts), texts[1]));
    return [
      there("32 x", "relu").map(Object.values), back("[32,16]", "relu"), back("8, 8", "tanh, relu"),
      back("8, 8, 4", "tanh, relu"), back("", "tanh, relu"),
      m.withLayer([], "relu").map(Object.values), m.withLayer(there("8", "tanh"), "tanh").length,
    ];"""
    assert run("form/layers.pure", body) == [
        [["32", "relu"], ["x", "relu"]],
        ["32, 16", "relu"],
        ["8, 8", "tanh, relu"],
        ["8, 8, 4", "tanh, relu, relu"],
        ["", "tanh"],
        [["16", "relu"]],
        2,
    ]


def test_widths_go_up_and_down_the_same_ladder(run: Any) -> None:
    ladder = run(
        "form/layers.pure",
        """const up = [1];
        while (up.at(-1) < 256) up.push(m.nextWidth(up.at(-1), 1));
        const down = [up.at(-1)];
        while (down.at(-1) > 1) down.push(m.nextWidth(down.at(-1), -1));
        const odd = [[17, 1], [17, -1], [NaN, 1], [1, -1]].map((pair) => m.nextWidth(...pair));
        return { up, down, odd };""",
    )
    assert ladder["up"] == ladder["down"][::-1]
    assert {15, 16, 20, 24, 32, 40, 64, 128, 256} <= set(ladder["up"])
    assert ladder["odd"] == [20, 16, 1, 1]


def test_batch_sizes_go_by_twos(run: Any) -> None:
    body = """return [
      ["1", "32", "33", "1024", "2048", "full", "x"].map((text) => m.doubled(text, 2048)),
      ["full", "9999", "32", "33", "1", "x"].map((text) => m.halved(text, 2000)),
      [m.doubled("4096", Infinity), m.halved("full", Infinity)]];"""
    assert run("form/batch.pure", body) == [
        ["2", "64", "64", "full", "full", "full", "1"],
        ["1024", "1024", "16", "32", "1", "1"],
        ["8192", "full"],
    ]


def test_each_preset_is_known_by_its_texts(run: Any) -> None:
    body = """
    const { textsOf } = await import("/static/form/fields.pure.js");
    const start = { ...textsOf({ hidden: [16, 16], epochs: 30 }), learning_rate: "null" };
    const known = Object.keys(m.PRESETS).map((name) => {
      const texts = { ...m.textsOfPreset(name, start), steps_per_second: "7" };
      return m.presetOf({ ...texts, hidden: texts.hidden.replaceAll(" ", "") }, start) === name;
    });
    return [known, m.presetOf(start, start)];"""
    known, none = run("form/presets.pure", body)
    assert all(known)
    assert none is None
