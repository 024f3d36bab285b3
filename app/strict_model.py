"""Models of what strangers send: no unknown field, no loose types, and not too much of anything."""

from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

MOST_FIELDS = 100  # no model of ours has as many
MOST_PROBLEMS = 20  # that are told of one body: it may have a hundred thousand


class StrictModel(BaseModel):
    """A model that refuses what it does not know."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True)


class BodyModel(StrictModel):
    """A model of a request's body, which refuses an object of too many fields at once."""

    @model_validator(mode="before")
    @classmethod
    def _few_fields(cls, content: Any) -> Any:
        """Refuse them all together: to name each takes a second for a megabyte of them."""
        if isinstance(content, dict) and len(content) > MOST_FIELDS:
            raise ValueError(f"{len(content):,} fields are more than there can be")
        return content
