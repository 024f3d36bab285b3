"""Data sets over real HTTP: downloads, and uploaded data from upload to reading a drawing."""

import io
import json
import socket
from collections.abc import Iterator
from gzip import compress
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from safetensors.numpy import load

from app.datasets.downloads import Downloads
from app.routes.datasets import datasets
from app.settings import Settings
from nn_core.datasets.registry import FILES
from tests.app.clients import Client, Watch, Watcher
from tests.mirror import Mirror
from tests.nn_core.datasets.idx_files import idx
from tests.nn_core.datasets.uploaded_files import GOOD, IMAGES, LABELS, csv, npz, zipped
from tests.server_thread import ServerThread, StartServer
from tests.servers import PATIENCE

Description = dict[str, Any]

SQUARES = npz(images=IMAGES[:, :4], labels=LABELS)


def described(client: Client, name: str) -> Description | None:
    """Return a data set as the list tells it."""
    listed: list[Description] = client.get("/api/datasets").json()
    return next((dataset for dataset in listed if dataset["name"] == name), None)


# Downloads


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


def test_the_list_tells_what_is_here_and_what_a_download_costs(client: Client) -> None:
    digits, fashion = described(client, "digits-5k"), described(client, "fashion-mnist")
    assert digits is not None
    assert fashion is not None
    assert (digits["available"], digits["download_bytes"], digits["download"]) == (True, None, None)
    assert digits["class_names"] is None
    assert not fashion["available"]
    assert fashion["download_bytes"] == 30_878_645
    assert fashion["download"] is None
    assert fashion["class_names"][9] == "Ankle boot"
    assert fashion["licence"] == "MIT"


def test_a_data_set_is_downloaded_and_trained_with(
    empty_server: tuple[Client, ServerThread], mirror: Mirror, mnist_data_dir: Path
) -> None:
    client, server = empty_server
    mirror.files = {
        f"mnist/{name}": (mnist_data_dir / "mnist" / name).read_bytes() for name in FILES
    }
    mirror.hold_after = 5_000_000
    refused = client.post("/api/runs", json={"dataset": "mnist"})
    assert refused.status_code == 422
    assert refused.json()["detail"][0]["loc"] == ["body", "dataset"]
    assert "download it first" in refused.json()["detail"][0]["msg"]

    begun = client.post("/api/datasets/mnist/download")
    assert begun.status_code == 202
    assert begun.json()["download"]["status"] == "downloading"
    assert mirror.holding.acquire(timeout=PATIENCE)
    assert client.post("/api/datasets/mnist/download").status_code == 202  # the same one
    while described(client, "mnist")["download"]["bytes"] < 4_900_000:  # type: ignore[index]
        pass
    under_way = described(client, "mnist")
    assert under_way is not None
    assert not under_way["available"]
    assert under_way["download"]["total_bytes"] == under_way["download_bytes"] == 11_594_722
    mirror.go_on.set()
    here = until_the_download_ends(client, "mnist")
    assert (here["available"], here["download"], here["download_bytes"]) == (True, None, None)
    assert mirror.requests == [f"mnist/{name}" for name in FILES]
    assert client.post("/api/datasets/mnist/download").status_code == 200

    run = client.run(dataset="mnist", epochs=1, train_examples=1000)
    Watcher(server, run).until_status("finished")


def test_a_download_that_fails_says_why_and_can_be_repeated(
    empty_server: tuple[Client, ServerThread], mirror: Mirror
) -> None:
    client, _ = empty_server
    mirror.files = {f"kmnist/{FILES[0]}": b"not the file"}
    assert client.post("/api/datasets/kmnist/download").status_code == 202
    failed = until_the_download_ends(client, "kmnist")
    assert failed["download"]["status"] == "failed"
    assert "SHA-256" in failed["download"]["detail"]
    mirror.files.clear()
    assert client.post("/api/datasets/kmnist/download").status_code == 202
    assert "404" in until_the_download_ends(client, "kmnist")["download"]["detail"]


def test_without_a_network_the_download_says_so(start_server: StartServer, tmp_path: Path) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        server = start_server(cache_dir=tmp_path, mirror=address)
        with Client(base_url=server.url, timeout=PATIENCE) as client:
            client.post("/api/datasets/mnist/download")
            detail = until_the_download_ends(client, "mnist")["download"]["detail"]
    assert "can't be reached" in detail
    assert "NUDGE_DATA_DIR/mnist" in detail


def test_a_server_that_stops_leaves_no_half_file(
    empty_server: tuple[Client, ServerThread], mirror: Mirror, tmp_path: Path
) -> None:
    client, server = empty_server
    mirror.files = {f"mnist/{FILES[0]}": bytes(9_000_000)}
    mirror.hold_after = 1_000_000
    client.post("/api/datasets/mnist/download")
    assert mirror.holding.acquire(timeout=PATIENCE)
    server.stop()  # while the download waits
    assert not list((tmp_path / "mnist").glob("*.gz"))


def test_what_there_is_not_can_not_be_downloaded(client: Client) -> None:
    assert client.post("/api/datasets/letters/download").status_code == 404
    assert client.post("/api/datasets/digits-5k/download").status_code == 200


# Uploaded data


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
    listed = {one["name"]: one for one in datasets(chosen, Downloads(chosen))}
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


