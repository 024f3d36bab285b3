"""Presets, the layers one by one, the batch size by twos, the defaults and the link to copy."""

import json
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from tests.browser.playground import Playground

FAST = "/?steps_per_second=null"


def epochs_of(playground: Playground) -> list[dict[str, Any]]:
    """Return the figures that the server has of the run that is shown."""
    run = playground.page.url.partition("?")[0].rpartition("/")[2]
    with urlopen(f"{playground.url}/api/runs/{run}/epochs") as answer:
        epochs: list[dict[str, Any]] = json.load(answer)
    return epochs


def spec_of(playground: Playground) -> dict[str, Any]:
    """Return the spec that the server has of the run that is shown."""
    run = playground.page.url.partition("?")[0].rpartition("/")[2]
    with urlopen(f"{playground.url}/api/runs/{run}") as answer:
        spec: dict[str, Any] = json.load(answer)["spec"]
    return spec


def train_preset(playground: Playground, name: str, epochs: int | None = None) -> None:
    """Choose a preset on the start page and train it, as fast as it can."""
    playground.open(FAST)
    playground.by("preset").select_option(name)
    if epochs:
        playground.field("epochs").fill(str(epochs))
    playground.train_without_waiting()


def test_one_preset_diverges(playground: Playground) -> None:
    train_preset(playground, "diverges")
    playground.wait_for_status("Diverged")


def test_one_preset_saturates(playground: Playground) -> None:
    train_preset(playground, "saturates")
    playground.wait_for_status("Saturated")


def test_one_preset_overfits(playground: Playground) -> None:
    train_preset(playground, "overfitting")
    playground.wait_for_status("Finished")
    epochs = epochs_of(playground)
    assert epochs[-1]["accuracy"] == 1
    lowest = min(epoch["test_cost"] for epoch in epochs)
    assert epochs[-1]["test_cost"] > 1.1 * lowest
    assert epochs[-1]["test_accuracy"] < 0.9


def test_one_preset_learns_random_labels_by_heart(playground: Playground) -> None:
    train_preset(playground, "memorizing")
    playground.wait_for_status("Finished")
    last = epochs_of(playground)[-1]
    assert last["noisy_accuracy"] > 0.95
    assert last["clean_accuracy"] is None
    assert last["test_accuracy"] < 0.2  # at chance


def test_in_one_preset_the_gradient_vanishes(playground: Playground) -> None:
    train_preset(playground, "vanishing", epochs=3)
    playground.wait_for_status("Finished")
    norms = epochs_of(playground)[-1]["gradient_norms"]
    assert norms[0] < norms[-1] / 100


def test_one_preset_reads_well(playground: Playground) -> None:
    train_preset(playground, "good", epochs=10)
    playground.wait_for_status("Finished")
    assert max(epoch["test_accuracy"] for epoch in epochs_of(playground)) > 0.93


def test_the_seeds_own_descends_without_a_jitter(playground: Playground) -> None:
    train_preset(playground, "seed", epochs=60)
    playground.wait_for_status("Finished")
    epochs = epochs_of(playground)
    assert [epoch["step"] for epoch in epochs] == list(range(1, 61))
    assert epochs[-1]["cost"] < 0.85 < epochs[1]["cost"]


def test_a_preset_is_a_whole_experiment_and_says_what_to_watch(playground: Playground) -> None:
    playground.open("/?l2=0.01&seed=5&steps_per_second=100")
    note = playground.by("preset-note")
    expect(note).to_have_text("")
    playground.by("preset").select_option("vanishing")
    expect(note).to_contain_text("sigmoids")
    expect(playground.field("hidden")).to_have_value("16, 16, 16, 16, 16")
    assert playground.query() == "hidden=16,16,16,16,16&steps_per_second=100"
    playground.field("epochs").fill("7")
    expect(note).to_have_text("")
    expect(playground.by("preset")).to_have_value("")
    playground.open_more()
    playground.by("defaults").click()
    assert playground.query() == ""
    expect(playground.field("hidden")).to_have_value("16, 16")


def test_a_preset_leaves_the_run_that_trains_as_it_is(playground: Playground) -> None:
    playground.open("/?epochs=null&steps_per_second=200")
    playground.train()
    playground.wait_for_epoch(1)
    first = playground.page.url
    changes: list[str] = []
    playground.page.on(
        "request", lambda it: changes.append(it.url) if it.method == "PATCH" else None
    )
    playground.by("preset").select_option("saturates")
    playground.wait_for_status("untrained")
    assert playground.page.url != first
    assert spec_of(playground)["learning_rate"] == 1000
    assert not any(url.endswith(first.partition("?")[0].rpartition("/")[2]) for url in changes)


