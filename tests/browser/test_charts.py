"""The charts: hover, the logarithmic scale, and this browser's last runs behind in grey."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.playground import Playground
from tests.servers import Server

FAST = "steps_per_second=null&epochs=6"


def train(playground: Playground, query: str) -> None:
    """Train a short run to its end, from a new page that shows charts."""
    playground.open(f"/?{FAST}&{query}", charts=True)
    playground.train_without_waiting()
    playground.wait_for_status("Finished")


def lines(playground: Playground, chart: str) -> Locator:
    return playground.by(chart).locator("path.js-line")


def point_at_share(playground: Playground, chart: str, share: float) -> None:
    """Point into a chart, at a share of its width."""
    box = playground.by(chart).bounding_box()
    assert box is not None
    playground.page.mouse.move(box["x"] + share * box["width"], box["y"] + box["height"] / 2)


def test_earlier_runs_stand_behind_and_are_named_and_forgotten(playground: Playground) -> None:
    train(playground, "learning_rate=0.3&activation=relu")
    train(playground, "hidden=8&seed=5")
    train(playground, "cost=cross-entropy")
    expect(lines(playground, "accuracy-chart")).to_have_count(4)
    expect(lines(playground, "cost-chart")).to_have_count(2)  # costs of two kinds aren't compared
    point_at_share(playground, "accuracy-chart", 0.98)
    label = playground.by("accuracy-chart").locator(".chart-hover")
    expect(label).to_contain_text("Epoch 6")
    expect(label).to_contain_text(re.compile(r"run 1: ReLU, rate 0\.3\s*\d+\.\d %"))
    expect(label).to_contain_text("run 2: hidden 8, seed 5")
    playground.page.reload()
    expect(lines(playground, "accuracy-chart")).to_have_count(4)
    playground.by("earlier").locator("summary").click()
    playground.page.get_by_role("button", name="Forget run 2").click()
    expect(lines(playground, "accuracy-chart")).to_have_count(3)
    expect(playground.page.get_by_role("button", name="Forget run 1")).to_be_focused()
    playground.page.keyboard.press("Enter")
    expect(playground.page.locator("#earlier-none")).to_be_visible()
    playground.page.reload()
    expect(lines(playground, "accuracy-chart")).to_have_count(2)


def test_what_was_kept_may_be_broken(playground: Playground) -> None:
    broken = """try { sessionStorage.setItem("nudge.earlier", '[{"id": 3}, null, {"epochs": [] }') }
      catch {}"""
    playground.page.add_init_script(broken)
    playground.open()
    expect(playground.page.locator("#earlier-none")).to_be_visible()


def test_the_logarithmic_scale_is_a_switch_that_is_remembered(playground: Playground) -> None:
    train(playground, "")
    button = playground.by("log-scale")
    kind = "document.querySelector('#cost-chart')._fullLayout?.yaxis.type"
    playground.wait_until(f"{kind} === 'linear'")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    playground.wait_until(f"{kind} === 'log'")
    playground.page.reload()
    expect(button).to_have_attribute("aria-pressed", "true")
    playground.wait_until(f"{kind} === 'log'")


def test_pointing_tells_the_figures_of_an_epoch(playground: Playground) -> None:
    train(playground, "")
    heard = {figures["epoch"]: figures for figures in playground.epochs_heard()}
    expect(lines(playground, "gradient-chart")).to_have_count(3)
    point_at_share(playground, "cost-chart", 0.14)
    label = playground.by("cost-chart").locator(".chart-hover")
    expect(label).to_contain_text("Epoch 1")
    expect(label.locator("dd").nth(1)).to_have_text(f"{heard[1]['test_cost']:#.3g}")
    point_at_share(playground, "gradient-chart", 0.98)
    expect(label).to_be_hidden()
    expect(playground.by("gradient-chart").locator(".chart-hover")).to_contain_text("Epoch 6")


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


def test_axes_span_what_is_compared(run: Any) -> None:
    answer = run(
        "charts/axes.pure",
        """const back = (epoch) => m.epochAt(m.leftOf(epoch, [1, 30], 300), [1, 30], 300);
        return {
          epochs: [m.epochRange(0, 30, []), m.epochRange(5, 30, []), m.epochRange(7, 30, [12, 9]),
            m.epochRange(7, 30, [1000]), m.epochRange(7, null, [1000]), m.epochRange(0, 30, [12])],
          figures: [m.figureRange([1, 0.5, null], [1.5, 1e30], false), m.figureRange([], [], false),
            m.figureRange([0, 1, 0.01], [], true).map(Math.round)],
          ticks: [m.logTicks([-1.1, 0.1], 4), m.logTicks([-0.9, -0.6], 4), m.logTicks([-9, 3], 4)],
          there: [1, 2, 17, 30].map(back),
          beyond: [m.epochAt(-50, [1, 30], 300), m.epochAt(900, [1, 30], 300)],
        };""",
    )
    assert answer["epochs"] == [[0, 2], [1, 5], [1, 12], [1, 30], [1, 7], [1, 12]]
    assert answer["figures"] == [[0, pytest.approx(1.59)], [0, pytest.approx(1.06)], [-2, 0]]
    assert answer["ticks"][0] == [0.1, 0.2, 0.5, 1]
    assert answer["ticks"][1] == [0.2]
    assert len(answer["ticks"][2]) <= 4
    assert answer["there"] == [1, 2, 17, 30]
    assert answer["beyond"] == [1, 30]


def test_a_run_is_named_by_what_differs(run: Any) -> None:
    named = run(
        "runs/names.pure",
        """const defaults = { optimizer: "sgd", cost: "squared-error", hidden: [16, 16],
          activation: "sigmoid", output: "sigmoid", learning_rate: null, epochs: 30, seed: 0,
          train_examples: null, augment: false };
        const learning_rates = { sgd: { "squared-error": 1 }, adam: { "squared-error": 0.01 } };
        const choice_names = { adam: "Adam", relu: "ReLU" };
        const page = { defaults, learning_rates, choice_names };
        const name = (changes) =>
          m.titleOf({ name: null, spec: { ...defaults, learning_rate: 1, ...changes } }, page);
        return [name({ epochs: 900 }), name({ optimizer: "adam", learning_rate: 0.01 }),
          name({ hidden: [], learning_rate: 0.3, train_examples: 200 }),
          name({ hidden: [32, 8], activation: ["relu", "tanh"], augment: true })]""",
    )
    assert named == [
        "the defaults",
        "Adam",
        "no hidden layer, rate 0.3, 200 training digits",
        "hidden 32–8, ReLU–tanh, augmented",
    ]


def test_only_whole_runs_are_read_back(run: Any) -> None:
    good = {"id": "a", "number": 1, "name": "x" * 500, "cost": "squared-error"}
    points = [{"epoch": 1, "test_cost": "much", "test_accuracy": 0.5, "more": 3}]
    texts = [None, "", "nonsense", "{}", "[1, null, {}]"]
    read = run(
        "charts/earlier-runs.pure",
        """return [...argument.texts.map(m.readEarlierRuns),
          m.readEarlierRuns(JSON.stringify([argument.bad, argument.good]))]""",
        {"texts": texts, "bad": {**good, "epochs": []}, "good": {**good, "epochs": points}},
    )
    assert read[:-1] == [[]] * len(texts)
    (kept,) = read[-1]
    assert len(kept["name"]) < 200
    assert kept["epochs"] == [{"epoch": 1, "test_cost": None, "test_accuracy": 0.5}]


SLOW_DRAWING = """
  // Each drawing of a chart seems to take a quarter of an hour, so that the next would wait long.
  const now = performance.now.bind(performance);
  let passed = 0;
  performance.now = () => now() + passed;
  let plotly;
  Object.defineProperty(window, "Plotly", {
    get: () => plotly,
    set: (loaded) => {
      const { react } = loaded;
      plotly = loaded;
      plotly.react = (...drawn) => {
        passed += 1e6;
        return react(...drawn);
      };
    },
  });
"""


def test_a_run_that_has_ended_is_drawn_to_its_end_on_a_slow_machine(
    playground: Playground,
) -> None:
    playground.page.add_init_script(SLOW_DRAWING)
    playground.open("/?epochs=null&train_examples=320&steps_per_second=100", charts=True)
    playground.train()
    expect(lines(playground, "accuracy-chart")).to_have_count(2)
    playground.wait_for_epoch(3)
    playground.pause()
    last = playground.epoch()
    for chart in ("cost-chart", "accuracy-chart", "gradient-chart"):
        playground.wait_until(
            "([chart, last]) => document.getElementById(chart).data[0].x.at(-1) === last",
            [chart, last],
        )
