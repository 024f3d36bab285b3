"""The choice of data: downloads with their progress, and uploaded data."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from nn_core.datasets.registry import FILES
from tests.browser.playground import ONE, Playground
from tests.browser.shared_page import DESKTOP, Contexts, SharedPage, shared_page
from tests.mirror import Mirror
from tests.nn_core.datasets.uploaded_files import IMAGES, LABELS, csv, npz
from tests.server_thread import StartServer, serving
from tests.servers import PATIENCE

FAST = "/?steps_per_second=null&epochs=2"


@pytest.fixture
def mirror() -> Iterator[Mirror]:
    with Mirror() as mirror:
        yield mirror


@pytest.fixture
def fresh(
    page: Page, start_server: StartServer, mirror: Mirror, tmp_path: Path
) -> Iterator[Playground]:
    """The page on a server that has downloaded nothing yet, and asks the mirror."""
    server = start_server(cache_dir=tmp_path / "cache", mirror=mirror.address)
    yield Playground(page, server.url)
    page.goto("about:blank")  # before the server ends: the page would complain


@pytest.fixture(scope="module")
def opened(contexts: Contexts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedPage]:
    """The page on a server that takes a megabyte at most, opened once."""
    with (
        serving(tmp_path_factory.mktemp("own"), max_dataset_bytes=1_000_000) as server,
        shared_page(contexts(DESKTOP), server, FAST) as playground,
    ):
        yield playground


@pytest.fixture
def taking(opened: SharedPage, expected_problems: list[str]) -> Iterator[Playground]:
    """That page, with the digits chosen again; data sets of other tests may be there."""
    with opened.of_a_test(expected_problems):
        yield opened
        choose(opened, "digits-5k")


def choose(playground: Playground, name: str) -> None:
    """Choose a data set, once the page knows it."""
    playground.wait_until(
        "name => [...document.querySelectorAll('#field-dataset option')]"
        ".some(({ value }) => value === name)",
        name,
    )
    playground.field("dataset").select_option(name)


def offer(playground: Playground, path: Path, content: bytes) -> None:
    """Upload a file."""
    path.write_bytes(content)
    choose(playground, "…")
    playground.by("own-file").set_input_files(path)


def train_to_the_end(playground: Playground) -> None:
    """Train a new network; one that was trained before it may still be shown."""
    before = playground.page.url.partition("?")[0]
    playground.by("train").click()
    playground.page.wait_for_url(lambda url: url.partition("?")[0] != before)
    playground.wait_for_status("Finished")


def wait_for_pictures(playground: Playground, rows: int, columns: int) -> None:
    """Wait until the weights of the first layer are drawn as pictures of this shape."""
    playground.wait_until(
        """([rows, columns]) => {
          const canvas = document.querySelector(".neuron canvas");
          return canvas?.height === rows && canvas.width === columns;
        }""",
        [rows, columns],
    )


def test_a_download_is_watched_and_its_data_is_used_without_a_reload(
    fresh: Playground, mirror: Mirror, mnist_data_dir: Path
) -> None:
    mirror.files = {
        f"mnist/{name}": (mnist_data_dir / "mnist" / name).read_bytes() for name in FILES
    }
    mirror.hold_after = 6_000_000
    fresh.open(FAST + "&train_examples=500")
    choose(fresh, "mnist")
    error, button = fresh.page.locator("#error-dataset"), fresh.by("download")
    expect(error).to_have_text("mnist is not here yet: download it first.")
    expect(button).to_have_text("Download (12 MB)")
    fresh.by("train").click()
    fresh.wait_for_status("Training can't start")
    expect(fresh.field("dataset")).to_be_focused()

    button.click()
    assert mirror.holding.acquire(timeout=PATIENCE)
    expect(fresh.page.locator("#dataset-far")).to_have_text("6 MB of 12 MB")
    fresh.wait_until(
        "() => Math.abs(document.querySelector('#dataset-progress').value - 0.51) < 0.02"
    )
    expect(button).to_be_hidden()
    fresh.page.reload()  # a new visitor sees it, too
    expect(fresh.by("download-progress")).to_be_visible()
    mirror.go_on.set()
    expect(fresh.by("download-progress")).to_be_hidden()
    expect(error).to_be_empty()
    fresh.train_without_waiting()
    fresh.wait_for_status("Finished")


def test_a_download_that_fails_is_told_in_place(fresh: Playground, mirror: Mirror) -> None:
    mirror.files = {f"kmnist/{FILES[0]}": b"not the file"}
    fresh.open()
    choose(fresh, "kmnist")
    fresh.by("download").click()
    problem = fresh.page.locator("#dataset-problem")
    expect(problem).to_contain_text("SHA-256")
    expect(fresh.by("download")).to_have_text("Try again (21 MB)")
    choose(fresh, "digits-5k")
    expect(problem).to_be_hidden()
    expect(fresh.page.locator("#error-dataset")).to_be_empty()


def test_data_of_ones_own_trains_and_is_drawn_at_its_shape(
    taking: Playground, tmp_path: Path
) -> None:
    names = np.array(["a", "b", "c", "d", "W" * 60])
    offer(taking, tmp_path / "My Shapes.npz", npz(images=IMAGES, labels=names[LABELS]))
    expect(taking.field("dataset")).to_have_value("my-shapes")
    expect(taking.by("own-file")).to_be_hidden()
    expect(taking.by("own-preview").locator("li")).to_have_count(5)
    # A long name breaks, and covers nothing beside it.
    preview = taking.by("own-preview")
    assert preview.evaluate("element => element.scrollWidth <= element.clientWidth")
    expect(taking.by("own-set")).to_contain_text("Only you can see it")
    taking.by("own-share").click()
    expect(taking.by("own-link")).to_contain_text("/?dataset=my-shapes")
    expect(taking.by("own-share")).to_be_hidden()
    train_to_the_end(taking)
    wait_for_pictures(taking, 6, 4)
    box = taking.by("weight-tile").first.locator("canvas").bounding_box()
    assert box is not None
    assert box["width"] / box["height"] == pytest.approx(4 / 6, rel=0.15)
    heads = taking.page.locator(".confusion th").evaluate_all(
        "heads => Math.max(...heads.map((head) => head.getBoundingClientRect().width))"
    )
    assert 0 < heads < 120
    expect(taking.page.locator(".layer-outputs .row")).to_have_count(5)
    taking.draw(ONE)
    taking.wait_until("document.querySelector('#prediction').textContent !== ''")
    expect(taking.page.locator("#scene-image-title")).to_have_text("24 pixels")
    assert taking.by("scene-image").evaluate("canvas => [canvas.height, canvas.width]") == [6, 4]
    expect(taking.page.locator("#pad-title")).to_have_text("Draw")


def test_every_class_has_its_output(taking: Playground, tmp_path: Path) -> None:
    images = np.zeros((160, 4, 4), np.uint8)
    offer(taking, tmp_path / "many.npz", npz(images=images, labels=np.arange(160) % 80))
    expect(taking.field("dataset")).to_have_value("many")
    train_to_the_end(taking)
    expect(taking.page.locator(".layer-outputs .row")).to_have_count(80)


def test_what_is_wrong_with_a_file_is_told_in_place(
    taking: Playground, tmp_path: Path, expected_problems: list[str]
) -> None:
    expected_problems.append("422")
    offer(taking, tmp_path / "mine.csv", b"label,a,b\n0,1,2\n1,five,3\n")
    expect(taking.by("own-problem")).to_contain_text("line 3, column 2: 'five'")
    expect(taking.field("dataset")).to_have_value("digits-5k")
    taking.by("own-file").set_input_files([])
    (tmp_path / "mine.csv").write_bytes(csv(IMAGES, LABELS))
    taking.by("own-file").set_input_files(tmp_path / "mine.csv")
    expect(taking.field("dataset")).to_have_value("mine")


def test_the_way_to_ones_own_data_is_closed_by_escape(taking: Playground) -> None:
    choose(taking, "…")
    expect(taking.by("own-file")).to_be_focused()
    taking.page.keyboard.press("Escape")
    expect(taking.by("own-file")).to_be_hidden()
    expect(taking.field("dataset")).to_be_focused()
    expect(taking.field("dataset")).to_have_value("digits-5k")


def test_numbers_in_a_row_are_no_pictures(taking: Playground, tmp_path: Path) -> None:
    offer(taking, tmp_path / "table.csv", csv(IMAGES, LABELS))
    expect(taking.field("dataset")).to_have_value("table")
    train_to_the_end(taking)
    wait_for_pictures(taking, 1, 24)
    taking.draw(ONE)
    expect(taking.page.locator("#confidence")).to_have_text(
        "This network reads numbers, not pictures."
    )


def test_a_file_that_is_too_large_is_told_before_it_is_sent(
    taking: Playground, tmp_path: Path
) -> None:
    offer(taking, tmp_path / "large.csv", bytes(2_000_000))
    expect(taking.by("own-problem")).to_have_text("This has 2 MB; 1 MB are allowed.")
