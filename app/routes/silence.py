"""Silenced neurons in the query of a call: a lens on a run's network, which stays as it is."""

from typing import Annotated

from fastapi import Query
from fastapi.exceptions import RequestValidationError

from app.runs.spec import SilencedNeuron
from nn_core.network import Network
from nn_core.silencing import neuron_of, silenced

Silence = Annotated[
    list[SilencedNeuron],
    Query(
        description='A hidden neuron as "L:N": its layer, 0 the first hidden one, and its place '
        "there from 0. It is as if its activation were 0 for every image. Repeat it for several. "
        "The run itself stays as it is.",
    ),
]


def without(network: Network, silence: list[str]) -> Network:
    """Return the network without these neurons. Raises RequestValidationError."""
    if not silence:
        return network
    try:
        return silenced(network, map(neuron_of, silence))
    except ValueError as error:
        problem = {"loc": ("query", "silence"), "msg": str(error), "type": "value_error"}
        raise RequestValidationError([problem]) from error
