"""Hostile bodies: PNGs, zips and networks made up at random. A run beside them loses no epoch."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from tests.app.beside import Beside
from tests.app.runs.archives import honest_entries, zipped
from tests.server_process import ServerProcess

GREY, COLOURS, PALETTE, GREY_ALPHA, COLOURS_ALPHA = 0, 2, 3, 4, 6
SAMPLES = {GREY: 1, COLOURS: 3, PALETTE: 1, GREY_ALPHA: 2, COLOURS_ALPHA: 4}
Chunks = list[tuple[bytes, bytes]]


@pytest.fixture(scope="module")
def beside(measured: ServerProcess) -> Iterator[Beside]:
    with Beside(measured) as beside:
        yield beside


def png(chunks: Chunks) -> bytes:
    """Return a PNG file of these chunks, each with its right checksum."""
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack("!I", len(content))
        + kind
        + content
        + struct.pack("!I", zlib.crc32(kind + content))
        for kind, content in chunks
    )


def chunks_of(file: bytes) -> Chunks:
    """Return the chunks of a PNG file."""
    chunks, place = [], 8
    while place < len(file):
        (length,) = struct.unpack_from("!I", file, place)
        chunks.append((file[place + 4 : place + 8], file[place + 8 : place + 8 + length]))
        place += length + 12
    return chunks


def drawn(mode: str, **options: object) -> Chunks:
    """Return the chunks of a real PNG: a digit, or two for an animation."""
    picture = Image.new("L", (40, 40))
    ImageDraw.Draw(picture).line((20, 5, 20, 35), 255, 5)
    file = io.BytesIO()
    picture.convert(mode).save(file, "PNG", **options)
    return chunks_of(file.getvalue())


ANIMATED = drawn("L", save_all=True, append_images=[Image.new("L", (40, 40), 9)])
REAL = [drawn(mode) for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")] + [ANIMATED]


def header(width: int, height: int, depth: int, colour: int, interlaced: int) -> bytes:
    return struct.pack("!IIBBBBB", width, height, depth, colour, 0, 0, interlaced)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """Change a real PNG's chunks: drop, double, move or damage some; then cut it, perhaps."""
    chunks = list(draw(st.sampled_from(REAL)))
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(chunks) - 1))
        kind, content = chunks[place]
        match draw(st.sampled_from(["damage", "damage", "replace", "move", "double", "rename"])):
            case "damage":
                at = draw(st.integers(0, len(content)))
                noise = draw(st.binary(max_size=8))
                chunks[place] = kind, content[:at] + noise + content[at + len(noise) :]
            case "replace":
                chunks[place] = kind, draw(st.binary(max_size=50))
            case "move":
                chunks.append(chunks.pop(place))
            case "double":
                chunks.insert(place, chunks[place])
            case "rename":
                names = [b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"iCCP", b"acTL", b"fcTL", b"fdAT"]
                chunks[place] = draw(st.sampled_from(names)), content
    file = png(chunks)
    return file[: draw(st.none() | st.integers(0, len(file)))]


@st.composite
def made_up(draw: st.DrawFn) -> bytes:
    """Make a PNG of any kind: interlaced, 16 bits deep, with a palette, empty, too large …"""
    sides = st.sampled_from([0, 1, 28, 28, 28, 1000, 3000, 2**31 - 1, 2**31])
    width, height, colour = draw(sides), draw(sides), draw(st.sampled_from(list(SAMPLES)))
    depth = draw(st.sampled_from([1, 2, 4, 8, 8, 16, 3]))
    needed = height * (1 + (width * SAMPLES[colour] * depth + 7) // 8)
    size = min(needed, 2**20) + draw(st.sampled_from([0, 0, 0, -1, 1, 2**22]))
    pixels = draw(st.binary(min_size=1, max_size=64)) * (max(size, 0) // 32 + 1)
    chunks = [(b"IHDR", header(width, height, depth, colour, draw(st.integers(0, 2))))]
    if colour == PALETTE or draw(st.booleans()):
        chunks.append((b"PLTE", draw(st.binary(max_size=12)) * 3))
    if draw(st.booleans()):
        chunks.append((b"tRNS", draw(st.binary(max_size=6))))
    chunks.append((b"IDAT", zlib.compress(pixels[: max(size, 0)])))
    return png([*chunks, (b"IEND", b"")])


@given(mutated() | made_up())
def test_any_png_is_read_or_refused(beside: Beside, body: bytes) -> None:
    response = beside.client.post("/api/runs/pretrained/predict", content=body)
    assert response.status_code in (200, 400, 422), response.text
    assert response.json().get("detail") or response.json()["image"]


@cache
def zeros(megabytes: int) -> bytes:
    return zlib.compress(bytes(megabytes * 2**20), 9)


START, END = drawn("L")[:1], drawn("L")[1:]
BOMBS: dict[str, Callable[[], Chunks]] = {
    "more pixels than it has": lambda: [
        (b"IHDR", header(28, 28, 8, GREY, 0)),
        (b"IDAT", zeros(400)),
        (b"IEND", b""),
    ],
    "a large text": lambda: [*START, (b"zTXt", b"words\0\0" + zeros(400)), *END],
    "large texts": lambda: [*START, *[(b"zTXt", b"a\0\0" + zeros(1))] * 900, *END],
    "a large colour profile": lambda: [*START, (b"iCCP", b"profile\0\0" + zeros(400)), *END],
    "as large as allowed": lambda: [
        (b"IHDR", header(4000, 4000, 16, COLOURS_ALPHA, 1)),
        (b"IDAT", zeros(128)),
        (b"IEND", b""),
    ],
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_png_that_unpacks_to_much_is_refused_and_takes_no_memory(
    beside: Beside, bomb: str
) -> None:
    response = beside.client.post("/api/runs/pretrained/predict", content=png(BOMBS[bomb]()))
    assert response.status_code in (200, 400, 413, 422), response.text


def zip_bomb(name: str) -> bytes:
    file = io.BytesIO(zipped(honest_entries()))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, bytes(200 * 2**20), compresslevel=1)
    return file.getvalue()


@pytest.mark.parametrize(
    ("where", "name"),
    [("runs/import", "runs/0001/checkpoints/9.safetensors"), ("datasets", "images.npy")],
)
def test_a_zip_that_unpacks_to_much_is_refused_and_takes_no_memory(
    beside: Beside, where: str, name: str
) -> None:
    response = beside.client.post(f"/api/{where}", content=zip_bomb(name))
    assert response.status_code in (413, 422), response.text
    assert "detail" in response.json()


@given(st.data())
def test_a_damaged_zip_of_runs_is_refused(beside: Beside, data: st.DataObject) -> None:
    contents = honest_entries()
    name = data.draw(st.sampled_from(sorted(contents)))
    damaged = bytearray(contents[name])
    for place in data.draw(st.lists(st.integers(0, len(damaged) - 1), min_size=1, max_size=5)):
        damaged[place] = data.draw(st.integers(0, 255))
    archive = zipped(contents | {name: bytes(damaged)})
    response = beside.client.post("/api/runs/import", content=archive)
    assert response.status_code in (201, 422), response.text
    for run in response.json() if response.status_code == 201 else ():
        for what in ("epochs", "checkpoint", "checkpoint?epoch=0", "mistakes"):
            answer = beside.client.get(f"/api/runs/{run['id']}/{what}")
            assert answer.status_code == 200, answer.text
        assert beside.client.delete(f"/api/runs/{run['id']}").status_code == 204
