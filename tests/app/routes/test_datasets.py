"""Data sets over real HTTP: downloads, and uploaded data from upload to reading a drawing."""

import io
from collections.abc import Iterator
from gzip import compress
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import pytest
from PIL import Image, ImageDraw
from safetensors.numpy import load

from app.datasets.downloads import Downloads
from app.routes.datasets import datasets
from app.settings import Settings
from nn_core.datasets.registry import FILES
from tests.app.clients import Client, Watch, Watcher
from tests.mirror import Mirror
from tests.nn_core.datasets.idx_files import idx
from tests.nn_core.datasets.uploaded_files import GOOD, IMAGES, LABELS, csv, npz
from tests.server_thread import ServerThread, StartServer
from tests.servers import PATIENCE

Description = dict[str, Any]

SQUARES = npz(images=IMAGES[:, :4], labels=LABELS)


def described(client: Client, name: str) -> Description | None:
    """Return a data set as the list tells it."""
    listed: list[Description] = client.get("/api/datasets").json()
    return next((dataset for dataset in listed if dataset["name"] == name), None)


@pytest.fixture
def mirror() -> Iterator[Mirror]:
    with Mirror() as mirror:
        yield mirror


@pytest.fixture
def empty_server(
    start_server: StartServer, mirror: Mirror, tmp_path: Path
) -> Iterator[tuple[Client, ServerThread]]:
    """Return a server that has downloaded nothing yet, and asks the mirror."""
    server = start_server(cache_dir=tmp_path, mirror=mirror.address)
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        yield client, server


def until_the_download_ends(client: Client, name: str) -> Description:
    """Ask until it is here, or has failed."""
    while True:
        dataset = described(client, name)
        assert dataset is not None
        if dataset["available"] or dataset["download"]["status"] == "failed":
            return dataset


@pytest.fixture
def own(client: Client) -> Iterator[Client]:
    """Return a client of the shared server; the data sets that a test posts are deleted after."""
    before = {dataset["name"] for dataset in client.get("/api/datasets").json()}
    yield client
    for run in client.get("/api/runs").json()[1:]:
        client.delete(f"/api/runs/{run['id']}")
    for dataset in client.get("/api/datasets").json():
        if dataset["name"] not in before:
            assert client.delete(f"/api/datasets/{dataset['name']}").status_code == 204


def drawing() -> bytes:
    image = Image.new("L", (140, 140))
    ImageDraw.Draw(image).rectangle((0, 0, 69, 69), 255)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def test_data_of_ones_own_trains_and_reads_like_any_other(own: Client, watch: Watch) -> None:
    posted = own.post("/api/datasets?name=mine", content=SQUARES)
    assert posted.status_code == 201, posted.text
    assert posted.json() == {
        "name": "mine",
        "title": "mine, an uploaded data set",
        "examples": 50,
        "training_examples": 40,
        "test_examples": 10,
        "input_shape": [4, 4],
        "classes": 5,
        "class_names": None,
        "notes": [],
        "drawing": "whole",
        "ground": None,
        "available": True,
        "missing": None,
        "yours": True,
        "shared": False,
        "licence": None,
        "download_bytes": None,
        "download": None,
    }
    assert described(own, "mine") == posted.json()
    run = own.post("/api/runs", json={"dataset": "mine", "hidden": [7], "epochs": 2}).json()
    assert run["parameters"] == 16 * 7 + 7 + 7 * 5 + 5
    watch(run["id"]).until_status("finished")
    tensors = load(own.get(f"/api/runs/{run['id']}/checkpoint").content)
    assert tensors["weights.0"].shape == (7, 16)
    reading = own.post(f"/api/runs/{run['id']}/predict", content=drawing()).json()
    assert len(reading["outputs"]) == 5
    image = np.reshape(reading["image"], (4, 4))
    assert image[:2, :2].min() > 0.7
    assert image[2:, 2:].max() < 0.1


