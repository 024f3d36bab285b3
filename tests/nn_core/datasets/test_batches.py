"""An epoch's examples come in their order, whatever the size of a batch and of a chunk."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nn_core.datasets import Examples
from nn_core.datasets.batches import CHUNK, Batches


@given(
    examples=st.integers(1, 3 * CHUNK),
    sizes=st.lists(st.integers(1, 3 * CHUNK), min_size=1, max_size=40),
    seed=st.integers(0, 1000),
)
def test_every_part_is_the_next_of_the_order(examples: int, sizes: list[int], seed: int) -> None:
    """The batch size may change from one batch to the next, as it does for a user who turns it."""
    numbers = np.arange(examples)
    images = np.stack([numbers % 256, numbers // 256], axis=1).astype(np.uint8)  # its own number
    order = np.random.default_rng(seed).permutation(examples)
    batches = Batches(Examples(images, (numbers % 7).astype(np.uint8), 7), order, np.float32)

    seen: list[int] = []
    first = 0
    for size in sizes:
        end = min(first + size, examples)
        while first < end:
            x, y, labels = batches.part(first, end)
            assert 1 <= len(x) <= min(CHUNK, end - first)
            assert len(x) == len(y) == len(labels)
            low, high = np.rint(x * 255).astype(int).T
            seen += (low + 256 * high).tolist()
            assert np.array_equal(y.argmax(axis=1), labels)
            assert np.array_equal(labels, (low + 256 * high) % 7)
            first += len(x)
    assert seen == order[: len(seen)].tolist()
    assert len(seen) == min(sum(sizes), examples)
