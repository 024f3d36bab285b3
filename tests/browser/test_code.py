"""The experiment as code: what the page shows, run by this Python, trains what the page trained."""

import importlib.util
import json
import os
import re
import subprocess
import sys
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from tests.browser.playground import Playground

PATIENCE = 120  # seconds until a script that never ends is given up

PLAIN = "/?epochs=2&steps_per_second=null"
FANCY = (
    "/?hidden=24,12&activation=relu,tanh&output=softmax&cost=cross-entropy&optimizer=adam"
    "&dropout=0.1&l1=0.00001&l2=0.001&train_examples=700&batch_size=50&initializer=he&seed=3"
    "&augment=true&label_noise=0.1&epochs=2&steps_per_second=null"
)


def show_code(playground: Playground) -> None:
    """Open the dialog."""
    playground.open_more()
    playground.by("as-code").click()
    expect(playground.by("code-dialog")).to_be_visible()


def code_of(playground: Playground, kind: str) -> str:
    """Return the text that the dialog shows."""
    return playground.by(f"code-{kind}").inner_text()


def last_line(code: str) -> list[float]:
    """Run a script as a person would, and return the numbers that it prints last."""
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env={**os.environ, "OMP_NUM_THREADS": "1"},  # PyTorch's threads get in each other's way
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return [float(figure) for figure in ended.stdout.splitlines()[-1].split()]


def last_epoch(playground: Playground) -> dict[str, Any]:
    """Return the last figures that the server has of the run that is shown."""
    run = playground.page.url.partition("?")[0].rpartition("/")[2]
    with urlopen(f"{playground.url}/api/runs/{run}/epochs") as answer:
        epoch: dict[str, Any] = json.load(answer)[-1]
    return epoch


@pytest.mark.parametrize("query", [PLAIN, FANCY], ids=["plain", "fancy"])
def test_the_code_trains_the_same_network(playground: Playground, query: str) -> None:
    playground.open(query)
    playground.train_without_waiting()
    playground.wait_for_status("Finished")
    show_code(playground)
    ran = last_epoch(playground)
    assert last_line(code_of(playground, "nn_core")) == [
        ran["epoch"],
        ran["cost"],
        ran["test_accuracy"],
    ]


def test_pytorch_trains_a_network_much_like_it(playground: Playground) -> None:
    if importlib.util.find_spec("torch") is None:
        pytest.skip("PyTorch is not installed")
    playground.open(FANCY)
    playground.train_without_waiting()
    playground.wait_for_status("Finished")
    show_code(playground)
    epoch, cost, _ = last_line(code_of(playground, "pytorch"))
    ran = last_epoch(playground)
    assert epoch == ran["epoch"]
    assert cost == pytest.approx(ran["cost"], rel=0.2)


def test_all_variants_are_python(start_page: Playground) -> None:
    codes = start_page.page.evaluate(
        """async () => {
          const { codeOf } = await import("/static/code/code.pure.js");
          const { defaults } = JSON.parse(document.getElementById("page-data").textContent);
          const part = await (await fetch("/static/parts/code.html")).text();
          const code = [...new DOMParser().parseFromString(part, "text/html")
            .querySelectorAll("code")].map(({ textContent }) => textContent);
          const optionsOf = (name) => [...document.querySelectorAll(`#field-${name} option`)];
          const variants = [
            ...["activation", "output", "cost", "optimizer", "initializer"].flatMap((name) =>
              optionsOf(name).map(({ value }) => ({ [name]: value }))),
            { optimizer: "nesterov", momentum: 0, batch_size: "full", epochs: null, hidden: [] },
            { output: "identity", activation: ["leaky-relu", "identity"], learning_rate: 1e-7 },
            { output: "sigmoid", cost: "cross-entropy", l1: 0.1 },
            { dataset: "mnist", train_examples: 9, extra_dataset: "my-drawings" },
            { label_noise: 0.5, train_examples: 9 },
          ];
          return variants.flatMap((variant) => code.map((template) =>
            codeOf({ ...defaults, ...variant }, template)));
        }"""
    )
    assert len(codes) > 40
    for code in codes:
        compile(code, "variant", "exec")
        assert not re.search(r"undefined|\$|# if|# unless", code)


def test_the_dialog_opens_copies_and_closes(playground: Playground) -> None:
    playground.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    playground.open("/?hidden=16,x")
    playground.open_more()
    playground.by("as-code").click()
    expect(playground.field("hidden")).to_be_focused()
    expect(playground.by("code-dialog")).to_be_hidden()
    playground.field("hidden").fill("7")
    expect(playground.page.locator("#error-hidden")).to_be_empty()  # the buttons stand still again
    show_code(playground)
    assert "nn.Linear(7, y.shape[1])" in code_of(playground, "pytorch")
    playground.by("copy-nn_core").click()
    expect(playground.by("copy-nn_core")).to_have_text("Copied")
    copied = playground.page.evaluate("navigator.clipboard.readText()")
    assert copied.strip() == code_of(playground, "nn_core").strip()
    playground.page.keyboard.press("Escape")
    expect(playground.by("code-dialog")).to_be_hidden()
    expect(playground.by("as-code")).to_be_focused()
    show_code(playground)
    playground.by("code-close").click()
    expect(playground.by("code-dialog")).to_be_hidden()
