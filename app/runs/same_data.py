"""Whether a data set is still the one that a run began with: its name may be another's by now."""

from nn_core.datasets import DatasetError, DatasetInfo, Library

KIND = ("input_shape", "classes", "training_examples", "test_examples")


def require_the_same(dataset: DatasetInfo, library: Library) -> None:
    """Raise DatasetError if the name of a run's data set now belongs to another one.

    ``dataset`` is what was known of it when the run began; its digest may not have been kept.
    """
    now = library.info(dataset.name)
    other_kind = any(getattr(now, what) != getattr(dataset, what) for what in KIND)
    if other_kind or (dataset.digest and now.digest and dataset.digest != now.digest):
        raise DatasetError(
            f"{dataset.name} is not what this run trained on: that was deleted, and another "
            "data set has its name now"
        )
