"""Pictures for the tests, made by code: digits as people have them in files, and own data."""

import io
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from nn_core.datasets.idx import write_idx
from nn_core.datasets.registry import FILES

Images = NDArray[np.uint8]


def seven(size: int = 200) -> Image.Image:
    """A 7, off the middle: light ink on dark, with grey edges."""
    large = Image.new("L", (2 * size, 2 * size))
    points = [(0.5, 0.3), (1.4, 0.3), (0.8, 1.6)]
    line = [(x * size, y * size) for x, y in points]
    ImageDraw.Draw(large).line(line, 255, size // 6, joint="curve")
    return large.resize((size, size), Image.Resampling.BOX)


def painted(ground: str, ink: str, drawing: Image.Image | None = None) -> Image.Image:
    """The drawing in colours."""
    drawing = drawing or seven()
    size = drawing.size
    return Image.composite(Image.new("RGB", size, ink), Image.new("RGB", size, ground), drawing)


def cut_out(ink: str) -> Image.Image:
    """The drawing on a transparent ground."""
    image = Image.new("RGB", seven().size, ink)
    image.putalpha(seven())
    return image


def file_of(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


LIGHTS = ("even", "gradient", "vignette", "hard shadow", "soft shadow", "lamp")


def photograph(light: str, drawing: Image.Image | None = None, seed: int = 0) -> Image.Image:
    """The drawing in dark ink on paper, in this light, a little blurred and noisy."""
    rng = np.random.default_rng(seed)
    ink = np.asarray(drawing or seven(), float) / 255
    y, x = np.mgrid[0 : 1 : ink.shape[0] * 1j, 0 : 1 : ink.shape[1] * 1j]
    falls = {
        "even": np.ones(ink.shape),
        "gradient": 0.25 + 0.75 * (x + y) / 2,
        "vignette": 1 - 1.1 * ((x - 0.5) ** 2 + (y - 0.5) ** 2),
        "hard shadow": np.where(x + 0.3 * y > 0.7, 1, 0.45),
        "soft shadow": 0.4 + 0.6 / (1 + np.exp(-25 * (y - 0.4))),
        "lamp": 0.35 + 0.65 * np.exp(-((x - 0.7) ** 2 + (y - 0.3) ** 2) / 0.15),
    }[light]
    shades = (230 - 180 * ink) * falls + rng.normal(0, 4, ink.shape)
    return Image.fromarray(shades.clip(0, 255).astype(np.uint8))


def clothes(count: int, seed: int = 0) -> tuple[Images, Images]:
    """Pictures that fill their square, of any brightness: a shirt, trousers, a dress, a bag."""
    rng = np.random.default_rng(seed)
    forms = [
        [
            (0, 4),
            (10, 1),
            (17, 1),
            (27, 4),
            (27, 11),
            (21, 11),
            (21, 26),
            (6, 26),
            (6, 11),
            (0, 11),
        ],
        [(9, 0), (19, 0), (22, 27), (15, 27), (14, 8), (13, 27), (6, 27)],
        [(10, 0), (17, 0), (16, 10), (24, 27), (3, 27), (11, 10)],
        [(2, 9), (9, 9), (10, 4), (17, 4), (18, 9), (25, 9), (26, 25), (1, 25)],
    ]
    labels = np.arange(count, dtype=np.uint8) % len(forms)
    images = np.zeros((count, 28, 28), np.uint8)
    for image, label in zip(images, labels, strict=True):
        form = Image.new("L", (28, 28))
        shift = rng.integers(-1, 2, 2)
        outline = [(x + shift[0], y + shift[1]) for x, y in forms[label]]
        ImageDraw.Draw(form).polygon(outline, 255)
        cloth = rng.integers(70, 246) + rng.integers(-20, 10, (28, 28))
        image[:] = np.where(np.asarray(form) > 0, cloth, 0)
    return images, labels


def dotted_letters(count: int, seed: int = 0) -> tuple[Images, Images]:
    """Three letters that only their dots tell apart: one below, two above, three above."""
    rng = np.random.default_rng(seed)
    dots = [[(14, 24)], [(11, 9), (17, 9)], [(10, 9), (14, 6), (18, 9)]]
    labels = np.arange(count, dtype=np.uint8) % len(dots)
    images = np.zeros((count, 28, 28), np.uint8)
    for image, label in zip(images, labels, strict=True):
        x, y = rng.integers(-2, 3, 2)
        letter = Image.new("L", (56, 56))
        draw = ImageDraw.Draw(letter)
        draw.arc((8 + 2 * x, 10 + 2 * y, 48 + 2 * x, 40 + 2 * y), 10, 170, 255, 4)
        for left, top in dots[label]:
            centre = 2 * (left + x), 2 * (top + y)
            draw.ellipse((centre[0] - 3, centre[1] - 3, centre[0] + 3, centre[1] + 3), 255)
        image[:] = np.asarray(letter.resize((28, 28), Image.Resampling.BOX))
    return images, labels


def write_dataset(folder: Path, images: Images, labels: Images, tests: int) -> None:
    """Write the four IDX files of a data set; the last examples are those to test with."""
    folder.mkdir(parents=True)
    parts = (images[:-tests], labels[:-tests], images[-tests:], labels[-tests:])
    for name, part in zip(FILES, parts, strict=True):
        write_idx(folder / name.removesuffix(".gz"), part.shape, [part])


def strips(count: int, seed: int = 0) -> tuple[Images, Images]:
    """Wide pictures, dark on light: a bar in the left, the middle or the right third."""
    rng = np.random.default_rng(seed)
    labels = np.arange(count, dtype=np.uint8) % 3
    images = np.full((count, 14, 56), 255, np.uint8)
    for image, label in zip(images, labels, strict=True):
        left, top = 20 * label + rng.integers(0, 10), rng.integers(2, 5)
        image[top : top + 8, left : left + 4] = rng.integers(0, 60, (8, 4))
    return images, labels
