import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.strict_json import strict_json


def refuse(constant: str) -> None:
    raise AssertionError(constant)


@given(st.recursive(st.floats(), st.lists))
def test_json_has_no_infinities(value: Any) -> None:
    json.loads(strict_json({"value": value}), parse_constant=refuse)
