"""A walk through backpropagation: what ``by_hand`` does with one example, line by line.

``walk`` calls ``by_hand``'s own functions with one image and one network, in 64 bits, and traces
them: every assignment that ran is a step, and every array that it assigned is kept under a name.

>>> import numpy as np
>>> from nn_core import Network, load_dataset
>>> from nn_core.walk import walk
>>> images, truths = load_dataset("digits-5k").test.batch(np.arange(1))
>>> network = Network([784, 16, 16, 10])
>>> network.initialize("xavier", np.random.default_rng(seed=0))
>>> steps = walk(network, images[0], truths[0], learning_rate=0.5).steps
>>> [step.name for step in steps if step.function == "forward_one_example"][:2]
['z', 'activations_this_layer']
"""

import json
from collections.abc import Mapping
from types import ModuleType
from typing import NamedTuple

import numpy as np

from nn_core import by_hand, checkpoints
from nn_core.network import Network
from nn_core.parameters import FloatArray, Parameters
from nn_core.tracing import Assigned, Source, read_module, traced


class Step(NamedTuple):
    """An assignment that ran."""

    function: str
    line: int
    """From 1, in the source: where the name stands."""
    layer: int | None
    """The layer it is about, from 0; None where it is about none, or about the inputs."""
    name: str
    """What was assigned, as the line has it."""
    tensor: str
    """The name of the array that it was assigned."""


class Walk(NamedTuple):
    """What happened, and all numbers of it."""

    tensors: dict[str, FloatArray]
    steps: list[Step]
    source: Source


def walk(
    network: Network,
    x: FloatArray,
    truth: FloatArray,
    learning_rate: float,
    module: ModuleType = by_hand,
) -> Walk:
    """Walk through one step of gradient descent with one example: forward, cost, backward, nudge.

    ``x`` has shape (inputs,), the one-hot ``truth`` has shape (outputs,). The network stays as it
    is. ``module`` is ``by_hand``, or an edited copy of it.

    The tensors, with the layers counted from 0: ``x``, ``truth``, ``cost`` of shape (), ``z.L``,
    ``activations.L`` (what layer L puts out), ``weights.L`` and ``biases.L`` (before the nudge),
    ``gradient.weights.L``, ``gradient.biases.L``, ``C_over_z.L``, ``C_over_activations.L``,
    ``C_over_x``, and ``parameters.theta``, all parameters after the nudge. What an edited module
    assigns besides has the name that it has there, and its layer.

    A number that overflows is infinite. Raises ValueError for an x or a truth of another shape.
    """
    inputs, outputs = network.layer_sizes[0], network.layer_sizes[-1]
    if x.shape != (inputs,) or truth.shape != (outputs,):
        raise ValueError(
            f"x of shape {x.shape} and truth of shape {truth.shape}: "
            f"this network takes ({inputs},) and ({outputs},)"
        )
    x, truth = np.array(x, np.float64), np.array(truth, np.float64)
    parameters = Parameters(network.layer_sizes, np.float64)
    parameters.theta[:] = network.parameters.theta
    given = {"x": x, "truth": truth, **dict(parameters.named())}
    tensors = {name: tensor.copy() for name, tensor in given.items()}
    choices = module.Choices(network.activation_names, network.output_name, network.cost_name)
    with np.errstate(all="ignore"), traced(module) as assigned:
        _, gradient = module.gradient_one_example(parameters, x, truth, choices)
        module.nudge(parameters, gradient, learning_rate)
    tensors |= {f"gradient.{name}": tensor for name, tensor in gradient.named()}
    held = {id(tensor): name for name, tensor in given.items()}
    steps = _named(assigned, tensors, held)
    return Walk(tensors, steps, read_module(module).source)


def save(walk: Walk, metadata: Mapping[str, str]) -> bytes:
    """Return the bytes of a safetensors file: the tensors in 64 bits, the rest in its metadata.

    ``source`` is a JSON object, ``steps`` a JSON array of objects.
    """
    own = {
        "source": json.dumps(walk.source._asdict()),
        "steps": json.dumps([step._asdict() for step in walk.steps]),
    }
    return checkpoints.serialize(walk.tensors, {**metadata, **own})


def _named(
    assigned: list[Assigned], tensors: dict[str, FloatArray], held: dict[int, str]
) -> list[Step]:
    """Return the steps; put what they assigned into ``tensors``, each array once.

    ``held`` says of the objects that are tensors already which they are.
    """
    steps: list[Step] = []
    for number, one in enumerate(assigned):
        target = one.target
        layer = _layer_of(number, assigned)
        tensor = _tensor_of(one, layer, held)
        if tensor in tensors and not np.array_equal(tensors[tensor], one.copy, equal_nan=True):
            # An edited module assigns it twice: z = weights @ a, then z = z + biases. The last is
            # called z.0, the one before z.0.1.
            earlier = f"{tensor}.{1 + sum(name.startswith(f'{tensor}.') for name in tensors)}"
            tensors[earlier] = tensors[tensor]
            steps = [s._replace(tensor=earlier) if s.tensor == tensor else s for s in steps]
            held = {key: earlier if name == tensor else name for key, name in held.items()}
            held[id(one.value)] = tensor
        tensors[tensor] = one.copy
        held.setdefault(id(one.value), tensor)
        steps.append(Step(target.function, target.line, layer, target.name, tensor))
    return steps


def _layer_of(number: int, assigned: list[Assigned]) -> int | None:
    """Return the layer that an assignment is about: what is passed on is about the next one.

    It is the layer of the next round of the loop, or none after the last.
    """
    one = assigned[number]
    if not one.target.is_passed_on:
        return one.layer
    later = (other for other in assigned[number:] if other.call == one.call)
    return next((other.layer for other in later if other.layer != one.layer), None)


def _tensor_of(one: Assigned, layer: int | None, held: dict[int, str]) -> str:
    """Return the name of the tensor that has what was assigned."""
    target = one.target
    if target.kept_in is not None:
        return f"{target.kept_in}.{layer}"
    if target.is_reference and id(one.value) in held:
        return held[id(one.value)]
    name = target.name.removesuffix("_this_layer")
    if layer is None:  # what is passed on from the first layer is about x
        return name.replace("activations", "x") if target.is_passed_on else name
    return f"{name}.{layer}"
