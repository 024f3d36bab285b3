"""Whether a data set is still the one that a run began with: its name may be another's by now."""

from app.runs.record import Record
from nn_core.datasets import DatasetError, DatasetInfo, Library

KIND = ("input_shape", "classes", "training_examples", "test_examples")


def require_the_same(record: Record, library: Library) -> None:
    """Raise DatasetError if the name of a run's data set, or of the added one, is another's now."""
    for dataset in filter(None, (record.dataset, record.extra)):
        _require_the_same(dataset, library)


def _require_the_same(dataset: DatasetInfo, library: Library) -> None:
    """Raise DatasetError for one of them, as it was known when the run began.

    Its digest may not have been kept.
    """
    now = library.info(dataset.name)
    other_kind = any(getattr(now, what) != getattr(dataset, what) for what in KIND)
    if other_kind or (dataset.digest and now.digest and dataset.digest != now.digest):
        raise DatasetError(
            f"{dataset.name} is not what this run trained on: that was deleted, and another "
            "data set has its name now"
        )
