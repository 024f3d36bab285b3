"""Look inside as a person uses it, and the walk that the server has sent for it."""

import json
import re
from typing import Any

import numpy as np
import safetensors.numpy
from numpy.typing import NDArray
from playwright.sync_api import expect

from nn_core import checkpoints
from tests.browser.playground import SEVEN, Playground


class Inside:
    """The view, open, and the walk that the server has sent for it."""

    def __init__(self, playground: Playground, file: bytes) -> None:
        self.playground = playground
        self.page = playground.page
        self.tensors: dict[str, NDArray[np.float64]] = safetensors.numpy.load(file)
        metadata = checkpoints.read_metadata(file)
        self.steps: list[dict[str, Any]] = json.loads(metadata["steps"])
        expect(self.by("said")).to_contain_text(f"of {len(self.steps)}")

    def by(self, name: str) -> Any:
        return self.playground.by(f"inside-{name}")

    def number(self, name: str) -> float:
        """Return a number as exactly as the page knows it."""
        self.playground.wait_for_frames()
        return float(self.by(name).get_attribute("value"))

    def go_to(self, tensor: str) -> int:
        """Step on with the keyboard to where this is computed, and return the step, from 0."""
        step = [step["tensor"] for step in self.steps].index(tensor)
        self.page.keyboard.press("Home")
        for _ in range(step):
            self.page.keyboard.press("ArrowRight")
        expect(self.by("said")).to_contain_text(f"Step {step + 1} of")
        return step

    def chosen(self, layer: int) -> int:
        """Return the neuron that is chosen in a layer."""
        pressed = self.page.locator(".inside-neuron.chosen").nth(layer)
        label = pressed.get_attribute("aria-label")
        assert label is not None
        found = re.search(r"neuron (\d+)|output for (\d)", label)
        assert found is not None
        return int(found[1]) - 1 if found[1] else int(found[2])


def look_inside(playground: Playground, path: str = "/") -> Inside:
    """Draw a seven and open the view with the keyboard."""
    playground.open(path)
    playground.draw(SEVEN)
    expect(playground.by("prediction")).to_have_text("7")
    with playground.page.expect_response("**/walk?*") as answered:
        playground.by("look-inside").press("Enter")
    return Inside(playground, answered.value.body())
