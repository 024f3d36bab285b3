"""What a sweep is asked to be: a RunSpec, which of its fields are varied, and how to search."""

from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Discriminator, Field, Tag, model_validator

from app.runs.spec import RunName, RunSpec
from app.strict_model import BodyModel
from app.sweeps.space import Scale

Search = Literal["grid", "random", "halving", "optuna"]
MOST_VALUES = 1000  # of a field: no setting allows as many runs


class RangeIn(BodyModel):
    """Numbers from one to another."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    low: float = Field(alias="from")
    high: float = Field(alias="to")
    scale: Scale = Field("linear", description="log: each is as many times the one before.")
    count: Annotated[int, Field(ge=1, le=MOST_VALUES)] | None = Field(
        None,
        description="How many values, both ends included; what is whole is rounded, and each value "
        "tried once. null: any number between, which a random search or Optuna can draw.",
    )

    @model_validator(mode="after")
    def _is_upwards(self) -> Self:
        if self.low > self.high:
            raise ValueError("`from` is larger than `to`")
        if self.scale == "log" and self.low <= 0:
            raise ValueError("on a logarithmic scale `from` has to be above 0")
        return self


def _kind_of(value: Any) -> str:
    return "range" if isinstance(value, dict | RangeIn) else "list"


Varied = Annotated[
    Annotated[list[Any], Field(min_length=1, max_length=MOST_VALUES), Tag("list")]
    | Annotated[RangeIn, Tag("range")],
    Discriminator(_kind_of),
]


class SweepIn(BodyModel):
    """Many runs that differ in some fields."""

    base: RunSpec = Field(default_factory=RunSpec, description="What all runs have in common.")
    vary: dict[str, Varied] = Field(
        min_length=1,
        description="Fields of a RunSpec: a list of values for each, or numbers from one to "
        "another.",
    )
    search: Search = Field(
        "grid",
        description="grid: every combination. random: combinations drawn by the seed. halving: as "
        "those, and after 1/8, 1/4 and 1/2 of the epochs the worse half by test accuracy stops. "
        "optuna: each run begins where its TPE sampler expects the most, given those before it.",
    )
    seed: int = Field(0, ge=0, le=2**32 - 1, description="Of what is drawn at random.")
    runs: int | None = Field(
        None,
        ge=1,
        description="At most so many; of a larger grid so many are drawn. null: the whole grid, or "
        "sixteen.",
    )
    at_once: int | None = Field(
        None, ge=1, description="How many train at once; null: one for each processor."
    )
    dry: bool = Field(
        default=False, description="Only say which runs there would be, and what they would cost."
    )
    name: RunName = None
