"""The page reads a drawing as the server does: the same image, the same activations and digit.

The page's modules read a thousand drawings with the same weights; the pixels of each are those of
the PNG that the page would send.
"""

import json
import shutil
import subprocess
import sys
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from nn_core import Network, checkpoints
from nn_core.datasets import Dataset
from nn_core.image_kind import ImageKind
from nn_core.input_image import input_image

SCRIPT = Path(__file__).parents[1] / "static" / "read-drawings.js"
NODE = shutil.which("node", path=str(Path(sys.executable).parent))
FINER = 4  # each pixel of a drawing is the mean of so many squared

Drawings = NDArray[np.uint8]  # (drawings, rows, columns)

DIGITS = ImageKind((28, 28), "digits")
SQUARE = ImageKind((28, 28), "whole")
SMALL = ImageKind((8, 8), "whole", ground=None)
WIDE = ImageKind((14, 56), "whole", ground="light")


def scribbles(count: int, rows: int, columns: int) -> Drawings:
    """Light strokes of any number, width and shape, some of them erased; among them dots."""
    rng = np.random.default_rng(count + rows)
    drawings = []
    for _ in range(count):
        canvas = Image.new("L", (FINER * columns, FINER * rows))
        pen = ImageDraw.Draw(canvas)
        for stroke in range(rng.integers(1, 5)):
            spread = rng.choice([0.02, 0.2, 0.5])
            points = rng.uniform(0.1, 0.9, 2) + np.cumsum(rng.normal(0, spread, (6, 2)), axis=0)
            line = [(x * canvas.width, y * canvas.height) for x, y in points]
            width = round(rng.uniform(0.03, 0.14) * min(canvas.size))
            pen.line(line, 0 if stroke == 2 else int(rng.choice([255, 255, 90])), width, "curve")
        if canvas.getbbox() is None:  # all of it is off the canvas, or was erased
            pen.line((0, 0, *canvas.size), 255, 4 * FINER)
        drawings.append(np.asarray(canvas.reduce(FINER)))
    return np.stack(drawings)


def straight_lines() -> Drawings:
    """Upright and level bars: equal halves, whose middle may be right between two pixels."""
    drawings = np.zeros((60, 140, 140), np.uint8)
    for i, drawing in enumerate(drawings):
        bar = drawing if i % 2 else drawing.T
        bar[20 : 50 + i, 40 : 43 + i // 2] = 255
    return drawings


def enlarged(digits: Dataset, first: int, count: int, side: int) -> Drawings:
    """Digits of the data set, somewhere on a larger pad, with smooth edges."""
    pad = np.zeros((count, side, side), np.uint8)
    for i, pixels in enumerate(digits.test.images[first : first + count]):
        size = side // 3 + i % (side // 2)
        large = Image.fromarray(pixels.reshape(28, 28)).resize((size, size))
        pad[i, i % 7 : i % 7 + size, i % 11 : i % 11 + size] = np.asarray(large)
    return pad


def drawings_of(what: str, digits: Dataset) -> Drawings:
    examples = digits.test.images[:50].reshape(-1, 28, 28)
    match what:
        case "scribbles":
            return scribbles(300, 140, 140)
        case "scribbles for 8x8":
            return scribbles(100, 144, 144)
        case "scribbles for 14x56":
            return scribbles(150, 42, 168)
        case "digits":
            return enlarged(digits, 50, 150, 140)
        case "large digits":
            return enlarged(digits, 200, 150, 448)
        case "lines":
            return straight_lines()
        case "blocks":
            return examples.repeat(5, 1).repeat(5, 2)
    return examples


def networks_for(kind: ImageKind) -> dict[str, bytes]:
    """Return networks with each of the functions, some in full and some in half precision."""
    inputs = kind.shape[0] * kind.shape[1]
    rng = np.random.default_rng(inputs)
    files = {}
    for activation, output, cost in [
        (["sigmoid", "tanh"], "sigmoid", "squared-error"),
        ("relu", "softmax", "cross-entropy"),
        (["leaky-relu", "identity"], "identity", "squared-error"),
    ]:
        network = Network([inputs, 20, 16, 10], activation, output, cost)
        network.initialize("xavier", rng)
        network.parameters.theta += rng.normal(0, 0.05, network.parameters.theta.shape)
        files[f"{output} in half"] = checkpoints.save_frame(network, None, 1, 1)
        files[output] = checkpoints.save(network, {})
    linear = Network([inputs, 10], output="softmax", cost="cross-entropy")
    linear.initialize("xavier", rng)
    files["no hidden layer"] = checkpoints.save(linear, {})
    if kind == DIGITS:
        shipped = resources.files("nn_core.pretrained")
        for name in ("pretrained", "pretrained-large"):
            files[name] = shipped.joinpath(f"{name}.safetensors").read_bytes()
    return files


@pytest.mark.parametrize(
    ("what", "kind"),
    [
        ("scribbles", DIGITS),
        ("digits", DIGITS),
        ("large digits", DIGITS),
        ("lines", DIGITS),
        ("examples", DIGITS),
        ("blocks", DIGITS),
        ("digits", SQUARE),
        ("examples", SQUARE),
        ("scribbles for 8x8", SMALL),
        ("scribbles for 14x56", WIDE),
        ("examples", WIDE),
    ],
)
def test_the_page_reads_what_the_server_reads(
    tmp_path: Path, digits: Dataset, what: str, kind: ImageKind
) -> None:
    drawings = drawings_of(what, digits)
    files = networks_for(kind)

    read = read_on_the_page(tmp_path, drawings, kind, files)

    images = np.stack([input_image(drawing, kind, from_pad=True).pixels for drawing in drawings])
    inputs = images.reshape(len(images), -1)
    np.testing.assert_allclose(read["drawings"], inputs, rtol=0, atol=1e-6)
    for name, file in files.items():
        layers = checkpoints.load(file).network.forward(inputs)
        # 32 bits leave a little more of an activation of 20, as one without bounds may have.
        np.testing.assert_allclose(read[name][:, 1:], np.hstack(layers), rtol=1e-6, atol=1e-5)
        assert np.array_equal(read[name][:, 0], layers[-1].argmax(axis=1)), name


def read_on_the_page(
    folder: Path, drawings: Drawings, kind: ImageKind, files: dict[str, bytes]
) -> dict[str, NDArray[np.float64]]:
    """Return what the page's modules make of drawings: a row of numbers for each.

    Of "drawings" they are the image, of each network the digit and all activations.
    """
    (folder / "drawings").write_bytes(drawings.tobytes())
    specs = {}
    for name, file in files.items():
        (folder / name).write_bytes(file)
        network = checkpoints.load(file).network
        specs[name] = {"activation": network.activation_names, "output": network.output_name}
    images = {"shape": kind.shape, "drawing": kind.drawing, "ground": kind.ground}
    _, rows, columns = drawings.shape
    job = {"images": images, "rows": rows, "columns": columns, "networks": specs}
    (folder / "job.json").write_text(json.dumps(job))
    assert NODE is not None
    subprocess.run([NODE, SCRIPT, folder], check=True)
    return {
        name: np.fromfile(folder / f"{name}.read").reshape(len(drawings), -1)
        for name in ("drawings", *files)
    }
