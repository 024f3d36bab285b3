"""The pretrained networks, for tests of what can be done with them."""

from functools import cache
from importlib.resources import files

from hypothesis import settings

from nn_core import Network, checkpoints

PRETRAINED = ("pretrained", "pretrained-large")
FEW = settings().max_examples // 4  # digits to try; ``make test-long`` has hundreds


@cache
def pretrained(name: str) -> Network:
    """Return a pretrained network: don't change it."""
    file = files("nn_core").joinpath("pretrained", f"{name}.safetensors")
    return checkpoints.load(file.read_bytes()).network
