"""The pad takes pictures from elsewhere, and has the form and the colours of the run's images."""

import base64
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.playground import HANG, ONE, Playground
from tests.browser.shared_page import DESKTOP, Contexts, SharedPage, shared_page
from tests.nn_core.datasets.uploaded_files import npz
from tests.pictures import file_of, painted, photograph, seven, strips
from tests.server_thread import serving

Offer = Callable[[Playground, Path], None]


def drop(playground: Playground, path: Path) -> None:
    """Drop a file on the pad, as a person drags it there from a folder."""
    x, y = playground.on_pad([(0.5, 0.5)])[0]
    devtools = playground.page.context.new_cdp_session(playground.page)
    data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        devtools.send("Input.dispatchDragEvent", {"type": kind, "x": x, "y": y, "data": data})


def paste(playground: Playground, path: Path) -> None:
    """Paste a picture, as a browser hands it to a page."""
    playground.page.evaluate(
        """([bytes, name]) => {
          const data = new DataTransfer();
          const content = Uint8Array.from(atob(bytes), (byte) => byte.charCodeAt(0));
          data.items.add(new File([content], name, { type: "image/png" }));
          document.body.dispatchEvent(
            new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        [base64.b64encode(path.read_bytes()).decode(), path.name],
    )


@pytest.fixture
def pad(opened: SharedPage, expected_problems: list[str]) -> Iterator[Playground]:
    """The start page with an empty pad."""
    with opened.of_a_test(expected_problems):
        yield opened
        opened.clear_pad()


@pytest.mark.parametrize("offer", [drop, paste])
def test_a_picture_is_read_and_what_was_done_to_it_is_told(
    pad: Playground, tmp_path: Path, offer: Offer
) -> None:
    (tmp_path / "seven.png").write_bytes(file_of(painted("white", "navy")))
    pad.draw(ONE)
    expect(pad.by("prediction")).to_have_text("1")
    offer(pad, tmp_path / "seven.png")
    expect(pad.by("prediction")).to_have_text("7")
    expect(pad.by("truth")).to_contain_text("This is seven.png. Dark ink on a light ground")
    expect(pad.by("undo")).to_be_disabled()  # the drawing is gone
    pad.by("clear-pad").click()
    expect(pad.by("truth")).to_be_empty()
    expect(pad.by("prediction")).to_be_empty()


def test_a_photograph_is_made_smaller_before_it_is_sent(pad: Playground, tmp_path: Path) -> None:
    large = photograph("gradient", seven(1600))
    (tmp_path / "photo.png").write_bytes(file_of(large))
    assert (tmp_path / "photo.png").stat().st_size > 2**20
    with pad.page.expect_request(lambda request: "/predict" in request.url) as sent:
        drop(pad, tmp_path / "photo.png")
    assert len(sent.value.post_data_buffer or b"") < 2**20
    expect(pad.by("prediction")).to_have_text("7")


def test_what_is_no_picture_is_told(
    pad: Playground, tmp_path: Path, expected_problems: list[str]
) -> None:
    expected_problems.append("400")
    (tmp_path / "notes.txt").write_text("7")
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    drop(pad, tmp_path / "notes.txt")
    pad.wait_for_status("Notes.txt: this browser can't read it")
    drop(pad, tmp_path / "broken.png")
    pad.wait_for_status("Broken.png: ")
    expect(pad.by("prediction")).to_be_empty()


@pytest.fixture(scope="module")
def opened_reader(
    contexts: Contexts, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SharedPage]:
    """The page of a run that has learned wide pictures, dark on light, opened once."""
    images, labels = strips(300)
    learner = {"activation": "relu", "optimizer": "adam", "batch_size": 5}
    spec = {"dataset": "strips", "epochs": 30, "seed": 1, **learner}
    request = contexts(DESKTOP).request
    with serving(tmp_path_factory.mktemp("strips")) as server:
        address = f"{server.url}/api/datasets?filename=strips.npz"
        stored = request.post(address, data=npz(images=images, labels=labels), timeout=HANG)
        assert stored.ok, stored.text()
        run = request.post(f"{server.url}/api/runs", data=spec).json()
        with shared_page(contexts(DESKTOP), server, f"/runs/{run['id']}") as playground:
            playground.wait_for_status("Finished")
            yield playground


@pytest.fixture
def reader_of_strips(opened_reader: SharedPage) -> Iterator[Playground]:
    """That page with an empty pad."""
    with opened_reader.of_a_test([]):
        yield opened_reader
        opened_reader.clear_pad()


def seen_by(playground: Playground) -> np.ndarray:
    """Return what the network has read last, 0–255."""
    png = base64.b64decode(playground.picture(playground.by("scene-image")).partition(",")[2])
    return np.array(Image.open(io.BytesIO(png)).convert("L"))


def test_the_pad_is_of_the_form_and_the_colours_of_the_images(
    reader_of_strips: Playground,
) -> None:
    playground = reader_of_strips
    box = playground.by("draw-pad").bounding_box()
    assert box is not None
    assert box["width"] / box["height"] == pytest.approx(56 / 14, rel=0.02)
    for label, x in enumerate((0.12, 0.5, 0.85)):
        playground.by("clear-pad").click() if label else None
        playground.draw([(x, 0.2), (x, 0.8)])
        expect(playground.by("prediction")).to_have_text(str(label))
        seen = seen_by(playground)
        assert np.bincount(seen.ravel(), minlength=256).argmax() > 200  # a light ground
        columns = np.flatnonzero(seen.min(0) < 160)
        assert abs(columns.mean() / 56 - x) < 0.05  # nothing is moved


def test_drawing_over_an_example_leaves_the_rest_of_it_as_it_was(
    reader_of_strips: Playground,
) -> None:
    playground = reader_of_strips
    playground.by("next-digit").click()
    expect(playground.by("prediction")).not_to_be_empty()
    image = seen_by(playground)
    playground.page.mouse.click(*playground.on_pad([(0.5, 0.95)])[0])
    playground.wait_for_frames()
    untouched = seen_by(playground) == image
    assert 0 < np.count_nonzero(~untouched) < 12
    assert untouched[:11].all()


def test_a_drawing_is_kept_for_data_of_its_kind_only(reader_of_strips: Playground) -> None:
    playground = reader_of_strips
    playground.draw([(0.12, 0.2), (0.12, 0.8)])
    expect(playground.by("prediction")).to_have_text("0")
    playground.by("wrong").click()
    playground.by("choices").get_by_role("button", name="1", exact=True).click()
    expect(playground.by("drawings")).to_contain_text("1")
    kept = playground.page.evaluate("sessionStorage.getItem('nudge.drawings')")
    [drawing] = json.loads(kept)
    assert (drawing["name"], drawing["drawing"], drawing["shape"]) == ("1", "whole", [14, 56])
    note = playground.page.locator("#drawings-note")
    expect(note).to_be_empty()
    playground.field("dataset").select_option("digits-5k")
    expect(note).to_contain_text("1 of them")


def test_a_colour_picture_of_another_form_is_read_by_a_network_of_wide_images(
    reader_of_strips: Playground, tmp_path: Path
) -> None:
    picture = Image.new("RGB", (400, 100), "#fff8e0")
    picture.paste((20, 60, 30), (320, 20, 350, 80))
    (tmp_path / "bar.webp").write_bytes(file_of(picture, "WEBP"))
    drop(reader_of_strips, tmp_path / "bar.webp")
    expect(reader_of_strips.by("prediction")).to_have_text("2")
