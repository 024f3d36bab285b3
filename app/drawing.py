"""A picture becomes an array of shades, and a network reads it.

The bytes may come from anybody: the size that a picture claims is checked before it is decoded.
"""

import io
import warnings
from typing import Any, NamedTuple

import numpy as np
from PIL import ExifTags, Image, UnidentifiedImageError

from app.picture_formats import FORMATS, BadDrawingError, LargeDrawingError
from nn_core.image_kind import ImageKind
from nn_core.input_image import input_image
from nn_core.network import Network
from nn_core.parameters import FloatArray

BROKEN = (OSError, SyntaxError, ValueError, AssertionError, LookupError, ArithmeticError)
"""What Pillow raises for a broken picture: one without its palette, or with half a chunk."""

TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What brings a picture upright, for each value of its orientation flag; 1 is upright."""

SCAN = b"\xff\xda"  # begins a scan of a JPEG, of which a progressive one has about ten
MOST_SCANS = 64  # each goes over all pixels, and may take 30 bytes

ENOUGH = 1024  # pixels along the longer side; of a picture with twice as many or more, means
WHITE = 255.0
MIDDLE = WHITE / 2
CONTRAST = WHITE / 4  # between the shades of a picture that has a ground of its own
COLOURFUL = 2  # times the contrast of brightness has a channel in which a picture is read instead


class Picture(NamedTuple):
    """A decoded picture."""

    shades: FloatArray
    """Of shape (rows, columns), from 0, black, to 255, white."""
    notes: list[str]
    """What was done to get them, in words."""


def decode_picture(body: bytes, max_pixels: int) -> Picture:
    """Decode a PNG, a JPEG or a WebP.

    Raises LargeDrawingError for one with more pixels, and else BadDrawingError.
    """
    if not body:
        raise BadDrawingError("the body is empty: send a picture as PNG, JPEG or WebP")
    try:
        with warnings.catch_warnings():
            # Of the size, which is checked right here, and of what is odd in a file.
            warnings.simplefilter("ignore")
            picture = Image.open(io.BytesIO(body), formats=list(FORMATS))
            width, height = picture.size
            if width * height > max_pixels:
                raise LargeDrawingError(
                    f"{width:,}×{height:,} pixels are too many; {max_pixels:,} are allowed"
                )
            if picture.format == "JPEG" and (scans := body.count(SCAN)) > MOST_SCANS:
                raise BadDrawingError(
                    f"this JPEG has {scans:,} scans; {MOST_SCANS} are allowed: save it anew"
                )
            return _shades(picture)
    except UnidentifiedImageError as error:
        raise BadDrawingError("this is not a PNG, JPEG or WebP image") from error
    except Image.DecompressionBombError as error:
        raise LargeDrawingError(
            f"the picture is too large; {max_pixels:,} pixels are allowed"
        ) from error
    except BROKEN as error:
        if isinstance(error, BadDrawingError):
            raise
        raise BadDrawingError(f"the image is broken ({error})") from error


def _shades(picture: Image.Image) -> Picture:
    """Return the shades of an upright picture on an opaque ground."""
    picture.load()
    notes = []
    turn = TURNS.get(_orientation(picture))
    if turn is not None:
        notes.append("The picture was brought upright, as its orientation flag says.")
    channels, opacity = _channels(picture)
    if opacity is not None and opacity.min() < 1:
        ground = _ground_under(channels[0], opacity)
        channels = [ground + opacity * (channel - ground) for channel in channels]
        notes.append(f"What is transparent was taken as {_name_of(ground)}.")
    shades = _clearest(channels)
    if turn is not None:
        shades = np.asarray(Image.fromarray(shades).transpose(turn))
    return Picture(shades, notes)


def _orientation(picture: Image.Image) -> Any:
    """Return the orientation flag; None if there is none that can be read."""
    try:
        return picture.getexif().get(ExifTags.Base.Orientation)
    except Exception:  # noqa: BLE001 - whatever is wrong with the flag, the picture is there
        return None


def _channels(picture: Image.Image) -> tuple[list[FloatArray], FloatArray | None]:
    """Return a picture's brightness, then its colours if it has any; and how opaque it is, 0–1."""
    if picture.mode.startswith("I") or picture.mode == "F":
        return _sixteen_bits(picture)
    has_colours = picture.mode not in ("1", "L", "LA")
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
    else:
        picture = picture.convert("RGB" if has_colours else "L")
    picture = picture.reduce(max(1, max(picture.size) // ENOUGH))
    opacity = None
    if picture.mode == "RGBA":
        opacity = np.asarray(picture.getchannel("A"), np.float32) / np.float32(WHITE)
        picture = picture.convert("RGB")
    channels = [picture.convert("L"), *(picture.split() if has_colours else ())]
    return [np.asarray(channel, np.float32) for channel in channels], opacity


def _sixteen_bits(picture: Image.Image) -> tuple[list[FloatArray], FloatArray | None]:
    """Return the same of a picture with 65,536 shades; one of them may be transparent."""
    pixels = np.asarray(picture, np.float32)
    clear = picture.info.get("transparency")
    opacity = None if clear is None else (pixels != clear).astype(np.float32)
    # A file that uses only the lowest 256 is one of 8 bits, saved with twice as many.
    return [pixels if pixels.max() <= WHITE else pixels / np.float32(257)], opacity


def _ground_under(brightness: FloatArray, opacity: FloatArray) -> float:
    """Return the shade to put under a picture, so that what is drawn on it can be seen.

    If its opaque part is most of it, and has a ground of its own, it is that. If not, the opaque
    part is ink, and its ground is black under light ink and white under dark.
    """
    opaque = brightness[opacity >= 0.5]  # noqa: PLR2004 - half
    if opaque.size * 2 > brightness.size:
        darkest, lightest = np.percentile(opaque, (2, 98))
        if lightest - darkest > CONTRAST:
            return float(np.median(opaque))
    if not opacity.any():
        return 0.0
    return 0.0 if np.average(brightness, weights=opacity) > MIDDLE else WHITE


def _name_of(shade: float) -> str:
    return {0.0: "black", WHITE: "white"}.get(shade, "its ground")


def _clearest(channels: list[FloatArray]) -> FloatArray:
    """Return the brightness, or a colour in which ink and ground differ far more."""
    brightness = channels[0]
    if len(channels) == 1:
        return brightness
    contrasts = [float(channel.std()) for channel in channels]
    best = int(np.argmax(contrasts))
    return channels[best] if contrasts[best] > COLOURFUL * contrasts[0] else brightness


def read_picture(
    network: Network, kind: ImageKind, picture: Picture, *, from_pad: bool = False
) -> dict[str, Any]:
    """Read a picture with a network; return what it saw, and each layer's activations.

    ``kind`` is that of the images that it was trained with. Raises what ``input_image`` raises.
    """
    image, notes = input_image(picture.shades, kind, from_pad=from_pad)
    activations = [layer[0] for layer in network.forward(image.reshape(1, -1))]
    outputs = activations[-1]
    digit = int(np.argmax(outputs))
    return {
        "digit": digit,
        "confidence": float(outputs[digit]),
        "outputs": outputs.tolist(),
        "activations": [layer.tolist() for layer in activations],
        "image": image.ravel().tolist(),
        "notes": [*picture.notes, *notes],
    }
