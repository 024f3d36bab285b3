"""The trace follows the module's text, in its own thread only, and leaves no trace itself."""

import importlib.util
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

import numpy as np
import pytest

from nn_core import by_hand
from nn_core.parameters import Parameters
from nn_core.tracing import traced
from nn_core.walk import Walk
from tests.nn_core.walks import assert_each_line_assigns_its_name, walked

Edit = Callable[[dict[str, str]], ModuleType]
Z = "z = parameters.weights[layer] @ activations[layer] + parameters.biases[layer]"


@pytest.fixture
def edited(tmp_path: Path) -> Edit:
    """Return a function that loads by_hand with some of its text replaced."""

    def load(replaced: dict[str, str]) -> ModuleType:
        text = Path(by_hand.__file__).read_text("utf-8")
        for old, new in replaced.items():
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        file = tmp_path / "edited.py"
        file.write_text(text, "utf-8")
        spec = importlib.util.spec_from_file_location("edited", file)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load


def test_lines_that_move_are_followed(edited: Edit) -> None:
    _, before = walked([5, 4])
    _, found = walked([5, 4], module=edited({"SIGMOIDS = Choices()": "\n\nSIGMOIDS = Choices()"}))
    assert found.source.file == "edited.py"
    assert found.source.sha256 != before.source.sha256
    assert found.steps == [step._replace(line=step.line + 2) for step in before.steps]
    assert all(np.array_equal(found.tensors[name], before.tensors[name]) for name in before.tensors)


def test_another_formula_is_followed(edited: Edit) -> None:
    module = edited(
        {
            "np.sum((y_pred - y_true) ** 2)": "np.sum(3 * (y_pred - y_true) ** 2)",
            "2 * (y_pred - y_true)": "6 * (y_pred - y_true)",
        }
    )
    _, before = walked([5, 4])
    _, found = walked([5, 4], module=module)
    for name in ("cost", "C_over_activations.2", "gradient.weights.0", "C_over_x"):
        np.testing.assert_allclose(found.tensors[name], 3 * before.tensors[name], rtol=1e-12)
    assert found.steps == before.steps


def test_a_new_line_and_one_that_became_several_are_followed(edited: Edit) -> None:
    several = """products = parameters.weights[layer] @ activations[layer]
        z = (
            products
            + parameters.biases[layer]
        )"""
    _, before = walked([5, 4])
    _, found = walked([5, 4], module=edited({Z: several}))
    names = [(step.name, step.tensor) for step in found.steps]
    assert names[:3] == [
        ("products", "products.0"),
        ("z", "z.0"),
        ("activations_this_layer", "activations.0"),
    ]
    assert len(found.steps) == len(before.steps) + 3
    product = before.tensors["weights.1"] @ before.tensors["activations.0"]
    np.testing.assert_allclose(found.tensors["products.1"], product, rtol=1e-12)
    np.testing.assert_allclose(found.tensors["z.1"], before.tensors["z.1"], rtol=1e-12)
    assert_each_line_assigns_its_name(found)


@pytest.mark.parametrize(
    "added", ["z += parameters.biases[layer]", "z = z + parameters.biases[layer]"]
)
def test_what_is_assigned_twice_is_kept_twice(edited: Edit, added: str) -> None:
    twice = f"z = parameters.weights[layer] @ activations[layer]\n        {added}"
    _, before = walked([5, 4])
    _, found = walked([5, 4], module=edited({Z: twice}))
    assert [(step.name, step.tensor) for step in found.steps[:2]] == [("z", "z.0.1"), ("z", "z.0")]
    backward = [step for step in found.steps if step.function == "gradient_one_example"]
    assert [step.tensor for step in backward if step.name == "z"] == ["z.2", "z.1", "z.0"]
    for layer in range(3):
        z, product = found.tensors[f"z.{layer}"], found.tensors[f"z.{layer}.1"]
        np.testing.assert_allclose(z, before.tensors[f"z.{layer}"], rtol=1e-12)
        np.testing.assert_allclose(z - product, before.tensors[f"biases.{layer}"], rtol=1e-9)
    assert_each_line_assigns_its_name(found)


def test_each_thread_traces_its_own_calls() -> None:
    expected = walked([6, 5])[1]
    found: list[Walk] = []
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        found.extend(walked([6, 5])[1] for _ in range(5))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 20
    for one in found:
        assert one.steps == expected.steps
        assert one.tensors.keys() == expected.tensors.keys()
        assert all(
            np.array_equal(one.tensors[name], expected.tensors[name]) for name in one.tensors
        )


def test_a_debugger_goes_on_afterwards() -> None:
    calls = []

    def debugger(frame: FrameType, event: str, _arg: Any) -> None:
        calls.append((frame.f_code.co_name, event))

    before = sys.gettrace()
    sys.settrace(debugger)
    try:
        walked([5, 4])
        after = sys.gettrace()
        with pytest.raises(ZeroDivisionError), traced(by_hand):
            raise ZeroDivisionError
        after_an_error = sys.gettrace()
    finally:
        sys.settrace(before)
    assert after is after_an_error is debugger
    assert ("walked", "call") in calls
    assert ("gradient_one_example", "call") not in calls


def test_a_line_that_fails_assigns_nothing() -> None:
    parameters = Parameters([4, 3])
    with traced(by_hand) as assigned, pytest.raises(ValueError, match="matmul"):
        by_hand.forward_one_example(parameters, np.zeros(5))
    assert assigned == []