@pytest.mark.parametrize(
    ("content", "name", "location", "words"),
    [
        (b"", "mine", ["body", "file"], "empty"),
        (b"0,1,2\n1,five,3\n", "mine", ["body", "file"], "line 2, column 2: 'five'"),
        (npz(images=np.array([{}]), labels=[0]), "mine", ["body", "images"], "pickle"),
        (npz(images=IMAGES, labels=LABELS / 2), "mine", ["body", "labels"], "there is 0.5"),
        (GOOD, "Not A Name", ["query", "name"], "small letters"),
    ],
)
def test_what_is_no_data_set_is_told_at_its_field(
    own: Client, content: bytes, name: str, location: list[str], words: str
) -> None:
    answer = own.post("/api/datasets", params={"name": name}, content=content)
    assert answer.status_code == 422
    (problem,) = answer.json()["detail"]
    assert problem["loc"] == location
    assert words in problem["msg"]


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"--x--", "multipart/form-data; boundary=x", 422),
        (b"", "multipart/form-data; boundary=x", 422),
        (b"nothing of the kind", "multipart/form-data; boundary=x", 400),
        (b"nothing of the kind", "multipart/form-data", 400),
        (
            b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\n0,1\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
            422,
        ),
    ],
)
def test_a_form_without_a_file_is_told(own: Client, body: bytes, kind: str, status: int) -> None:
    answer = own.post("/api/datasets", content=body, headers={"Content-Type": kind})
    assert answer.status_code == status, answer.text
    assert answer.json()["detail"]


def test_what_is_too_large_is_refused(start_server: StartServer, tmp_path: Path) -> None:
    server = start_server(
        cache_dir=tmp_path,
        max_dataset_bytes=20000,
        max_body_bytes=2000,
        max_dataset_unpacked_bytes=30000,
        max_dataset_classes=4,
        max_own_datasets=1,
    )
    bomb = zipped(images=bytes(1_000_000), labels=b"")
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        post = client.post
        assert post("/api/datasets", content=bytes(20001)).status_code == 413
        assert post("/api/datasets", content=iter([bytes(9000)] * 3)).status_code == 413
        assert post("/api/datasets", files={"file": ("x.csv", bytes(20001))}).status_code == 413
        assert post("/api/runs", content=bytes(2001)).status_code == 413
        assert len(bomb) < 2000
        answer = post("/api/datasets", content=bomb)
        assert answer.status_code == 413
        assert "unpacks to 1,000,000 bytes; 30,000 are allowed" in answer.json()["detail"]
        assert "4 are allowed" in post("/api/datasets", content=GOOD).text
        few = npz(images=IMAGES, labels=LABELS % 4)
        assert post("/api/datasets?name=first", content=few).status_code == 201
        answer = post("/api/datasets?name=second", content=few)
        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) > 0
        assert "delete one first" in answer.json()["detail"]


@pytest.mark.parametrize("announced", [True, False])
def test_who_sends_far_too_much_gets_to_read_the_answer(
    client: Client,
    announced: bool,  # noqa: FBT001
) -> None:
    """A connection that is closed at once is reset while the client still sends."""
    body = bytes(20 * 2**20)
    for _ in range(5):
        content = (
            body if announced else iter([body[i : i + 2**16] for i in range(0, len(body), 2**16)])
        )
        answer = client.post("/api/runs", content=content)
        assert answer.status_code == 413
        assert answer.headers["connection"] == "close"
        assert client.get("/api/health").status_code == 200


def test_data_of_ones_own_outlives_the_server(start_server: StartServer, tmp_path: Path) -> None:
    server = start_server(cache_dir=tmp_path)
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        posted = client.post("/api/datasets?name=mine", content=GOOD).json()
    server.stop()
    server = start_server(cache_dir=tmp_path)
    with Client(base_url=server.url, timeout=PATIENCE) as client:
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


def test_a_run_does_not_go_on_with_other_data_of_the_same_name(own: Client, watch: Watch) -> None:
    own.post("/api/datasets?name=mine", content=SQUARES)
    run = own.run(dataset="mine", epochs=None)
    watch(run).until("epoch")
    own.command(run, "stop")
    own.delete("/api/datasets/mine")
    own.post("/api/datasets?name=mine", content=GOOD)
    resumed = own.post(f"/api/runs/{run}/resume")
    assert resumed.status_code == 409
    assert "failed" in resumed.json()["detail"]


@given(
    body=st.one_of(
        st.binary(max_size=200),
        st.builds(
            lambda noise, place: GOOD[:place] + noise + GOOD[place + len(noise) :],
            st.binary(min_size=1, max_size=9),
            st.integers(0, len(GOOD) - 1),
        ),
        st.text(st.sampled_from('012,\n"a.'), max_size=50).map(str.encode),
    ),
    kind=st.sampled_from(["application/zip", "text/csv", "multipart/form-data; boundary=a"]),
)
def test_nothing_that_is_posted_breaks_the_server(own: Client, body: bytes, kind: str) -> None:
    answer = own.post("/api/datasets", content=body, headers={"Content-Type": kind})
    assert answer.status_code in (201, 400, 413, 422), answer.text
    assert json.loads(answer.content)
    if answer.status_code == 201:
        own.delete(f"/api/datasets/{answer.json()['name']}")
