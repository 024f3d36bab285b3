"""The form: what is typed is checked, kept, sent, and put into the address."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from tests.browser.playground import Playground
from tests.browser.shared_page import SharedPage

FAST = "/?steps_per_second=null"


@pytest.fixture
def form(opened: SharedPage, expected_problems: list[str]) -> Iterator[Playground]:
    """The start page, with the form as it is at first."""
    with opened.of_a_test(expected_problems):
        yield opened
        opened.field("hidden").fill("16, 16")
        for name in ("activation", "output"):
            opened.field(name).select_option("sigmoid")
        opened.field("cost").select_option("squared-error")
        opened.field("optimizer").select_option("sgd")
        opened.field("learning_rate").fill("")
        opened.field("learning_rate").press("Tab")
        opened.wait_until("location.search === ''")


def spec_of(playground: Playground) -> dict[str, Any]:
    """Return the spec that the server has of the run that is shown."""
    run = playground.page.url.partition("?")[0].rpartition("/")[2]
    with urlopen(f"{playground.url}/api/runs/{run}") as answer:
        spec: dict[str, Any] = json.load(answer)["spec"]
    return spec


def test_the_address_is_the_experiment(playground: Playground) -> None:
    playground.open(
        "/?learning_rate=0.5&hidden=32,16&activation=tanh,relu&output=softmax&cost=cross-entropy"
        "&optimizer=momentum&batch_size=full&epochs=3&momentum=0.5&l2=0.001&dropout=0.1"
        "&initializer=he&train_examples=500&seed=7&steps_per_second=null"
    )
    asked = playground.query()
    playground.train_without_waiting()
    assert playground.query() == asked.replace("&steps_per_second=null", "") or all(
        pair in playground.query().split("&") for pair in asked.split("&")
    )
    spec = spec_of(playground)
    expected = {
        "learning_rate": 0.5,
        "hidden": [32, 16],
        "activation": ["tanh", "relu"],
        "output": "softmax",
        "cost": "cross-entropy",
        "optimizer": "momentum",
        "batch_size": "full",
        "epochs": 3,
        "momentum": 0.5,
        "l2": 0.001,
        "dropout": 0.1,
        "initializer": "he",
        "train_examples": 500,
        "seed": 7,
        "steps_per_second": None,
    }
    assert {name: spec[name] for name in expected} == expected


def test_only_what_differs_stands_in_the_address(form: Playground) -> None:
    assert form.query() == ""
    form.field("hidden").fill("30")
    form.field("activation").select_option("relu")
    form.wait_until("location.search === '?hidden=30&activation=relu'")
    form.field("hidden").fill("16, 16")
    form.field("activation").select_option("sigmoid")
    form.wait_until("location.search === ''")


BAD: list[list[tuple[str, str, str]]] = [
    [
        ("learning_rate", "-1", "at least 0"),
        ("hidden", "16, 0", "at least 1"),
        ("batch_size", "half", "full"),
        ("epochs", "1.5", "whole number"),
        ("seed", "-1", "at least 0"),
        ("momentum", "1", "less than 1"),
        ("activation", "swish", "sigmoid"),
    ],
    [
        ("learning_rate", "1e999", "number"),
        ("hidden", "16, x", "whole number"),
        ("batch_size", "0", "at least 1"),
        ("epochs", "forever", "whole number"),
        ("activation", "tanh,tanh,tanh", "each hidden layer"),
        ("steps_per_second", "0", "at least"),
    ],
]


@pytest.mark.parametrize("fields", BAD, ids=["numbers", "names"])
def test_a_bad_value_in_the_address_is_told_at_its_field(
    playground: Playground, fields: list[tuple[str, str, str]]
) -> None:
    playground.open("/?" + "&".join(f"{name}={text}" for name, text, _ in fields))
    for name, text, words in fields:
        error = playground.page.locator(f"#error-{name}")
        expect(error).to_contain_text(re.compile(words, re.IGNORECASE))
        if name != "steps_per_second":  # a slider: it has no text of its own
            expect(playground.field(name)).to_have_value(text)
            expect(playground.field(name)).to_have_attribute("aria-invalid", "true")
    playground.by("train").click()
    expect(playground.page.locator("form [aria-invalid]").first).to_be_focused()
    assert "/runs/" not in playground.page.url


def test_a_decimal_comma_is_one(playground: Playground) -> None:
    playground.open("/?momentum=0,75")
    playground.field("learning_rate").fill("0,5")
    expect(playground.page.locator("#rate-slider")).to_have_attribute("aria-valuetext", "0,5")
    playground.by("step").click()
    playground.wait_for_status("Paused after step 1")
    run = playground.page.url.partition("?")[0].replace("/runs/", "/api/runs/")
    spec = playground.page.request.get(run).json()["spec"]
    assert (spec["learning_rate"], spec["momentum"]) == (0.5, 0.75)
    playground.by("nudge-index").fill("12.345")
    playground.by("nudge-amount").fill("0,5")
    expect(playground.by("nudge-measured")).not_to_have_text("–")
    expect(playground.by("nudge-slider")).to_have_value("0.5")


def test_nothing_typed_is_lost_and_a_mended_field_trains(playground: Playground) -> None:
    playground.open(FAST)
    playground.field("hidden").fill("16, sixteen")
    playground.field("epochs").fill("2")
    playground.by("train").click()
    expect(playground.page.locator("#error-hidden")).to_contain_text("sixteen")
    expect(playground.field("hidden")).to_be_focused()
    expect(playground.field("hidden")).to_have_value("16, sixteen")
    playground.field("hidden").fill("12 8")
    expect(playground.page.locator("#error-hidden")).to_have_text("")
    playground.train_without_waiting()
    assert spec_of(playground)["hidden"] == [12, 8]


def test_what_the_server_refuses_is_told_at_its_field(
    form: Playground, expected_problems: list[str]
) -> None:
    expected_problems.append("422")
    form.field("hidden").fill("2000, 2000, 2000, 2000")
    form.by("train").click()
    expect(form.page.locator("#error-hidden")).to_contain_text("allows")
    expect(form.field("hidden")).to_be_focused()
    expect(form.field("hidden")).to_have_value("2000, 2000, 2000, 2000")


def test_identity_outputs_need_the_squared_error(form: Playground) -> None:
    form.field("output").select_option("identity")
    expect(form.page.locator("#error-output")).to_have_text("")
    form.field("cost").select_option("cross-entropy")
    expect(form.page.locator("#error-output")).to_contain_text("squared error")
    form.field("cost").select_option("squared-error")
    expect(form.page.locator("#error-output")).to_have_text("")


def test_an_untouched_learning_rate_follows_optimizer_and_cost(form: Playground) -> None:
    rates = form.page.evaluate(
        "JSON.parse(document.getElementById('page-data').textContent).learning_rates"
    )
    rate = form.by("learning-rate")
    form.field("optimizer").select_option("adam")
    expect(rate).to_have_value(str(rates["adam"]["squared-error"]))
    form.field("cost").select_option("cross-entropy")
    expect(rate).to_have_value(str(rates["adam"]["cross-entropy"]))
    assert "learning_rate" not in form.query()
    rate.fill("0.125")
    form.field("optimizer").select_option("rmsprop")
    expect(rate).to_have_value("0.125")
    rate.fill("")
    rate.press("Tab")
    expect(rate).to_have_value(str(rates["rmsprop"]["cross-entropy"]))


def test_what_a_run_can_take_goes_to_it_and_the_rest_waits(playground: Playground) -> None:
    playground.open("/?epochs=null&steps_per_second=400")
    playground.train()
    playground.wait_for_epoch(1)
    playground.by("batch-size").fill("64")
    playground.field("hidden").fill("24")
    expect(playground.by("next-words")).to_contain_text("Waits for the next network: hidden layers")
    expect(playground.page.locator("#next-hidden")).to_have_text("for the next network")
    expect(playground.page.locator("#next-batch_size")).to_have_text("")
    playground.open_more()
    with playground.page.expect_response(
        lambda answer: (
            "dropout" in (answer.request.post_data or "") and answer.request.method == "PATCH"
        )
    ):
        playground.field("dropout").fill("0.25")
    spec = spec_of(playground)
    assert (spec["batch_size"], spec["dropout"], spec["hidden"]) == (64, 0.25, [16, 16])
    playground.by("reset").click()
    playground.wait_for_status("untrained")
    assert spec_of(playground)["hidden"] == [24]
    expect(playground.by("weight-tile")).to_have_count(24)


def test_the_pace_can_be_turned_while_it_trains(playground: Playground) -> None:
    playground.open("/?epochs=20")
    expect(playground.page.locator("#pace-text")).to_have_text("60 steps/s")
    playground.train()
    pace = playground.page.locator("#pace")
    pace.press("Home")
    expect(playground.page.locator("#pace-text")).to_have_text("1 step/s")
    pace.press("End")
    expect(playground.page.locator("#pace-text")).to_have_text("as fast as it can")
    playground.wait_for_status("Finished")
    assert spec_of(playground)["steps_per_second"] is None


def test_text_from_the_address_is_never_markup(playground: Playground) -> None:
    playground.open("/?hidden=<img src=x onerror=alert(1)>&dataset=<b>x</b>")
    expect(playground.page.locator("#error-hidden")).to_contain_text("<img")
    assert playground.page.locator("main img, main b:text('x')").count() == 0


def test_what_is_wrong_with_a_field_out_of_sight_brings_it_into_sight(
    playground: Playground,
) -> None:
    playground.open("/?augment=perhaps")
    playground.by("train").click()
    expect(playground.page.locator("#error-augment")).to_contain_text("true or false")
    expect(playground.page.locator("#field-augment")).to_be_visible()
    assert "/runs/" not in playground.page.url