@pytest.mark.parametrize(
    ("rows", "columns", "ink"),
    [(6, 4, [1, 2]), (4, 6, [0, 1])],  # rows in which the drawing's upper half is
)
def test_a_drawing_keeps_its_aspect_in_images_that_are_not_square(
    own: Client, rows: int, columns: int, ink: list[int]
) -> None:
    images = np.zeros((50, rows, columns), np.uint8)
    own.post("/api/datasets?name=oblong", content=npz(images=images, labels=LABELS))
    run = own.run(dataset="oblong", epochs=1, hidden=[])
    reading = own.post(f"/api/runs/{run}/predict", content=drawing()).json()
    image = np.reshape(reading["image"], (rows, columns))
    assert np.flatnonzero(image.max(axis=1) > 0.5).tolist() == ink
    assert len(np.flatnonzero(image.max(axis=0) > 0.5)) == 2


def test_an_empty_drawing_is_told_at_any_shape(own: Client) -> None:
    own.post("/api/datasets?name=mine", content=SQUARES)
    run = own.run(dataset="mine", epochs=1)
    file = io.BytesIO()
    Image.new("L", (50, 50)).save(file, "PNG")
    answer = own.post(f"/api/runs/{run}/predict", content=file.getvalue())
    assert answer.status_code == 422
    assert "empty" in answer.json()["detail"]


def test_a_network_that_reads_no_pictures_says_so(own: Client, watch: Watch) -> None:
    own.post("/api/datasets?name=table", content=csv(IMAGES, LABELS))
    run = own.run(dataset="table", epochs=1)
    watch(run).until_status("finished")
    answer = own.post(f"/api/runs/{run}/predict", content=drawing())
    assert answer.status_code == 409
    assert "does not read pictures: its inputs are 24 numbers" in answer.json()["detail"]
    answer = own.post("/api/runs", json={"dataset": "table", "augment": True})
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", "augment"]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (GOOD, "application/x-npz"),
        (GOOD, "application/zip"),
        (GOOD, "application/octet-stream"),
        (GOOD, "application/x-www-form-urlencoded"),  # curl --data-binary
        (csv(IMAGES, LABELS), "text/csv"),
        (csv(IMAGES, LABELS), "application/octet-stream"),
    ],
)
def test_the_content_says_what_it_is_not_its_type(own: Client, content: bytes, kind: str) -> None:
    answer = own.post("/api/datasets", content=content, headers={"Content-Type": kind})
    assert answer.status_code == 201, answer.text
    assert answer.json()["name"].startswith("own-")


def test_a_form_with_a_file_is_taken_and_called_after_it(own: Client) -> None:
    answer = own.post("/api/datasets", files={"file": ("My Shapes.npz", GOOD)})
    assert answer.status_code == 201, answer.text
    assert answer.json()["name"] == "my-shapes"
    named = own.post("/api/datasets", files={"file": ("x.csv", GOOD)}, data={"name": "named"})
    assert named.json()["name"] == "named"
    answer = own.post("/api/datasets?filename=from-the-page.csv", content=csv(IMAGES, LABELS))
    assert answer.json()["name"] == "from-the-page"


@pytest.mark.parametrize("packed", [True, False])
def test_idx_files_are_taken_in_a_zip_or_as_a_form(
    own: Client,
    packed: bool,  # noqa: FBT001
) -> None:
    pair = {"my-images-idx3-ubyte": idx(IMAGES), "my-labels-idx1-ubyte.gz": compress(idx(LABELS))}
    if packed:
        file = io.BytesIO()
        with ZipFile(file, "w") as archive:
            for name, content in pair.items():
                archive.writestr(name, content)
        answer = own.post("/api/datasets?name=mine", content=file.getvalue())
    else:
        files = [("file", part) for part in pair.items()]
        answer = own.post("/api/datasets?name=mine", files=files)
    assert answer.status_code == 201, answer.text
    assert answer.json()["training_examples"] == 40
    assert answer.json()["input_shape"] == [6, 4]


def test_a_form_with_too_many_files_is_told(own: Client) -> None:
    answer = own.post("/api/datasets", files=[("file", (f"{i}", b"x")) for i in range(5)])
    assert answer.status_code == 400
    assert "4" in answer.json()["detail"]


def test_classes_keep_their_names_and_what_was_noticed_is_told(own: Client) -> None:
    words = np.array(["five", "cat", "dog", "ant", "bee"])[LABELS]
    answer = own.post("/api/datasets?name=mine", content=csv(IMAGES, words, "label" + ",x" * 24))
    assert answer.json()["class_names"] == ["ant", "bee", "cat", "dog", "five"]
    assert answer.json()["notes"] == []
    one_class = csv(IMAGES, np.full(50, "cat"), "label" + ",x" * 24)
    answer = own.post("/api/datasets?name=cats", content=one_class)
    assert "all examples are of one class, cat" in answer.json()["notes"][0]
    assert described(own, "cats") == answer.json()
    refused = own.post("/api/runs", json={"dataset": "cats"})
    assert "too small to train on alone" in refused.json()["detail"][0]["msg"]


