"""The words for runs, whose they are, and what the train button does with them."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.playground import Server

RUN = """{ id: "a1", name: null, yours: true, place: null, status: "training", reason: null,
  epoch: 3, step: 30, spec: { hidden: [16, 16], epochs: 5, activation: "sigmoid", optimizer: "sgd",
  learning_rate: 3, dataset: "digits-5k" } }"""


@pytest.fixture(scope="module")
def run(browser: Browser, server: Server) -> Iterator[Any]:
    """Return a function that runs JavaScript, with a module of ``static`` as ``m``, and a run."""
    page = browser.new_page()
    page.goto(f"{server.url}/api/health")

    def run(module: str, body: str) -> Any:
        return page.evaluate(
            f"async () => {{ const m = await import('/static/{module}.js');"
            f"const a = {RUN}; {body} }}"
        )

    yield run
    page.close()


def test_a_run_is_called_by_its_name_or_its_setup(run: Any) -> None:
    body = """const mixed = { hidden: [8, 4], activation: ["relu", "tanh"] };
    return [a, { ...a, name: "Mine" }, { ...a, spec: { ...a.spec, hidden: [] } },
      { ...a, spec: { ...a.spec, ...mixed } }].map(m.titleOf);"""
    assert run("runs/runs.pure", body) == [
        "16·16 sigmoid, SGD 3 on digits-5k",
        "Mine",
        "no hidden layer, SGD 3 on digits-5k",
        "8·4 ReLU–tanh, SGD 3 on digits-5k",
    ]


def test_the_newest_runs_come_first_and_the_pretrained_do_not(run: Any) -> None:
    body = """const at = (id, created) => ({ ...a, id, created });
    return m.newestFirst([at("pretrained", "2026-01-01T00:00:00+00:00"),
      at("one", "2025-01-02T00:00:00+00:00"), at("two", "2025-01-02T00:00:00+00:00"),
      at("brought", "2024-01-01T00:00:00+00:00")]).map(({ id }) => id);"""
    assert run("runs/runs.pure", body) == ["two", "one", "brought"]


def test_how_a_run_stands(run: Any) -> None:
    body = """const now = new Date(2025, 4, 3, 15, 0);
    const queued = (place) => m.stateOf({ ...a, status: "queued", place });
    return [m.stateOf(a), ...[1, 2, 3, 4, 11, 22].map(queued),
      m.epochsOf(a), m.epochsOf({ ...a, epoch: 1200, spec: { epochs: null } }),
      m.createdWords(new Date(2025, 4, 3, 9, 5).toISOString(), now),
      m.createdWords(new Date(2024, 4, 3, 9, 5).toISOString(), now), m.createdWords("", now)];"""
    queue = [f"{place} in the queue" for place in ("1st", "2nd", "3rd", "4th", "11th", "22nd")]
    assert run("runs/runs.pure", body) == [
        "training",
        *queue,
        "epoch 3 of 5",
        "epoch 1,200",
        "today, 09:05",
        "3 May 2024, 09:05",
        "",
    ]


def test_what_the_train_button_does(run: Any) -> None:
    body = """
    const intent = (run, spec) => m.trainIntent({ ...a, ...run }, { ...a.spec, ...spec });
    const done = { status: "finished", epoch: 5 };
    return [intent({}), intent({ yours: false }), intent({ status: "queued", place: 2 }),
      intent({ status: "stopped" }), intent({ status: "interrupted" }),
      intent({ status: "interrupted" }, { hidden: [4] }),
      intent({ status: "interrupted", yours: false }),
      intent({ status: "stopped", epoch: 5 }), intent(done), intent(done, { epochs: 9 }),
      intent({ status: "failed" })];"""
    resumed = ["resume", "resume", "new", "new"]
    assert run("training/intent.pure", body) == [
        "none",
        "new",
        "wait",
        *resumed,
        "new",
        "new",
        "go-on",
        "new",
    ]


def test_what_is_said_of_a_run(run: Any) -> None:
    body = """const say = (changes) => m.describeRun({ ...a, ...changes }, [], 10).text;
    return [say({ status: "queued" }), say({ status: "queued", place: 2 }),
      say({ status: "queued", place: 2, reason: "2nd in the queue: it is full" }),
      say({ reason: "the disk is full" }), say({ status: "failed", reason: "no memory" }),
      say({ status: "paused", reason: "nobody watched" }),
      say({ status: "queued", yours: false, reason: "8 of your runs train" })];"""
    assert run("training/status.pure", body) == [
        "Getting ready: a worker process is starting.",
        "Waiting. 2nd in the queue. It begins by itself.",
        "Waiting. 2nd in the queue: it is full. It begins by itself.",
        "The disk is full.",
        "Failed. No memory.",
        "Paused after step 30. Nobody watched. Take one step at a time, or resume.",
        "You are watching somebody else's run: you can draw on it. It waits for its turn.",
    ]
