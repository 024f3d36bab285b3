import base64
import io
import struct
import threading
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from nn_core import checkpoints
from nn_core.datasets import Library
from tests.app.clients import Client, Watch, Watcher
from tests.pictures import (
    clothes,
    cut_out,
    dotted_letters,
    file_of,
    photograph,
    seven,
    write_dataset,
)
from tests.servers import PATIENCE, Server


def drawing(size: int = 280) -> Image.Image:
    """Draw a 1: light ink on dark."""
    image = Image.new("L", (size, size))
    ImageDraw.Draw(image).line((size / 2, size / 6, size / 2, 5 * size / 6), 255, size // 14)
    return image


def png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def claiming_to_be(width: int, height: int) -> bytes:
    """Make a small PNG file whose header claims another size."""
    header = b"IHDR" + struct.pack("!IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        png(drawing())[:12] + header + struct.pack("!I", zlib.crc32(header)) + png(drawing())[33:]
    )


@pytest.mark.parametrize("mode", ["L", "1", "RGB", "RGBA", "LA", "P"])
def test_a_drawing_is_read(client: Client, mode: str) -> None:
    body = png(drawing().convert(mode))
    response = client.post("/api/runs/pretrained/predict", content=body)
    assert response.status_code == 200, response.text
    reading = response.json()
    assert reading["digit"] == 1
    assert reading["confidence"] == max(reading["outputs"])
    assert [len(layer) for layer in reading["activations"]] == [16, 16, 10]
    assert reading["activations"][-1] == reading["outputs"]
    assert len(reading["image"]) == 784
    assert min(reading["image"]) == 0
    assert 0.9 < max(reading["image"]) <= 1


def test_either_pretrained_network_can_be_asked(client: Client) -> None:
    response = client.post("/api/runs/pretrained-large/predict", content=png(drawing()))
    assert response.json()["digit"] == 1
    assert len(response.json()["activations"][-1]) == 10


def test_ink_on_a_transparent_ground_is_read(client: Client) -> None:
    ink = drawing()
    image = Image.merge("RGBA", (ink.point(lambda _: 255),) * 3 + (ink,))
    assert client.post("/api/runs/pretrained/predict", content=png(image)).json()["digit"] == 1


def test_a_run_reads_in_every_state(client: Client, watch: Watch) -> None:
    body = png(drawing())
    run = client.run(epochs=2, steps_per_second=100)
    assert client.post(f"/api/runs/{run}/predict", content=body).status_code == 200
    client.command(run, "pause")
    assert client.post(f"/api/runs/{run}/predict", content=body).status_code == 200
    client.patch(f"/api/runs/{run}", json={"steps_per_second": None})
    client.command(run, "resume")
    watch(run).until_status("finished")
    now = client.post(f"/api/runs/{run}/predict", content=body).json()
    then = client.post(f"/api/runs/{run}/predict?epoch=0", content=body).json()
    assert now["image"] == then["image"]
    assert now["outputs"] != then["outputs"]
    assert client.post(f"/api/runs/{run}/predict?epoch=99", content=body).status_code == 404


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"", 400, "empty"),
        (b"hello", 400, "not a PNG"),
        (b"\0" * (2**20 + 1), 413, "larger than"),
        (png(drawing())[:-30], 400, "broken"),
        (png(drawing())[:60], 400, "broken"),
        (png(Image.new("L", (280, 280))), 422, "empty"),
        (png(Image.new("L", (280, 280), 77)), 422, "empty"),
        (png(Image.new("1", (5000, 5000))), 400, "too many"),
        (claiming_to_be(100_000, 100_000), 400, "too large"),
    ],
)
def test_what_is_no_drawing_is_refused(
    client: Client, body: bytes, status: int, words: str
) -> None:
    response = client.post("/api/runs/pretrained/predict", content=body)
    assert response.status_code == status, response.text
    assert words in response.json()["detail"]


