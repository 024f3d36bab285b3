"""Presets, the layers one by one, the batch size by twos, the defaults and the link to copy."""

import json
from typing import Any
from urllib.request import urlopen

from playwright.sync_api import expect

from tests.browser.playground import Playground
from tests.servers import wait_until

FAST = "/?steps_per_second=null"


def epochs_of(playground: Playground) -> list[dict[str, Any]]:
    """Return the figures that the server has of the run that is shown."""
    run = playground.page.url.partition("?")[0].rpartition("/")[2]
    with urlopen(f"{playground.url}/api/runs/{run}/epochs") as answer:
        epochs: list[dict[str, Any]] = json.load(answer)
    return epochs


def run_of(playground: Playground) -> dict[str, Any]:
    """Return what the server says of the run that is shown."""
    run = playground.page.url.partition("?")[0].rpartition("/")[2]
    with urlopen(f"{playground.url}/api/runs/{run}") as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def train_preset(playground: Playground, name: str, epochs: int | None = None) -> None:
    """Choose a preset in the open page and train it, to its end on the server."""
    before = playground.page.url.partition("?")[0]
    playground.by("preset").select_option(name)
    if epochs:
        playground.field("epochs").fill(str(epochs))
    playground.by("train").click()
    playground.page.wait_for_url(lambda url: url.partition("?")[0] != before)
    wait_until(lambda: run_of(playground)["status"] in ("finished", "diverged"), "it ends")


def test_each_preset_shows_what_it_is_for(playground: Playground) -> None:
    playground.open(FAST)

    train_preset(playground, "diverges")
    playground.wait_for_status("Diverged")

    train_preset(playground, "saturates")
    playground.wait_for_status("Saturated")

    train_preset(playground, "overfitting")
    epochs = epochs_of(playground)
    assert epochs[-1]["accuracy"] == 1
    lowest = min(epoch["test_cost"] for epoch in epochs)
    assert epochs[-1]["test_cost"] > 1.1 * lowest
    assert epochs[-1]["test_accuracy"] < 0.9

    train_preset(playground, "memorizing")  # random labels are learned by heart
    last = epochs_of(playground)[-1]
    assert last["noisy_accuracy"] > 0.95
    assert last["clean_accuracy"] is None
    assert last["test_accuracy"] < 0.2  # at chance

    train_preset(playground, "vanishing", epochs=3)
    norms = epochs_of(playground)[-1]["gradient_norms"]
    assert norms[0] < norms[-1] / 100

    train_preset(playground, "good", epochs=10)
    assert max(epoch["test_accuracy"] for epoch in epochs_of(playground)) > 0.93

    train_preset(playground, "seed", epochs=60)  # it descends without a jitter
    epochs = epochs_of(playground)
    assert [epoch["step"] for epoch in epochs] == list(range(1, 61))
    assert epochs[-1]["cost"] < 0.85 < epochs[1]["cost"]
    playground.wait_for_status("Finished")


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
    assert run_of(playground)["spec"]["learning_rate"] == 1000
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
    spec = run_of(playground)["spec"]
    assert (spec["hidden"], spec["activation"]) == ([16], "tanh")


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


def test_the_batch_size_goes_by_twos_up_to_full(playground: Playground) -> None:
    playground.open()
    datasets = playground.by("dataset").locator("option")
    expect(datasets.nth(1)).to_be_attached()  # the page knows how large the data are
    size = playground.by("batch-size")
    of_4000 = ["64", "128", "256", "512", "1024", "2048", "full", "full"]
    of_300 = ["64", "128", "256", "full", "full"]
    for examples, sizes in (("", of_4000), ("300", of_300)):
        playground.field("train_examples").fill(examples)
        playground.page.keyboard.press("Escape")
        size.fill("32")
        for expected in sizes:
            playground.by("batch-double").click()
            expect(size).to_have_value(expected)
        playground.by("batch-halve").click()
        expect(size).to_have_value(sizes[-3])
        size.fill("3")
        playground.by("batch-halve").click()
        expect(size).to_have_value("2")


def test_the_link_opens_the_same_experiment(playground: Playground) -> None:
    page = playground.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    playground.open("/?hidden=12&optimizer=adam")
    playground.by("step").click()
    playground.wait_for_status("Paused after step 1")
    playground.open_more()
    assert_copied(playground, f"{playground.url}/?hidden=12&optimizer=adam")
    page.evaluate("navigator.clipboard.writeText('something else')")
    page.evaluate("delete Navigator.prototype.clipboard")  # as in a page without encryption
    playground.open_more()
    assert_copied(playground, f"{playground.url}/?hidden=12&optimizer=adam")


def assert_copied(playground: Playground, link: str) -> None:
    """Press the button, and assert that it says so, and what a person can insert then."""
    button = playground.by("copy-link")
    width = button.evaluate("button => button.offsetWidth")
    button.click()
    expect(button).to_have_text("Copied")
    seen = "button => [button.offsetWidth, document.activeElement === button]"
    assert button.evaluate(seen) == [width, True]
    playground.page.evaluate("document.body.append(document.createElement('textarea'))")
    inserted = playground.page.locator("body > textarea").last
    inserted.focus()
    playground.page.keyboard.press("Control+V")
    expect(inserted).to_have_value(link)
    expect(button).to_have_text("Copy a link to this experiment")
