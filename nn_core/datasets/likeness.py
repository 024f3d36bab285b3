"""What the images of an uploaded data set are like: digit images or others, and their ground."""

import numpy as np
from numpy.typing import NDArray

from nn_core.datasets.parsed import BLOCK, Part
from nn_core.digit_image import are_digit_images, has_several_parts
from nn_core.image_kind import Drawing
from nn_core.paper import Ground, ground_of

SAMPLE = 500  # images, about, that are looked at to tell what all are like
PARTED = 0.5  # of the images of a digit may come in several parts, as a 5 whose bar is set apart
AGREE = 2 / 3  # of a sample have the ground that the data set is said to have


def drawing_of(training: Part, test: Part) -> Drawing:
    """Return how a drawing becomes an image like these.

    They are digits if every one of them is a digit image already, and if there is no class whose
    images come in several parts: of letters the dots matter, and from a digit they are removed.
    """
    for part in (training, test):
        for start in range(0, len(part.images), BLOCK):
            if not are_digit_images(part.images[start : start + BLOCK]).all():
                return "whole"
    sample = slice(None, None, 1 + len(training.images) // SAMPLE)
    labels = training.labels[sample]
    parted = np.array([has_several_parts(image) for image in training.images[sample]])
    shares = [parted[labels == label].mean() for label in np.unique(labels)]
    return "whole" if max(shares) > PARTED else "digits"


def ground_of_all(images: NDArray[np.uint8]) -> Ground | None:
    """Return the ground that most of the images have, if they agree on one."""
    grounds = [ground_of(image / 255) for image in images[:: 1 + len(images) // SAMPLE]]
    most = max(grounds, key=grounds.count)
    return most if grounds.count(most) >= AGREE * len(grounds) else None
