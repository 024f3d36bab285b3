"""Drawings that the visitor has labelled: kept, trained with, downloaded, deleted."""

import csv
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.playground import ONE, SEVEN, Playground
from tests.pictures import file_of
from tests.servers import PATIENCE, Server


def keep(playground: Playground, label: str) -> None:
    """Say what the drawing on the pad is."""
    playground.by("wrong").click()
    playground.by("choices").get_by_role("button", name=label, exact=True).click()


def labels(playground: Playground) -> list[str]:
    """Return the labels of the drawings that are kept."""
    return playground.by("drawings").locator("b").all_inner_texts()


def draw_and_keep(playground: Playground) -> None:
    """Keep three drawings, two with the label 4, which is wrong, and one with the label 1."""
    for stroke, label in ((SEVEN, "4"), (ONE, "1")):
        playground.draw(stroke)
        expect(playground.by("wrong")).to_be_enabled()
        keep(playground, label)
        if label == "4":
            keep(playground, label)
        playground.by("clear-pad").click()
        expect(playground.by("wrong")).to_be_disabled()


# Of what the page was just asking the untrained run, which is gone once another takes its place.
@pytest.mark.parametrize("expected_problems", [["404"]])
def test_a_new_run_trains_on_the_drawings(playground: Playground, server: Server) -> None:
    playground.open("/?epochs=1&steps_per_second=null&batch_size=1&train_examples=50")
    expect(playground.by("use-drawings")).to_be_disabled()
    draw_and_keep(playground)
    assert labels(playground) == ["4", "4", "1"]
    playground.by("use-drawings").check()
    playground.train_without_waiting()
    playground.wait_for_status("Finished")
    assert run_shown(playground, server)["step"] == 53
    names = [each["name"] for each in httpx.get(f"{server.url}/api/datasets").json()]
    assert not [name for name in names if name.startswith("drawings")]

    # A run that is ready to train is begun anew without them.
    playground.by("reset").click()
    playground.wait_for_status("untrained")
    playground.by("use-drawings").uncheck()
    playground.by("train").click()
    playground.wait_for_status("Finished")
    assert run_shown(playground, server)["step"] == 50


def test_a_misread_drawing_is_learned(playground: Playground, server: Server) -> None:
    playground.open()
    expect(playground.by("learn")).to_be_hidden()
    playground.draw(SEVEN)
    expect(playground.by("prediction")).to_have_text("7")
    keep(playground, "4")
    playground.by("learn").click()
    expect(playground.page.locator("#kept")).to_contain_text(
        "It now reads your drawing right. Test digits: "
    )
    expect(playground.by("prediction")).to_have_text("4")
    mine = run_shown(playground, server)
    assert (mine["name"], mine["step"], mine["status"]) == ("copy of pretrained", 0, "paused")

    # The next one is taught to the same run, with the one before it.
    playground.by("clear-pad").click()
    expect(playground.by("learn")).to_be_hidden()
    playground.draw(ONE)
    keep(playground, "8")
    playground.by("learn").click()
    expect(playground.page.locator("#kept")).to_contain_text(
        "Read right of your 2 drawings: 1 before, 2 now. Test digits: "
    )
    expect(playground.by("prediction")).to_have_text("8")
    assert run_shown(playground, server)["id"] == mine["id"]


def run_shown(playground: Playground, server: Server) -> dict[str, Any]:
    """Return what the server knows of the run that the page shows."""
    name = playground.page.url.partition("?")[0].rpartition("/")[2]
    run: dict[str, Any] = httpx.get(f"{server.url}/api/runs/{name}", timeout=PATIENCE).json()
    return run


def test_a_link_names_its_extra_data_which_may_not_be_there_and_can_be_left_out(
    playground: Playground, expected_problems: list[str]
) -> None:
    expected_problems.append("422")
    playground.open("/?extra_dataset=nobodys-drawings")
    expect(playground.page.locator("#extra-name")).to_contain_text("nobodys-drawings")
    playground.by("train").click()
    expect(playground.page.locator("#error-extra_dataset")).to_contain_text("nobodys-drawings")
    expect(playground.by("leave-out")).to_be_focused()
    playground.by("leave-out").click()
    expect(playground.by("leave-out")).to_be_hidden()
    assert "extra_dataset" not in playground.query()


def test_drawings_are_downloaded_and_last_as_long_as_the_session_and_can_be_deleted(
    playground: Playground, server: Server
) -> None:
    playground.open()
    draw_and_keep(playground)
    assert_the_download_is_what_the_server_takes(playground, server)
    playground.page.reload()
    expect(playground.by("drawings").locator("b")).to_have_text(["4", "4", "1"])
    playground.by("drawings").get_by_role("button", name="class 4").first.click()
    expect(playground.by("drawings").locator("b")).to_have_text(["4", "1"])
    playground.by("delete-drawings").click()
    expect(playground.by("drawings").locator("b")).to_have_count(0)
    expect(playground.by("delete-drawings")).to_be_disabled()
    playground.page.evaluate("sessionStorage.setItem('nudge.drawings', '[{\"label\": 3}, 7')")
    playground.page.reload()
    expect(playground.by("weight-tile").first).to_be_visible()
    assert labels(playground) == []


def assert_the_download_is_what_the_server_takes(playground: Playground, server: Server) -> None:
    """Download the drawings that are kept, and give them back to the server as a data set."""
    with playground.page.expect_download() as download:
        playground.by("download-drawings").click()
    text = download.value.path().read_text()
    rows = list(csv.reader(text.splitlines()))
    assert [row[0] for row in rows] == ["4", "4", "1"]
    assert {len(row) for row in rows} == {1 + 784}
    assert rows[0] == rows[1] != rows[2]
    for row, digit in zip(rows, (7, 7, 1), strict=True):
        pixels = np.array(row[1:], float)
        picture = file_of(Image.fromarray(pixels.astype(np.uint8).reshape(28, 28)))
        read = httpx.post(
            f"{server.url}/api/runs/pretrained/predict", content=picture, timeout=PATIENCE
        ).json()
        assert read["digit"] == digit
        np.testing.assert_array_equal(np.rint(255 * np.array(read["image"])), pixels)
    address = f"{server.url}/api/datasets?name=downloaded-drawings"
    taken = httpx.post(address, content=text, timeout=PATIENCE)
    assert taken.status_code == 201
    assert taken.json()["examples"] == 3
