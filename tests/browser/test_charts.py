"""The charts: hover, the logarithmic scale, and this browser's last runs behind, in colours."""

import re

from playwright.sync_api import Locator, expect

from tests.browser.playground import Playground

FAST = "steps_per_second=null&epochs=6"


def train(playground: Playground, query: str, *, charts: bool = True) -> None:
    """Train a short run to its end, from a new page."""
    playground.open(f"/?{FAST}&{query}", charts=charts)
    playground.train_without_waiting()
    playground.wait_for_status("Finished")


def lines(playground: Playground, chart: str) -> Locator:
    return playground.by(chart).locator("path.js-line")


def point_at_share(playground: Playground, chart: str, share: float) -> None:
    """Point into a chart, at a share of its width."""
    playground.by(chart).scroll_into_view_if_needed()
    box = playground.by(chart).bounding_box()
    assert box is not None
    playground.page.mouse.move(box["x"] + share * box["width"], box["y"] + box["height"] / 2)


def test_earlier_runs_stand_behind_and_are_labelled_named_and_forgotten(
    playground: Playground,
) -> None:
    train(playground, "learning_rate=0.3", charts=False)
    train(playground, "learning_rate=0.5", charts=False)
    train(playground, "hidden=8&seed=5&activation=relu", charts=False)
    train(playground, "")
    chart = playground.by("accuracy-chart")
    labels = chart.locator(".annotation-text")
    expect(labels).to_have_count(3)
    assert sorted(labels.all_text_contents()) == ["rate 0.3", "rate 0.5", "run 3"]
    assert len({label.evaluate("text => text.style.fill") for label in labels.all()}) == 3
    box = chart.bounding_box()
    boxes = [label.bounding_box() for label in labels.all()]
    assert box is not None
    for i, label in enumerate(boxes):
        assert label is not None
        assert label["x"] + label["width"] <= box["x"] + box["width"]
        assert box["y"] <= label["y"]
        assert label["y"] + label["height"] <= box["y"] + box["height"]
        for other in boxes[:i]:
            assert other is not None
            assert abs(other["y"] - label["y"]) >= 12

    train(playground, "cost=cross-entropy")
    expect(lines(playground, "accuracy-chart")).to_have_count(6)
    expect(lines(playground, "cost-chart")).to_have_count(3)  # costs of two kinds aren't compared
    point_at_share(playground, "accuracy-chart", 0.98)
    told = chart.locator(".chart-hover")
    expect(told).to_contain_text("Epoch 6")
    expect(told).to_contain_text(re.compile(r"run 1: rate 0\.3\s*\d+\.\d%"))
    expect(told).to_contain_text("run 3: hidden 8, ReLU, seed 5")
    playground.page.reload()
    expect(lines(playground, "accuracy-chart")).to_have_count(6)
    playground.by("earlier").locator("summary").click()
    playground.page.get_by_role("button", name="Forget run 2").click()
    expect(lines(playground, "accuracy-chart")).to_have_count(5)
    expect(playground.page.get_by_role("button", name="Forget run 1")).to_be_focused()
    playground.page.keyboard.press("Enter")
    for number in (3, 4):
        playground.page.get_by_role("button", name=f"Forget run {number}").click()
    expect(playground.page.locator("#earlier-none")).to_be_visible()
    playground.page.reload()
    expect(lines(playground, "accuracy-chart")).to_have_count(2)


def test_each_layer_has_a_colour_in_the_gradient_and_in_its_key_which_is_not_cut(
    playground: Playground,
) -> None:
    train(playground, f"hidden={','.join(['8'] * 9)}")
    expect(lines(playground, "gradient-chart")).to_have_count(10)
    drawn = [
        line.evaluate("line => getComputedStyle(line).stroke")
        for line in lines(playground, "gradient-chart").all()
    ]
    samples = playground.page.locator("#gradient-chart-key .line-sample").all()
    assert [sample.evaluate("sample => getComputedStyle(sample).color") for sample in samples] == (
        drawn
    )
    assert len(set(drawn[:6])) == 6  # then they begin again
    outside = """key => [...key.children].filter((entry) =>
      entry.getBoundingClientRect().right > key.getBoundingClientRect().right + 0.5).length"""
    for width in (1440, 1024, 390):
        playground.page.set_viewport_size({"width": width, "height": 900})
        for chart in ("cost-chart", "accuracy-chart", "gradient-chart"):
            assert playground.page.locator(f"#{chart}-key").evaluate(outside) == 0, (chart, width)
    expect(playground.page.locator("#gradient-chart-key > span")).to_have_count(10)


