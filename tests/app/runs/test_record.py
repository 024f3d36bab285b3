"""A run's record comes back from its row, also from one that is older than a field."""

import json
from typing import Any

import pytest

from app.runs.record import Record
from app.runs.spec import RunSpec
from nn_core.datasets import DATASETS, DatasetInfo

OWN = DatasetInfo("own", "own", 8, 2, None, (14, 56), 3, ("a", "ä", "→"), ground="light")


def row_of(info: DatasetInfo) -> dict[str, Any]:
    record = Record("id", "somebody", RunSpec(dataset=info.name), info)
    return record.row(record.fixed_columns())


@pytest.mark.parametrize("info", [*DATASETS.values(), OWN], ids=lambda info: info.name)
def test_the_kind_of_images_stays_with_the_run(info: DatasetInfo) -> None:
    assert Record.of_row(row_of(info), 0).dataset.kind == info.kind


@pytest.mark.parametrize(
    ("name", "drawing"),
    [("digits-5k", "digits"), ("mnist", "digits"), ("kmnist", "whole"), ("own", "whole")],
)
def test_a_run_from_before_is_read_as_its_data_are(name: str, drawing: str) -> None:
    row = row_of(DATASETS.get(name, OWN))
    dataset = json.loads(row["dataset"])
    del dataset["drawing"], dataset["ground"]
    row["dataset"] = json.dumps(dataset)
    assert Record.of_row(row, 0).dataset.drawing == drawing
