import assert from "node:assert/strict";
import { test } from "node:test";
import { indexOf } from "../../../static/network/neuron.pure.js";
import {
  countOf,
  gradientIn,
  nameOf,
  namesOf,
  placeOf,
  shapesOf,
  sumLines,
  valueAt,
} from "../../../static/network/theta.pure.js";
import { DIGITS, frameWith, layersWith, runWith, SHAPES } from "../examples.js";

const NAMES = { inputShape: [28, 28], classes: DIGITS };

for (const [index, name] of /** @type {const} */ ([
  [0, "Weight: row 1, column 1 → layer 1 #1"],
  [10 * 784 + 13 * 28 + 8, "Weight: row 14, column 9 → layer 1 #11"],
  [12_544, "Bias: layer 1 #1"],
  [12_560 + 2 * 16 + 4, "Weight: layer 1 #5 → layer 2 #3"],
  [12_816 + 2, "Bias: layer 2 #3"],
  [12_832 + 7 * 16 + 3, "Weight: layer 2 #4 → output 7"],
  [13_001, "Bias: output 9"],
  [13_002, ""],
])) {
  test(`the parameter ${index} of θ is called "${name}"`, () => {
    assert.equal(nameOf(SHAPES, index, NAMES), name);
  });
}

test("inputs that are no picture are counted", () => {
  const names = { inputShape: [1, 30], classes: ["no", "yes"] };
  assert.equal(nameOf([[2, 30]], 31, names), "Weight: input 2 → output yes");
});

for (const [shapes, lines] of /** @type {[number[][], string[]][]} */ ([
  [SHAPES, ["12,544 + 16", "256 + 16", "160 + 10", "= 13,002"]],
  [
    [[8, 784], ...Array(4).fill([8, 8])],
    ["6,272 + 8", "3 layers: 216", "64 + 8", "= 6,568"],
  ],
])) {
  test(`the parameters of ${shapes.length} layers add up`, () => {
    assert.deepEqual(sumLines(shapes), lines);
  });
}

test("each index of θ has one place, and the place has that index", () => {
  const shapes = [
    [3, 5],
    [2, 3],
    [4, 2],
  ];
  const layers = layersWith(
    shapes,
    Array.from({ length: countOf(shapes) }, (_, i) => i),
  );
  assert.deepEqual(shapesOf(layers), shapes);
  for (let index = 0; index < countOf(shapes); index += 1) {
    const place = placeOf(shapes, index);
    assert.ok(place);
    assert.equal(indexOf(shapes, place), index);
    assert.equal(valueAt(layers, index), index);
  }
  assert.equal(placeOf(shapes, countOf(shapes)), null);
  assert.equal(valueAt(layers, countOf(shapes)), null);
});

test("before the first step there is no gradient", () => {
  const [{ weights, biases }] = layersWith([[1, 2]], [1, 2, 3]);
  const tensors = new Map([
    ["gradient.weights.0", weights],
    ["gradient.biases.0", biases],
  ]);
  assert.deepEqual(gradientIn(null), []);
  assert.deepEqual(gradientIn(frameWith({ step: 0, tensors })), []);
  assert.equal(gradientIn(frameWith({ step: 1, tensors })).length, 1);
  assert.equal(gradientIn(frameWith({ step: 0, examples: 1000, tensors })).length, 1); // measured
});

test("a run's inputs and outputs are called as its data set says", () => {
  const images = { ...runWith().images, shape: [1, 30], class_names: ["no", "yes"] };
  assert.deepEqual(namesOf({ run: runWith({ images }) }), {
    inputShape: [1, 30],
    classes: ["no", "yes"],
  });
});
