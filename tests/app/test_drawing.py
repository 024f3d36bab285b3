"""Pictures as people have them, whatever their format, mode, colours and ground, are read."""

import io
import struct
from collections.abc import Callable
from importlib import resources

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from app.drawing import BadDrawingError, Picture, decode_picture, read_picture
from nn_core import checkpoints
from nn_core.datasets import DATASETS
from tests.pictures import LIGHTS, cut_out, file_of, painted, photograph, seven

DIGITS = DATASETS["mnist"].kind
NETWORKS = [
    checkpoints.load(
        resources.files("nn_core.pretrained").joinpath(f"{name}.safetensors").read_bytes()
    ).network
    for name in ("pretrained", "pretrained-large")
]
MOST = 2**24
UPRIGHT, SWAPPED, CLEAR = "brought upright", "swapped", "transparent"


def dark() -> Image.Image:
    return seven().point(lambda shade: 255 - shade)


def sixteen_bits(scale: float, offset: float = 0) -> Image.Image:
    shades = offset + scale * np.asarray(seven(), float)
    return Image.fromarray(shades.astype(np.uint16))


def read(body: bytes) -> set[str]:
    """Read a picture with both networks; return its notes, put together, if it is a 7."""
    picture = decode_picture(body, MOST)
    readings = [read_picture(network, DIGITS, picture) for network in NETWORKS]
    assert [reading["digit"] for reading in readings] == [7, 7]
    return set(readings[0]["notes"])


Made = Callable[[], bytes]
PICTURES: list[tuple[Made, list[str]]] = [
    (lambda: file_of(seven()), []),
    (lambda: file_of(seven().convert("1")), []),
    (lambda: file_of(seven().convert("P")), []),
    (lambda: file_of(seven().convert("LA")), []),
    (lambda: file_of(seven().convert("RGBA"), "WEBP", lossless=True), []),
    (lambda: file_of(seven(), "JPEG"), []),
    (lambda: file_of(seven().convert("CMYK"), "JPEG"), []),
    (lambda: file_of(sixteen_bits(257)), []),
    (lambda: file_of(sixteen_bits(1)), []),
    (lambda: file_of(sixteen_bits(20, 20_000)), []),
    (lambda: file_of(painted("black", "blue"), "JPEG"), []),
    (lambda: file_of(painted("green", "red")), []),
    (lambda: file_of(painted("gray", "white")), []),
    (lambda: file_of(dark()), [SWAPPED]),
    (lambda: file_of(dark().convert("1")), [SWAPPED]),
    (lambda: file_of(painted("yellow", "blue").quantize(16)), [SWAPPED]),
    (lambda: file_of(sixteen_bits(-257, 65_535)), [SWAPPED]),
    (lambda: file_of(dark(), "JPEG", quality=40), [SWAPPED]),
    (lambda: file_of(dark().convert("CMYK"), "JPEG"), [SWAPPED]),
    (lambda: file_of(dark(), "WEBP"), [SWAPPED]),
    (lambda: file_of(painted("white", "yellow")), [SWAPPED]),
    (lambda: file_of(painted("red", "green")), [SWAPPED]),
    (lambda: file_of(painted("beige", "navy")), [SWAPPED]),
    (lambda: file_of(dark().resize((2400, 2400)), "JPEG"), [SWAPPED]),
    (lambda: file_of(dark().resize((32, 32))), [SWAPPED]),
    (lambda: file_of(cut_out("black")), [CLEAR, SWAPPED]),
    (lambda: file_of(cut_out("black").convert("LA")), [CLEAR, SWAPPED]),
    (lambda: file_of(cut_out("darkred"), "WEBP"), [CLEAR, SWAPPED]),
    (lambda: file_of(cut_out("white")), [CLEAR]),
    (lambda: file_of(cut_out("white").convert("LA")), [CLEAR]),
    (lambda: file_of(cut_out("yellow")), [CLEAR]),
    (lambda: file_of(seven().convert("1").convert("P"), transparency=0), [CLEAR]),
    (lambda: file_of(dark().convert("1").convert("L"), transparency=255), [CLEAR, SWAPPED]),
]


