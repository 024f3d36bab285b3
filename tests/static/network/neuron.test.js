import assert from "node:assert/strict";
import { test } from "node:test";
import {
  activationName,
  formulaOfA,
  formulaOfZ,
  indexOf,
  neuronOutput,
  nudgeWords,
} from "../../../static/network/neuron.pure.js";
import { assertClose } from "../examples.js";

// Made once, by nn_core in double precision:
//   network = Network([4, 3, 2], activation, output, "cross-entropy", dtype=np.float64)
//   network.parameters.theta[:] = np.sin(np.arange(23))
//   hidden, outputs = network.forward(np.array([[0.2, -0.4, 1.0, 0.7]]))
const INPUTS = [0.2, -0.4, 1.0, 0.7];
/** @type {[activation: string, output: string, hidden: number[], outputs: number[]][]} */
const FORWARD = [
  [
    "sigmoid",
    "sigmoid",
    [0.533678956227428, 0.6969574989318275, 0.44512625396320077],
    [0.6353182350927971, 0.5252775682878151],
  ],
  [
    "tanh",
    "sigmoid",
    [0.13410736793030728, 0.6820040862485176, -0.2168827374102989],
    [0.7182956852428698, 0.4488422866497392],
  ],
  [
    "relu",
    "sigmoid",
    [0.13492012054399516, 0.8328513685345371, 0.0],
    [0.6647672429436073, 0.5036626444925836],
  ],
  [
    "leaky-relu",
    "sigmoid",
    [0.13492012054399516, 0.8328513685345371, -0.002203826445520182],
    [0.6652392458645446, 0.503159674724627],
  ],
  [
    "identity",
    "sigmoid",
    [0.13492012054399516, 0.8328513685345371, -0.22038264455201817],
    [0.7102270871278747, 0.45349816337492843],
  ],
  [
    "sigmoid",
    "softmax",
    [0.533678956227428, 0.6969574989318275, 0.44512625396320077],
    [0.6115671354605836, 0.38843286453941644],
  ],
  [
    "tanh",
    "softmax",
    [0.13410736793030728, 0.6820040862485176, -0.2168827374102989],
    [0.7579315862857853, 0.24206841371421473],
  ],
  [
    "relu",
    "softmax",
    [0.13492012054399516, 0.8328513685345371, 0.0],
    [0.6614944355762264, 0.33850556442377355],
  ],
  [
    "leaky-relu",
    "softmax",
    [0.13492012054399516, 0.8328513685345371, -0.002203826445520182],
    [0.6624187679688452, 0.3375812320311548],
  ],
  [
    "identity",
    "softmax",
    [0.13492012054399516, 0.8328513685345371, -0.22038264455201817],
    [0.7470676442933353, 0.2529323557066648],
  ],
];

for (const [activation, output, hidden, outputs] of FORWARD) {
  test(`the page computes what the network computes: ${activation}, then ${output}`, () => {
    const theta = Array.from({ length: 23 }, (_, i) => Math.sin(i));
    /** @param {number} start @param {number} end */
    const part = (start, end) => theta.slice(start, end);
    for (const [weights, biases, inputs, name, truth] of /** @type {const} */ ([
      [part(0, 12), part(12, 15), INPUTS, activation, hidden],
      [part(15, 21), part(21, 23), hidden, output, outputs],
    ])) {
      for (const [neuron, a] of truth.entries()) {
        assertClose(neuronOutput(weights, biases, neuron, inputs, name).a, a);
      }
    }
  });
}

test("a function that is not known is an error", () => {
  assert.throws(() => neuronOutput([2], [1], 0, [3], "step"), /step/);
});

for (const [layer, neuron, cell, index] of /** @type {const} */ ([
  // where nn_core's views into θ lead: np.argmax(theta) after weights[layer][neuron, cell] = 1
  [0, 3, 17, 2369],
  [0, 3, null, 12_547],
  [1, 9, 2, 12_706],
  [1, 9, null, 12_729],
])) {
  test(`a parameter is found in θ: layer ${layer}, neuron ${neuron}, cell ${cell}`, () => {
    const shapes = [
      [16, 784],
      [10, 16],
    ];
    assert.equal(indexOf(shapes, { layer, neuron, cell }), index);
  });
}

test("each layer has its function's name", () => {
  const one = { output: "softmax", activation: "tanh" };
  const list = { output: "softmax", activation: ["relu", "tanh"] };
  assert.deepEqual(
    [one, list, undefined].map((spec) => [0, 1].map((layer) => activationName(spec, layer, false))),
    [
      ["tanh", "tanh"],
      ["relu", "tanh"],
      ["", ""],
    ],
  );
  assert.deepEqual(
    [activationName(one, 2, true), activationName(undefined, 2, true)],
    ["softmax", ""],
  );
});

test("a formula has its numbers in it", () => {
  assert.equal(formulaOfZ({ sum: 1.5, z: 1.25 }), "z = Σ wₖ·xₖ + b\n  = 1.50 − 0.250 = 1.25");
  assert.equal(formulaOfZ({ sum: -1, z: 1 }), "z = Σ wₖ·xₖ + b\n  = −1.00 + 2.00 = 1.00");
  const formulas = ["sigmoid", "tanh", "relu", "leaky-relu", "identity", "softmax"].map((name) =>
    formulaOfA({ z: -2, a: 0.5 }, name),
  );
  assert.deepEqual(formulas, [
    "a = σ(−2.00) = 0.500",
    "a = tanh(−2.00) = 0.500",
    "a = max(0, −2.00) = 0.500",
    "a = max(−2.00, 0.01 · −2.00) = 0.500",
    "a = z = −2.00 = 0.500",
    "a = eᶻ ÷ Σ eᶻ of all outputs = 0.500",
  ]);
});

test("a nudge is foretold in words", () => {
  assert.equal(nudgeWords(0, "bias"), "Nudging this bias would not change the cost.");
  assert.equal(nudgeWords(-2, "weight"), "Raising it by 0.1 changes the cost by about −0.200.");
});