@given(noise=st.binary(max_size=200), place=st.integers(0, 600))
def test_a_damaged_png_never_breaks_the_server(client: Client, noise: bytes, place: int) -> None:
    whole = png(drawing(60))
    body = whole[:place] + noise + whole[place + len(noise) :]
    response = client.post("/api/runs/pretrained/predict", content=body)
    assert response.status_code in (200, 400, 422), response.text


def test_a_jpeg_of_very_many_scans_is_refused(client: Client) -> None:
    """A scan of 30 bytes goes over all pixels: a megabyte of them takes half a minute."""
    file, picture = io.BytesIO(), Image.new("L", (4096, 4096))
    picture.paste(255, (2000, 800, 2400, 3200))  # nothing varies in a block of 8×8
    picture.save(file, "JPEG", progressive=True)
    start, *scans = file.getvalue().removesuffix(b"\xff\xd9").split(b"\xff\xda")
    small = min(scans[1:], key=len)
    body = b"\xff\xda".join([start, scans[0], *[small] * 9_999]) + b"\xff\xd9"
    answer = client.post("/api/runs/pretrained/predict", content=body)
    assert answer.status_code == 400
    assert "10,000 scans; 64 are allowed" in answer.json()["detail"]
    assert client.post("/api/runs/pretrained/predict", content=file.getvalue()).is_success


def test_a_small_drawing_waits_for_no_photographs(server: Server) -> None:
    large, done = png(Image.new("RGB", (4096, 4096), "grey")), list[str]()
    they_are_at_it = threading.Event()

    def ask(body: bytes) -> None:
        with Client(base_url=server.url) as visitor:  # each is another one
            assert visitor.post("/api/runs/pretrained/predict", content=body).status_code < 500
            done.append("large" if body is large else "small")
            they_are_at_it.set()

    with ThreadPoolExecutor(9) as threads:
        asked = [threads.submit(ask, large) for _ in range(8)]
        assert they_are_at_it.wait(PATIENCE)
        asked.append(threads.submit(ask, png(drawing())))
    for each in asked:
        each.result()
    assert done.index("small") < 5


def test_while_it_trains_a_drawing_is_read_by_the_network_in_sight(
    client: Client, watch: Watch
) -> None:
    run = client.run(steps_per_second=5)
    watcher = watch(run)
    watcher.until("progress")
    frames = [watcher.frame()]
    reading = client.post(f"/api/runs/{run}/predict", content=png(drawing())).json()
    image = np.array([reading["image"]], np.float32)
    while True:
        outputs = checkpoints.load(frames[-1]).network.forward(image)[-1][0]
        if np.allclose(outputs, reading["outputs"], rtol=1e-6):
            break
        assert len(frames) < 20
        frames.append(watcher.frame())


# Pictures from elsewhere


@pytest.mark.parametrize(
    ("content_type", "kind"),
    [("image/png", "PNG"), ("image/jpeg", "JPEG"), ("image/webp", "WEBP"), ("text/plain", "WEBP")],
)
def test_the_format_is_told_by_the_content(client: Client, content_type: str, kind: str) -> None:
    response = client.post(
        "/api/runs/pretrained/predict",
        content=file_of(photograph("gradient"), kind),
        headers={"Content-Type": content_type},
    )
    assert response.status_code == 200, response.text
    assert response.json()["digit"] == 7
    assert ["swapped" in note for note in response.json()["notes"]] == [True, False]


def test_black_on_transparent_is_read_and_told(client: Client) -> None:
    response = client.post("/api/runs/pretrained/predict", content=file_of(cut_out("black")))
    assert response.json()["digit"] == 7
    assert len(response.json()["notes"]) == 2


def test_what_comes_from_the_pad_is_taken_as_it_is(client: Client) -> None:
    body = file_of(seven(140).point(lambda shade: 255 - shade))
    from_pad = client.post("/api/runs/pretrained/predict?pad=true", content=body).json()
    assert from_pad["notes"] == []
    assert from_pad["digit"] != 7
    assert client.post("/api/runs/pretrained/predict", content=body).json()["digit"] == 7


# Examples put on the pad