def test_a_gradient_of_zero_is_said_and_not_drawn(playground: Playground) -> None:
    playground.open(f"/?{FAST}&learning_rate=1000000", charts=True)
    playground.train_without_waiting()
    playground.wait_for_status("Saturated")
    expect(playground.by("gradient-chart")).to_contain_text("In every layer the gradient is 0")
    expect(lines(playground, "gradient-chart")).to_have_count(0)
    expect(playground.by("sensitive-list")).to_contain_text("none: ∂C/∂θ is 0")


def test_what_was_kept_may_be_broken(playground: Playground) -> None:
    broken = """try { sessionStorage.setItem("nudge.earlier", '[{"id": 3}, null, {"epochs": [] }') }
      catch {}"""
    playground.page.add_init_script(broken)
    playground.open()
    expect(playground.page.locator("#earlier-none")).to_be_visible()


def test_pointing_tells_figures_and_the_logarithmic_scale_is_remembered(
    playground: Playground,
) -> None:
    train(playground, "")
    heard = {figures["epoch"]: figures for figures in playground.epochs_heard()}
    expect(lines(playground, "gradient-chart")).to_have_count(3)
    point_at_share(playground, "accuracy-chart", 0.3)
    label = playground.by("accuracy-chart").locator(".chart-hover")
    expect(label).to_contain_text("Epoch 1")
    expect(label.locator("dd").nth(1)).to_have_text(f"{100 * heard[1]['test_accuracy']:.1f}%")
    point_at_share(playground, "cost-chart", 0.98)  # of a fast run's steps only some are told
    label = playground.by("cost-chart").locator(".chart-hover")
    expect(label).to_contain_text(re.compile(r"Step \d+batch"))
    expect(label.locator("dd").nth(2)).to_have_text(f"{heard[6]['test_cost']:#.3g}")
    point_at_share(playground, "gradient-chart", 0.98)
    expect(label).to_be_hidden()
    expect(playground.by("gradient-chart").locator(".chart-hover")).to_contain_text("Epoch 6")

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


def test_every_step_adds_to_the_curve_of_the_cost(playground: Playground) -> None:
    playground.open("/?steps_per_second=1", charts=True)
    playground.by("reset").click()
    playground.wait_for_status("An untrained network")
    for step in range(1, 4):
        playground.by("step").click()
        playground.wait_until(
            "step => document.getElementById('cost-chart').data?.[0].y.length === step", step
        )
    expect(playground.by("accuracy-chart")).to_contain_text("After the first epoch")
    run = playground.page.url.partition("?")[0].replace("/runs/", "/api/runs/")
    costs = [step["cost"] for step in playground.page.request.get(f"{run}/steps").json()]
    drawn = playground.by("cost-chart").evaluate("chart => chart.data[0].y")
    assert drawn == costs
    playground.page.reload()
    playground.wait_until("document.getElementById('cost-chart').data?.[0].y.length === 3")


def test_thousands_of_steps_are_drawn_with_the_largest_among_them_and_had_as_a_table(
    playground: Playground,
) -> None:
    playground.open("/?steps_per_second=null", charts=True)
    playground.train_without_waiting()
    playground.wait_for_status("Finished")
    for chart in ("cost-chart", "accuracy-chart", "gradient-chart"):
        expect(lines(playground, chart)).to_have_count(2 if chart == "accuracy-chart" else 3)
    expect(playground.by("cost-chart")).to_have_attribute("aria-label", re.compile(r"mean 0\.\d"))
    run = playground.page.url.partition("?")[0].replace("/runs/", "/api/runs/")
    steps = playground.page.request.get(f"{run}/steps").json()
    assert steps[-1]["step"] == 3750
    playground.wait_until(
        "most => Math.max(...document.getElementById('cost-chart').data[0].y) === most",
        max(step["cost"] for step in steps),
    )
    playground.page.get_by_text("The figures as a table").click()
    expect(playground.page.locator("#figures-body tr")).to_have_count(30)
    csv = playground.page.locator("#figures-csv").get_attribute("href")
    answer = playground.page.request.get(f"{playground.url}{csv}")
    assert len(answer.text().splitlines()) == 31


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
            "([chart, last]) => document.getElementById(chart).data[0].x.at(-1) >= last",
            [chart, last],
        )