def test_layers_are_added_and_removed_with_a_click(playground: Playground) -> None:
    playground.open()
    playground.open_more()
    opener = playground.by("more")
    neurons = playground.by("layer-neurons")
    expect(neurons).to_have_count(2)
    playground.by("add-layer").click()
    expect(playground.field("hidden")).to_have_value("16, 16, 16")
    neurons.nth(0).fill("32")
    expect(playground.field("hidden")).to_have_value("32, 16, 16")
    playground.page.locator("#layer-list").get_by_label("More neurons in layer 2").click()
    playground.page.locator("#layer-list").get_by_label("Fewer neurons in layer 3").click()
    expect(playground.field("hidden")).to_have_value("32, 20, 15")
    playground.by("layer-activation").nth(1).select_option("relu")
    expect(playground.field("activation")).to_have_value("sigmoid, relu, sigmoid")
    assert "activation=sigmoid,relu,sigmoid" in playground.query()
    playground.by("remove-layer").nth(0).click()
    expect(neurons.nth(0)).to_be_focused()
    expect(playground.field("hidden")).to_have_value("20, 15")
    expect(playground.field("activation")).to_have_value("relu, sigmoid")
    playground.field("activation").select_option("tanh")
    expect(playground.by("layer-activation").nth(0)).to_have_value("tanh")
    expect(playground.page.locator("#field-activation [data-typed]")).to_have_count(0)
    playground.by("remove-layer").nth(0).click()
    playground.by("remove-layer").nth(0).click()
    expect(playground.by("add-layer")).to_be_focused()
    expect(playground.field("hidden")).to_have_value("")
    playground.page.keyboard.press("Enter")
    expect(playground.field("hidden")).to_have_value("16")
    playground.page.keyboard.press("Escape")
    expect(playground.by("add-layer")).to_be_hidden()
    expect(opener).to_be_focused()
    playground.train()
    assert (spec_of(playground)["hidden"], spec_of(playground)["activation"]) == ([16], "tanh")


def test_too_many_neurons_are_told_where_the_layers_are(
    playground: Playground, expected_problems: list[str]
) -> None:
    expected_problems.append("422")
    playground.open("/?hidden=2000,2000,2000")
    playground.by("train").click()
    expect(playground.page.locator("#error-hidden")).to_contain_text("allows")
    playground.by("layer-neurons").nth(0).fill("x")
    expect(playground.page.locator("#error-hidden")).to_contain_text("whole number")
    expect(playground.by("layer-neurons").nth(0)).to_have_attribute("aria-invalid", "true")
    playground.by("layer-neurons").nth(0).fill("")
    playground.by("layer-neurons").nth(0).press("Tab")
    expect(playground.by("layer-neurons").nth(0)).to_have_value("x")


@pytest.mark.parametrize(
    ("query", "sizes"),
    [
        ("", ["64", "128", "256", "512", "1024", "2048", "full", "full"]),  # of 4,000
        ("?train_examples=300", ["64", "128", "256", "full", "full"]),
    ],
)
def test_the_batch_size_goes_by_twos_up_to_full(
    playground: Playground, query: str, sizes: list[str]
) -> None:
    playground.open(f"/{query}")
    datasets = playground.by("dataset").locator("option")
    expect(datasets.nth(1)).to_be_attached()  # the page knows how large the data are
    size = playground.by("batch-size")
    for expected in sizes:
        playground.by("batch-double").click()
        expect(size).to_have_value(expected)
    playground.by("batch-halve").click()
    expect(size).to_have_value(sizes[-3])
    size.fill("3")
    playground.by("batch-halve").click()
    expect(size).to_have_value("2")


# The second is a page that came without encryption: it has no clipboard.
@pytest.mark.parametrize("script", ["", "delete Navigator.prototype.clipboard"])
def test_the_link_opens_the_same_experiment(playground: Playground, script: str) -> None:
    playground.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    playground.page.add_init_script(script)
    playground.open("/?hidden=12&optimizer=adam")
    playground.train()
    playground.open_more()
    button = playground.by("copy-link")
    width = button.evaluate("button => button.offsetWidth")
    button.click()
    expect(button).to_have_text("Copied")
    seen = "button => [button.offsetWidth, document.activeElement === button]"
    assert button.evaluate(seen) == [width, True]
    playground.page.evaluate("document.body.append(document.createElement('textarea'))")
    playground.page.locator("body > textarea").focus()
    playground.page.keyboard.press("Control+V")
    link = f"{playground.url}/?hidden=12&optimizer=adam"
    expect(playground.page.locator("body > textarea")).to_have_value(link)
    expect(button).to_have_text("Copy a link to this experiment")
