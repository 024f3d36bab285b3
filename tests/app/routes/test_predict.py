import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from nn_core import checkpoints
from tests.app.clients import Client, Watch


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
