import assert from "node:assert/strict";
import { test } from "node:test";
import { forward } from "../../../static/network/forward.pure.js";
import { assertClose, layersWith } from "../examples.js";

const SHAPES = [
  [2, 2],
  [2, 2],
];
// z = (1·2 − 1·1 + 0.5, −1·2 + 1·1 − 0.5) = (1.5, −1.5), and then each of the two doubled, plus 1
const THETA = [1, -1, -1, 1, 0.5, -0.5, 2, 0, 0, 2, 1, 1];
const INPUTS = [2, 1];
const SIGMOID = 1 / (1 + Math.exp(-1.5));

for (const [
  activation,
  output,
  hidden,
  outputs,
] of /** @type {[string, string, number[], number[]][]} */ ([
  ["identity", "identity", [1.5, -1.5], [4, -2]],
  ["relu", "identity", [1.5, 0], [4, 1]],
  ["leaky-relu", "identity", [1.5, -0.015], [4, 0.97]],
  ["tanh", "identity", [Math.tanh(1.5), -Math.tanh(1.5)], [2.81029650729, -0.81029650729]],
  ["sigmoid", "identity", [SIGMOID, 1 - SIGMOID], [1 + 2 * SIGMOID, 3 - 2 * SIGMOID]],
  ["relu", "sigmoid", [1.5, 0], [1 / (1 + Math.exp(-4)), 1 / (1 + Math.exp(-1))]],
  ["relu", "softmax", [1.5, 0], [1 / (1 + Math.exp(-3)), 1 / (1 + Math.exp(3))]],
])) {
  test(`from the inputs to the outputs: ${activation}, then ${output}`, () => {
    const layers = forward(layersWith(SHAPES, THETA), { activation, output }, INPUTS);
    const expected = [hidden, outputs];
    assert.deepEqual(
      layers.map((layer) => layer.length),
      [2, 2],
    );
    for (const [i, layer] of layers.entries()) {
      for (const [k, a] of layer.entries()) assertClose(a, expected[i][k], 1e-9);
    }
  });
}

test("each hidden layer may have its own activation", () => {
  const layers = layersWith(
    [
      [1, 1],
      [1, 1],
      [1, 1],
    ],
    [-2, 0, 3, 1, 1, 0],
  );
  const spec = { activation: ["identity", "relu"], output: "identity" };
  assert.deepEqual(forward(layers, spec, [1]), [[-2], [0], [0]]);
});

test("without hidden layers the outputs are all there is", () => {
  const layers = layersWith([[2, 1]], [1, 2, 0, 0]);
  assert.deepEqual(forward(layers, { activation: "relu", output: "identity" }, [3]), [[3, 6]]);
});

test("softmax of large numbers does not overflow", () => {
  const layers = layersWith([[2, 1]], [1, 1, 1000, 1000]);
  assert.deepEqual(forward(layers, { output: "softmax" }, [1]), [[0.5, 0.5]]);
});
