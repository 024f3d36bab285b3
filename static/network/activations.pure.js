/**
 * The activation functions, each once: how it is computed, written and drawn, and its name in PyTorch.
 * The server knows them from nn_core/activations.py; one that is missing here is an error.
 */

const LEAK = 0.01; // the slope of leaky ReLU for negative z, as in nn_core/activations.py

/**
 * @typedef {object} Activation
 * @property {(z: number) => number} of
 * @property {(z: string) => string} formula of a, for z as a text
 * @property {[number | null, number | null]} range least and largest a; null: unbounded
 * @property {string} torch
 */

/** @type {Record<string, Activation>} */
const ACTIVATIONS = {
  sigmoid: {
    of: (z) => 1 / (1 + Math.exp(-z)),
    formula: (z) => `σ(${z})`,
    range: [0, 1],
    torch: "nn.Sigmoid()",
  },
  tanh: {
    of: Math.tanh,
    formula: (z) => `tanh(${z})`,
    range: [-1, 1],
    torch: "nn.Tanh()",
  },
  relu: {
    of: (z) => Math.max(0, z),
    formula: (z) => `max(0, ${z})`,
    range: [0, null],
    torch: "nn.ReLU()",
  },
  "leaky-relu": {
    of: (z) => Math.max(z, LEAK * z),
    formula: (z) => `max(${z}, ${LEAK} · ${z})`,
    range: [0, null], // drawn as ReLU: what is below 0 is hardly anything
    torch: `nn.LeakyReLU(${LEAK})`,
  },
  identity: {
    of: (z) => z,
    formula: (z) => `z = ${z}`,
    range: [null, null],
    torch: "nn.Identity()",
  },
};

/** @param {string} name "" as long as no run is known @returns {Activation} */
export function activation(name) {
  const found = ACTIVATIONS[name || "identity"];
  if (!found) throw new Error(`the page does not know the activation ${name}`);
  return found;
}

/**
 * How active each neuron of a layer is, 0 … 1.
 * @param {number[]} activations
 * @param {string} name of the activation function, or of the output's
 * @returns {number[]}
 */
export function lightOf(activations, name) {
  const [least, largest] = name === "softmax" ? [0, 1] : activation(name).range;
  const low = least ?? Math.min(0, ...activations);
  const high = largest ?? Math.max(low + 1e-6, ...activations);
  return activations.map((a) => Math.max(0, Math.min(1, (a - low) / (high - low))));
}
