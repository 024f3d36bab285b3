"""Rows as CSV, for spreadsheets."""

import csv
import io
from collections.abc import Iterable
from typing import Any


def csv_text(rows: Iterable[list[Any]]) -> str:
    """Return rows as lines of CSV."""
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(rows)
    return file.getvalue()
