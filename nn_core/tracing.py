"""Tracing: which assignments of a module ran, in which order, and what they assigned.

Python itself tells which line runs (``sys.settrace``), the module's text tells which names that
line assigns, and the values are read when the line is done. So nothing about the module is written
down here: it can be edited, and the trace follows.
"""

import ast
import hashlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any, NamedTuple

import numpy as np

from nn_core.parameters import FloatArray

LAYER = "layer"  # the variable that counts layers


class Source(NamedTuple):
    """The text of a module."""

    file: str  # its path within what it belongs to: nn_core/by_hand.py
    sha256: str
    text: str


class Target(NamedTuple):
    """A name that an assignment assigns, as the text has it."""

    name: str  # z, or parameters.theta
    line: int  # where the name stands, from 1
    function: str
    is_reference: bool  # only another name for what is there already: y_pred = activations[-1]
    is_passed_on: bool  # from one round of the loop over the layers to the next
    kept_in: str | None  # gradient.weights, by the line gradient.weights[layer][:] = C_over_weights


class Assigned(NamedTuple):
    """A number or an array that was assigned."""

    target: Target
    call: int  # which call of a function it was, from 0
    layer: int | None  # the innermost variable of that name, in this function or in its callers
    value: Any  # the very object
    copy: FloatArray  # as it was then, in 64 bits


class Reading(NamedTuple):
    """What the text of a module tells."""

    source: Source
    targets: dict[int, tuple[Target, ...]]
    """For each line of an assignment what it assigns; its lines share one tuple."""


@lru_cache(maxsize=8)
def read_module(module: ModuleType) -> Reading:
    """Return what the text of a module tells of its assignments."""
    assert module.__file__ is not None, "a module with a text"
    file = Path(module.__file__).read_bytes()
    path = module.__name__.replace(".", "/") + ".py"
    source = Source(path, hashlib.sha256(file).hexdigest(), file.decode())
    targets: dict[int, tuple[Target, ...]] = {}
    for function in ast.walk(ast.parse(source.text)):
        if isinstance(function, ast.FunctionDef):
            targets |= _targets_of(function)
    return Reading(source, targets)


@contextmanager
def traced(module: ModuleType) -> Iterator[list[Assigned]]:
    """Trace what the module's functions assign when this thread calls them, into the list.

    Only floating-point numbers and arrays are noted. Whatever traced this thread before, such as a
    debugger, does so again afterwards.
    """
    tracer = _Tracer(module)
    before = sys.gettrace()
    sys.settrace(tracer.enter)
    try:
        yield tracer.assigned
    finally:
        sys.settrace(before)


class _Tracer:
    """Notes what is assigned; Python calls it for every function, and for every line of ours."""

    def __init__(self, module: ModuleType) -> None:
        self.assigned: list[Assigned] = []
        self._globals = vars(module)
        self._targets = read_module(module).targets
        self._frames: list[FrameType] = []  # of the calls that are under way
        self._calls = 0

    def enter(self, frame: FrameType, _event: str, _arg: Any) -> Any:
        """Return what to call for each line of the function that is entered; None for others'."""
        if frame.f_globals is not self._globals or frame.f_code.co_name.startswith("<"):
            return None  # <lambda> and the like assign nothing
        call = self._calls
        self._calls += 1
        self._frames.append(frame)
        running: tuple[Target, ...] = ()  # what the line that runs now will have assigned

        # A line is told of before it runs, so what it assigned is there when the next one is told
        # of, or the end. An assignment of several lines is told of several times.
        def step(frame: FrameType, event: str, _arg: Any) -> Any:
            nonlocal running
            if event == "exception":
                running = ()
                return step
            coming = self._targets.get(frame.f_lineno, ()) if event == "line" else ()
            if running is not coming:
                self._note(frame, call, running)
            running = coming
            if event == "return":
                self._frames.pop()
            return step

        return step

    def _note(self, frame: FrameType, call: int, targets: tuple[Target, ...]) -> None:
        for target in targets:
            root, *attributes = target.name.split(".")
            value = frame.f_locals[root]
            for attribute in attributes:
                value = getattr(value, attribute)
            if isinstance(value, float | np.floating | np.ndarray) and (
                np.asarray(value).dtype.kind == "f"
            ):
                copy = np.array(value, np.float64, order="C")
                self.assigned.append(Assigned(target, call, self._layer(), value, copy))

    def _layer(self) -> int | None:
        layers = (frame.f_locals.get(LAYER) for frame in reversed(self._frames))
        return next((layer for layer in layers if isinstance(layer, int)), None)


def _targets_of(function: ast.FunctionDef) -> dict[int, tuple[Target, ...]]:
    """Return for each line of an assignment of a function what it assigns."""
    assignments = _assignments_in(function)
    loops = [
        node
        for node in ast.walk(function)
        if isinstance(node, ast.For)
        and LAYER in {name.id for name in ast.walk(node.target) if isinstance(name, ast.Name)}
    ]
    in_loop = {node for loop in loops for node in _assignments_in(loop)}
    names_in_loop = {name for node in in_loop for name, _ in _assigned_by(node)}
    names_outside = {
        name for node in assignments if node not in in_loop for name, _ in _assigned_by(node)
    }
    kept_in = dict(filter(None, map(_kept_by, assignments)))
    targets: dict[int, tuple[Target, ...]] = {}
    for node in assignments:
        is_reference = isinstance(node, ast.Assign) and isinstance(
            node.value, ast.Name | ast.Attribute | ast.Subscript
        )
        of_node = tuple(
            Target(
                name,
                line,
                function.name,
                is_reference,
                name in names_in_loop & names_outside,
                kept_in.get(name),
            )
            for name, line in _assigned_by(node)
        )
        targets |= dict.fromkeys(range(node.lineno, (node.end_lineno or node.lineno) + 1), of_node)
    return targets


Assignment = ast.Assign | ast.AnnAssign | ast.AugAssign


def _assignments_in(parent: ast.AST) -> list[Assignment]:
    return [
        node
        for node in ast.walk(parent)
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign) and node.value is not None
    ]


def _assigned_by(node: Assignment) -> list[tuple[str, int]]:
    """Return each name that an assignment assigns, and its line: z, or parameters.theta.

    Of ``a, b = …`` both; of what is written into an array, ``a[:] = …``, none.
    """
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return [
        (ast.unparse(name), name.lineno)
        for target in targets
        for name in (target.elts if isinstance(target, ast.Tuple) else [target])
        if isinstance(name, ast.Name | ast.Attribute)
    ]


def _kept_by(node: Assignment) -> tuple[str, str] | None:
    """Return a name and the list of arrays that keeps its value, if the assignment puts it there.

    Of ``gradient.weights[layer][:] = C_over_weights``: C_over_weights, gradient.weights.
    """
    match node:
        case ast.Assign(
            targets=[ast.Subscript(ast.Subscript(array, ast.Name(index)), ast.Slice())],
            value=ast.Name(name),
        ) if index == LAYER:
            return name, ast.unparse(array)
    return None