def confusion_of_pad(client: Client, run: str, images: Any, labels: Any, times: int) -> Any:
    """Count how the run reads examples that are put on the pad, each pixel a block of so many."""
    classes = 1 + int(labels.max())
    confusion = np.zeros((classes, classes), int)
    for image, label in zip(images, labels, strict=True):
        body = png(Image.fromarray(image.repeat(times, 0).repeat(times, 1)))
        reading = client.post(f"/api/runs/{run}/predict", content=body).json()
        trained = (image.ravel() * np.float32(1 / 255)).tolist()
        assert reading["image"] == trained
        assert reading["notes"] == []
        confusion[label, reading["digit"]] += 1
    return confusion


def finished(client: Client, server: Server, **spec: Any) -> str:
    run = client.run(**spec)
    Watcher(server, run).until_status("finished")
    return run


@pytest.mark.parametrize("times", [1, 5])
@pytest.mark.parametrize("made", [clothes, dotted_letters])
def test_own_pictures_on_the_pad_read_as_in_the_confusion_matrix(
    client: Client, server: Server, made: Callable[[int], Any], times: int
) -> None:
    images, labels = made(120)
    file = io.BytesIO()
    np.savez(file, x_train=images[:80], y_train=labels[:80], x_test=images[80:], y_test=labels[80:])
    name = f"on-the-pad-{made.__name__.replace('_', '-')}"
    response = client.post("/api/datasets", params={"name": name}, content=file.getvalue())
    assert response.status_code == 201, response.text
    assert response.json()["drawing"] == "whole"
    run = finished(client, server, dataset=name, epochs=10)
    mistakes = client.get(f"/api/runs/{run}/mistakes").json()
    found = confusion_of_pad(client, run, images[80:], labels[80:], times)
    assert found.tolist() == mistakes["confusion"]
    client.delete(f"/api/runs/{run}")
    client.delete(f"/api/datasets/{name}")


def test_fashion_and_kmnist_on_the_pad_read_as_in_the_confusion_matrix(
    start_server: Callable[..., Server], tmp_path: Path
) -> None:
    write_dataset(tmp_path / "data" / "fashion-mnist", *clothes(140), tests=40)
    images, labels = dotted_letters(140)
    write_dataset(tmp_path / "data" / "kmnist", 255 - images, labels, tests=40)  # bright all over
    server = start_server(data_dir=tmp_path / "data")
    with Client(base_url=server.url) as client:
        for name in ("fashion-mnist", "kmnist"):
            run = finished(client, server, dataset=name, epochs=5)
            described = client.get(f"/api/runs/{run}").json()["images"]
            assert described["shape"] == [28, 28]
            assert described["drawing"] == "whole"
            assert len(described["class_names"]) == 10
            test = Library(tmp_path / "data").load(name).test
            found = confusion_of_pad(client, run, test.images.reshape(-1, 28, 28), test.labels, 1)
            mistakes = client.get(f"/api/runs/{run}/mistakes").json()
            seen = len(found)
            assert found.tolist() == [row[:seen] for row in mistakes["confusion"][:seen]]
            wrong = mistakes["wrong"][:1]
            for mistake in wrong:
                image = np.frombuffer(base64.b64decode(mistake["image"]), np.uint8)
                body = png(Image.fromarray(image.reshape(28, 28)))
                reading = client.post(f"/api/runs/{run}/predict", content=body).json()
                assert reading["digit"] == mistake["digit"]
                assert reading["confidence"] == pytest.approx(mistake["confidence"], rel=1e-5)


def test_every_network_that_is_kept_says_what_it_reads(client: Client, server: Server) -> None:
    run = finished(client, server, epochs=2)
    for query in ("", "?epoch=0", "?epoch=1", "?epoch=2"):
        file = client.get(f"/api/runs/{run}/checkpoint{query}").content
        kind = checkpoints.load(file).kind
        assert kind is not None
        assert (kind.shape, kind.drawing) == ((28, 28), "digits")
    whole = [info["drawing"] for info in client.get("/api/datasets").json()[:4]]
    assert whole == ["digits", "digits", "whole", "whole"]
