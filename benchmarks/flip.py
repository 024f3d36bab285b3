"""The least change beside steps by a gradient's signs, over HTTP: ``make bench-flip``.

For each digit the server is asked what would have it read as another one, and the answer is sent to
predict as a PNG. Beside it are plain steps along the signs of the cost's gradient (Goodfellow,
Shlens and Szegedy, "Explaining and Harnessing Adversarial Examples", 2015), each the shortest that
flips: towards the same digit, or away from what is read to whichever digit comes first, which the
server is then asked for, too. A step "as a PNG" is one that predict reads so, as it must read the
least change; the others are given to the network as they are, with pixels cut to 0–1 or not.
"""

import io
from typing import Any, NamedTuple

import httpx
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from rich.console import Console
from rich.table import Table

from benchmarks.serving import serving
from nn_core import Network, checkpoints, load_dataset
from nn_core.datasets import Dataset
from nn_core.least_change import reads
from nn_core.parameters import FloatArray

DIGITS = 100
LENGTHS = np.geomspace(1e-4, 1, 1500)[:, None]  # of a step, in each pixel
WHITE = 255


class Asked:
    """A network of a server, as one asks for it over HTTP."""

    def __init__(self, url: str, run: str) -> None:
        self._client = httpx.Client(base_url=f"{url}/api/runs/{run}", timeout=60, trust_env=False)

    def network(self) -> Network:
        """Return a copy of it, in 64 bits."""
        return checkpoints.load(self._client.get("/checkpoint").content).network.in_64_bits()

    def flip(self, image: FloatArray, digit: int) -> float:
        """Return how long the least change is; infinity where predict does not read the digit."""
        found = self._post(f"/flip?to={digit}", image)
        if "image" not in found:
            return np.inf
        read = self._post("/predict", np.array(found["image"]))["digit"]
        return float(found["change"]) if read == digit else np.inf

    def _post(self, call: str, image: FloatArray) -> dict[str, Any]:
        file = io.BytesIO()
        Image.fromarray(shades_of(image)).save(file, "PNG")
        answer: dict[str, Any] = self._client.post(call, content=file.getvalue()).json()
        return answer


def shades_of(image: FloatArray) -> NDArray[np.uint8]:
    """Return a picture's shades, from 0 to 255."""
    return np.rint(WHITE * image).astype(np.uint8).reshape(28, 28)


def signs(network: Network, image: FloatArray, digit: int) -> FloatArray:
    """Return the signs of the gradient over the pixels of the cost, if the digit were right."""
    # Of one example ∂C/∂b of the first layer is ∂C/∂z, which x reaches by its weights.
    gradient = network.parameters.zeros_like()
    network.backpropagate(image[None], np.eye(10)[[digit]], gradient)
    return np.sign(gradient.biases[0] @ network.parameters.weights[0])


class Step(NamedTuple):
    """The shortest step that flips: infinite if none does."""

    length: float
    digit: int  # that is read then


def shortest(steps: FloatArray, image: FloatArray, read: NDArray[np.intp], flips: Any) -> Step:
    """Return the first of the steps, shape (steps, pixels), that flips what is read."""
    found = np.flatnonzero(flips)
    if found.size == 0:
        return Step(np.inf, -1)
    return Step(float(np.linalg.norm(steps[found[0]] - image)), int(read[found[0]]))


KINDS = (
    "towards the digit, as a PNG",
    "towards the digit, cut to 0–1",
    "towards the digit, any pixels",
    "away, cut to 0–1",
    "away, any pixels",
)


def measured(asked: Asked, digits: Dataset) -> FloatArray:
    """Return the lengths of each kind of step and of the least change: shape (digits, 5, 2)."""
    network = asked.network()
    x, _ = digits.test.batch(np.arange(DIGITS), np.float64)
    rows = []
    for number, image in enumerate(x):
        was = int(network.forward(image[None])[-1].argmax())
        to = (was + 1 + number % 9) % 10
        pairs = []
        for kind in KINDS:
            is_towards = kind.startswith("towards")
            steps = -signs(network, image, to) if is_towards else signs(network, image, was)
            images = image + LENGTHS * steps
            if "any" not in kind:
                images = images.clip(0, 1)
            if "PNG" in kind:
                images = images[::-5][::-1]  # each takes as long as all others together
                read = np.array([reads(network, shades_of(one), digits.kind) for one in images])
            else:
                read = network.forward(images)[-1].argmax(axis=1)
            step = shortest(images, image, read, read == to if is_towards else read != was)
            wanted = to if is_towards else step.digit
            pairs.append((step.length, asked.flip(image, wanted) if wanted >= 0 else 0.0))
        rows.append(pairs)
    return np.array(rows)


def main() -> None:
    """Print the table."""
    table = Table(title=f"{DIGITS} test digits of digits-5k", box=None)
    for column in ("network", "step", "flips", "median", "least change", "flips", "median",
                   "no longer"):  # fmt: skip
        table.add_column(column, justify="left" if column in ("network", "step") else "right")
    with serving() as server:
        for run in ("pretrained", "pretrained-large"):
            for kind, pairs in zip(
                KINDS,
                measured(Asked(server.url, run), load_dataset("digits-5k")).swapaxes(0, 1),
                strict=True,
            ):
                step, least = pairs.T
                table.add_row(
                    run,
                    kind,
                    str(np.isfinite(step).sum()),
                    f"{np.median(step):.2f}",
                    "",
                    str(np.isfinite(least).sum()),
                    f"{np.median(least):.2f}",
                    str((least <= step).sum()),
                )
    Console(width=140).print(table)


if __name__ == "__main__":
    main()
