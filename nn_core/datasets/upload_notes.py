"""What is told of a data set when it is uploaded: it is taken in, but may not be as it was meant.

One class only, a class without examples, images that are blank or all the same, or nearly black.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nn_core.datasets.labels import Classes

BLOCK = 4096  # images that are looked at at a time
DARK = 32  # of 255: no image is brighter than that
NAMED = 10  # classes that a sentence names


def notes_on(images: Sequence[NDArray[np.uint8]], classes: Classes) -> list[str]:
    """Return sentences on the images, and their labels, of one part or of two."""
    return [*_on_classes(classes), *_on_images(images)]


def _on_classes(classes: Classes) -> list[str]:
    """Say which classes have no examples, or no others beside them."""
    counts = [np.bincount(labels, minlength=classes.number) for labels in classes.labels]
    total = np.sum(counts, axis=0)
    present = np.flatnonzero(total)
    if len(present) == 1:
        only = classes.name(int(present[0]))
        note = f"all examples are of one class, {only}: there is nothing to tell apart"
        return [f"{note}, but they can be added to another data set"]
    sentences = [_lacking(total, "no examples", classes)]
    if len(counts) > 1:
        here = total > 0
        sentences += [
            _lacking(np.where(here, count, 1), what, classes)
            for count, what in zip(
                counts, ("no examples to train with", "no examples to test with"), strict=True
            )
        ]
    return list(filter(None, sentences))


def _lacking(count: NDArray[np.intp], what: str, classes: Classes) -> str:
    """Say of which classes there are none; nothing if of none."""
    labels = np.flatnonzero(count == 0).tolist()
    if not labels:
        return ""
    names = ", ".join(map(classes.name, labels[:NAMED]))
    more = f" and {len(labels) - NAMED:,} more" if len(labels) > NAMED else ""
    return f"there are {what} of the class{'es' if len(labels) > 1 else ''} {names}{more}"


def _on_images(parts: Sequence[NDArray[np.uint8]]) -> list[str]:
    """Say which images show nothing."""
    first = parts[0][0]
    blank, brightest, done, alike = 0, 0, 0, True
    some: list[int] = []  # of those that are blank, counted from 1
    for images in parts:
        for start in range(0, len(images), BLOCK):
            block = images[start : start + BLOCK].reshape(-1, first.size)
            same = np.flatnonzero((block == block[:, :1]).all(axis=1)) + 1 + done
            some += same[: NAMED - len(some)].tolist()
            blank += len(same)
            alike = alike and bool((block == first.reshape(1, -1)).all())
            brightest = max(brightest, int(block.max()))
            done += len(block)
    if done > 1 and alike:
        return ["all images are the same: there is nothing to learn from them"]
    notes = []
    if blank and first.size > 1:
        what = "1 image is" if blank == 1 else f"{blank:,} images are"
        which = ", ".join(f"{number:,}" for number in some)
        more = f" and {blank - NAMED:,} more" if blank > NAMED else ""
        notes.append(f"{what} blank, the same in each pixel: number {which}{more} of {done:,}")
    if 0 < brightest <= DARK:
        notes.append(
            f"no pixel is brighter than {brightest} of 255, so the images are nearly black: "
            "multiply them if that is not meant"
        )
    return notes
