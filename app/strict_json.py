"""Strict JSON: infinities and NaN, which JSON lacks, become null."""

import json
from typing import Any

ENCODER = json.JSONEncoder(allow_nan=False, separators=(",", ":"))


def strict_json(content: Any) -> str:
    """Return JSON text that every parser reads."""
    try:
        return ENCODER.encode(content)
    except ValueError:  # rare: only then look for the number
        return ENCODER.encode(_finite(content))


def _finite(value: Any) -> Any:
    match value:
        case float():
            return value if abs(value) < float("inf") else None
        case dict():
            return {key: _finite(item) for key, item in value.items()}
        case list() | tuple():
            return [_finite(item) for item in value]
    return value