@pytest.mark.parametrize(("made", "notes"), PICTURES, ids=[str(i) for i in range(len(PICTURES))])
def test_a_picture_from_elsewhere_is_read_and_what_was_done_is_told(
    made: Made, notes: list[str]
) -> None:
    told = read(made())
    assert len(told) == len(notes), told
    assert all(any(words in note for note in told) for words in notes)


def test_a_card_with_clear_corners_keeps_its_own_ground() -> None:
    card = painted("silver", "black").convert("RGBA")
    shape = Image.new("L", card.size)
    shape.paste(255, (10, 10, 190, 190))
    card.putalpha(shape)
    assert any("its ground" in note for note in read(file_of(card)))


@pytest.mark.parametrize("light", LIGHTS)
def test_a_photograph_is_read(light: str) -> None:
    assert any(SWAPPED in note for note in read(file_of(photograph(light), "JPEG")))


WAYS = {2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6}  # a flag, and the one that undoes it
TRANSPOSED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("flag", WAYS)
def test_the_orientation_flag_is_obeyed(flag: int, kind: str) -> None:
    lying = seven().transpose(TRANSPOSED[WAYS[flag]])
    exif = Image.Exif()
    exif[0x0112] = flag
    assert any(UPRIGHT in note for note in read(file_of(lying, kind, exif=exif)))


@pytest.mark.parametrize(
    "exif", [b"Exif\0\0", b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12", b"nonsense"]
)
def test_a_broken_flag_breaks_no_picture(exif: bytes) -> None:
    assert read(file_of(seven(), "JPEG", exif=exif)) == set()


def test_shades_are_exact() -> None:
    shades = np.arange(256, dtype=np.uint8).reshape(16, 16)
    for image in (Image.fromarray(shades), Image.fromarray(shades).convert("RGB")):
        decoded = decode_picture(file_of(image), MOST)
        assert np.array_equal(decoded.shades, shades)
        assert decoded.notes == []


def webp_claiming(width: int, height: int) -> bytes:
    body = bytearray(file_of(cut_out("black"), "WEBP", exif=b"Exif\0\0MM"))
    assert body[12:16] == b"VP8X"
    body[24:27] = struct.pack("<I", width - 1)[:3]
    body[27:30] = struct.pack("<I", height - 1)[:3]
    return bytes(body)


def jpeg_claiming(width: int, height: int) -> bytes:
    body = bytearray(file_of(seven(), "JPEG"))
    place = body.index(b"\xff\xc0") + 5
    body[place : place + 4] = struct.pack(">HH", height, width)
    return bytes(body)


@pytest.mark.parametrize("claiming", [webp_claiming, jpeg_claiming])
def test_the_claimed_size_is_looked_at_first(claiming: Callable[[int, int], bytes]) -> None:
    with pytest.raises(BadDrawingError, match="too"):
        decode_picture(claiming(16_000, 16_000), MOST)
    with pytest.raises(BadDrawingError, match="too many"):
        decode_picture(file_of(seven()), 39_999)


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "PPM", "ICO"])
def test_other_formats_are_refused_in_words(kind: str) -> None:
    with pytest.raises(BadDrawingError, match="not a PNG, JPEG or WebP"):
        decode_picture(file_of(seven(), kind), MOST)


@given(
    kind=st.sampled_from(["PNG", "JPEG", "WEBP"]),
    noise=st.binary(max_size=60),
    place=st.integers(0, 2000),
)
def test_a_damaged_file_is_read_or_refused(kind: str, noise: bytes, place: int) -> None:
    whole = file_of(cut_out("black").convert("RGB" if kind == "JPEG" else "RGBA"), kind)
    body = whole[:place] + noise + whole[place + len(noise) :]
    try:
        picture = decode_picture(body, MOST)
    except BadDrawingError:
        return
    assert isinstance(picture, Picture)
    assert np.isfinite(picture.shades).all()


def test_the_first_picture_of_several_is_read() -> None:
    file = io.BytesIO()
    seven().save(file, "WEBP", save_all=True, append_images=[Image.new("L", (200, 200))])
    assert read(file.getvalue()) == set()