def test_what_the_data_directory_lacks_is_told(tmp_path: Path) -> None:
    chosen = Settings(data_dir=tmp_path, cache_dir=tmp_path / "cache")
    (tmp_path / "mnist").mkdir()
    (tmp_path / "mnist" / FILES[0]).touch()
    listed = {one["name"]: one for one in datasets(chosen, Downloads(chosen), "visitor")}
    assert listed["digits-5k"]["missing"] is None
    assert listed["mnist"]["missing"] == (
        f"{tmp_path / 'mnist'} has no train-labels-idx1-ubyte, t10k-images-idx3-ubyte, "
        "t10k-labels-idx1-ubyte"
    )
    assert listed["kmnist"]["missing"] == f"there is no folder {tmp_path / 'kmnist'}"


def test_the_same_once_more_is_the_same_and_another_needs_another_name(own: Client) -> None:
    first = own.post("/api/datasets?name=mine", content=GOOD)
    again = own.post("/api/datasets?name=mine", content=GOOD)
    assert (again.status_code, again.json()) == (201, first.json())
    taken = own.post("/api/datasets?name=mine", content=SQUARES)
    assert taken.status_code == 409
    assert "choose another name" in taken.json()["detail"]
    assert own.post("/api/datasets?name=mnist", content=GOOD).status_code == 409


def test_data_of_ones_own_outlives_the_server(start_server: StartServer, tmp_path: Path) -> None:
    server = start_server(cache_dir=tmp_path)
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        posted = client.post("/api/datasets?name=mine", content=GOOD).json()
        cookies = client.cookies
    server.stop()
    server = start_server(cache_dir=tmp_path)
    with Client(base_url=server.url, timeout=PATIENCE, cookies=cookies) as client:
        assert described(client, "mine") == posted
        Watcher(server, client.run(dataset="mine", epochs=1)).until_status("finished")


def test_data_of_ones_own_is_deleted_unless_a_run_trains_with_it(own: Client, watch: Watch) -> None:
    own.post("/api/datasets?name=mine", content=SQUARES)
    run = own.run(dataset="mine", epochs=None)
    watch(run).until("epoch")
    refused = own.delete("/api/datasets/mine")
    assert refused.status_code == 409
    assert "trains with mine" in refused.json()["detail"]
    own.command(run, "stop")
    assert own.delete("/api/datasets/mine").status_code == 204
    assert own.delete("/api/datasets/mine").status_code == 404
    assert own.delete("/api/datasets/digits-5k").status_code == 409
    assert own.post("/api/runs", json={"dataset": "mine"}).status_code == 422
    # What it learned is still there, but it can't go on, with no data or with others.
    assert own.post(f"/api/runs/{run}/predict", content=drawing()).status_code == 200
    resumed = own.post(f"/api/runs/{run}/resume")
    assert resumed.status_code == 409
    assert "no data set is called 'mine'" in resumed.json()["detail"]


@pytest.mark.parametrize("other", [GOOD, npz(images=255 - IMAGES[:, :4], labels=LABELS)])
def test_a_run_does_not_go_on_with_other_data_of_the_same_name(
    own: Client, watch: Watch, other: bytes
) -> None:
    own.post("/api/datasets?name=mine", content=SQUARES)
    run = own.run(dataset="mine", epochs=None)
    watch(run).until("epoch")
    own.command(run, "stop")
    own.delete("/api/datasets/mine")
    assert own.post("/api/datasets?name=mine", content=other).status_code == 201
    resumed = own.post(f"/api/runs/{run}/resume")
    assert resumed.status_code == 409
    assert "another data set has its name now" in resumed.json()["detail"]
    assert own.get(f"/api/runs/{run}/mistakes").status_code == 409
    own.delete("/api/datasets/mine")
    own.post("/api/datasets?name=mine", content=SQUARES)
    assert own.command(run, "resume")["status"] in ("queued", "training")
