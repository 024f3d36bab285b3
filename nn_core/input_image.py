"""Any picture becomes the numbers that a network reads: an image of the kind it was trained on."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nn_core.digit_image import (
    SIDE,
    EmptyDrawingError,
    are_digit_images,
    as_drawing,
    digit_image,
    ink_of,
)
from nn_core.image_kind import ImageKind
from nn_core.paper import SWAPPED, edge_of, ground_of, light_on_dark
from nn_core.parameters import FloatArray
from nn_core.scaling import resize_by_area

WHITE = 255
SCALE = np.float32(1 / WHITE)  # a factor, as in ``Examples.batch``: the same bits as in training
SWAPPED_TO_LIGHT = "Light ink on a dark ground: swapped, for this network learned dark on light."


class NotAPictureError(ValueError):
    """The network reads numbers that are no picture."""


class InputImage(NamedTuple):
    """An image as a network reads it, and what was done to the picture, in words."""

    pixels: NDArray[np.float32]
    """Of the kind's shape, from 0 to 1."""
    notes: list[str]


def input_image(picture: ArrayLike, kind: ImageKind, *, from_pad: bool = False) -> InputImage:
    """Return a picture as an image of this kind.

    ``picture`` has rows and columns of shades, from 0, black, to 255, white. An example of the data
    set comes out as the network was trained with it, to the last bit, also one whose pixels have
    been enlarged by a whole number. ``from_pad`` says that it is surely light ink on a dark ground.
    Otherwise dark ink on a light ground is noticed, and so is uneven light on a digit.

    Raises EmptyDrawingError if there is nothing on it, NotAPictureError for a kind with a single
    row or column, ValueError if the picture is no array of finite numbers.
    """
    shades = as_drawing(picture)
    if kind.drawing == "digits":
        return _digit(shades, from_pad=from_pad)
    if not kind.has_pictures:
        count = kind.shape[0] * kind.shape[1]
        raise NotAPictureError(
            f"this network does not read pictures: its inputs are {count:,} numbers in a row, and "
            "nothing says which of them are beside each other"
        )
    return _whole(shades, kind, from_pad=from_pad)


def _digit(shades: FloatArray, *, from_pad: bool) -> InputImage:
    """Return a picture of a digit as MNIST's authors would have made it.

    What they have made, or we, is a digit image already: making it once more would blur it.
    """
    image = _without_enlargement(shades, (SIDE, SIDE))
    if image is not None and are_digit_images(image[None])[0]:
        return InputImage(image * SCALE, [])
    if from_pad:
        return InputImage(digit_image(shades), [])
    ink, notes = light_on_dark(ink_of(shades))
    return InputImage(digit_image(ink), notes)


def _without_enlargement(shades: FloatArray, shape: tuple[int, int]) -> NDArray[np.uint8] | None:
    """Return the image of which each pixel has been made a block; None if it is none of bytes."""
    (down, rows_left), (across, columns_left) = (
        divmod(length, wanted) for length, wanted in zip(shades.shape, shape, strict=True)
    )
    if rows_left or columns_left or not down or not across:
        return None
    pixels = shades[::down, ::across]
    if pixels.min() < 0 or pixels.max() > WHITE:
        return None
    image = pixels.astype(np.uint8)
    return image if np.array_equal(image.repeat(down, 0).repeat(across, 1), shades) else None


def _whole(shades: FloatArray, kind: ImageKind, *, from_pad: bool) -> InputImage:
    """Return a picture scaled to the kind's frame: what is on it stays where it is."""
    is_example = _without_enlargement(shades, kind.shape) is not None
    if shades.shape != kind.shape and shades.min() == shades.max():
        raise EmptyDrawingError("the drawing is empty: all of its pixels are the same")
    if is_example or shades.shape == kind.shape:
        return InputImage(_scaled(shades, kind.shape), [])
    notes = []
    ground = "dark" if from_pad else ground_of(shades / WHITE)
    if ground and kind.ground and ground != kind.ground:
        shades = WHITE - shades
        notes.append(SWAPPED if ground == "light" else SWAPPED_TO_LIGHT)
    return _fitted(shades, kind.shape, notes)


def _fitted(shades: FloatArray, shape: tuple[int, int], notes: list[str]) -> InputImage:
    """Return a picture in its own form, as large as fits, in the middle of its own ground."""
    scale = min(wanted / length for wanted, length in zip(shape, shades.shape, strict=True))
    rows, columns = (max(1, round(length * scale)) for length in shades.shape)
    if (rows, columns) != shape:
        notes.append(
            f"A picture of {shades.shape[1]}×{shades.shape[0]} has another form than one of "
            f"{shape[1]}×{shape[0]}: there is ground beside it."
        )
    ground = np.median(edge_of(shades))
    image = np.full(shape, ground.clip(0, WHITE), np.float32) * SCALE
    top, left = (shape[0] - rows) // 2, (shape[1] - columns) // 2
    image[top : top + rows, left : left + columns] = _scaled(shades, (rows, columns))
    return InputImage(image, notes)


def _scaled(shades: FloatArray, shape: tuple[int, int]) -> NDArray[np.float32]:
    """Return a picture with so many rows and columns, from 0 to 1."""
    return np.clip(resize_by_area(shades, *shape), 0, WHITE).astype(np.float32) * SCALE
