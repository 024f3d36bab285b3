"""Steering: the commands that change what a run learns.

They are kept with the run in the order in which they took effect, so that a worker that starts
from an older checkpoint can repeat them, each after the same step.
"""

from typing import Any, NamedTuple

from nn_core.events import Change, Nudge

Steering = Change | Nudge


class TakenCommand(NamedTuple):
    """A command that took effect, and the step after which it did."""

    step: int
    steering: Steering


def to_json(steering: Steering) -> dict[str, Any]:
    """Return the command as it is stored and sent to a worker."""
    if isinstance(steering, Change):
        return {"type": "change", "values": steering.values}
    nudge = {"type": "nudge", "index": steering.parameter, "amount": steering.amount}
    return nudge if steering.value is None else nudge | {"value": steering.value}


def from_json(content: dict[str, Any]) -> Steering:
    """Return the command that ``to_json`` described. Raises KeyError."""
    if content["type"] == "change":
        return Change(content["values"])
    return Nudge(content["index"], content["amount"], content.get("value"))
