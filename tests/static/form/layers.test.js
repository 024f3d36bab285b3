import assert from "node:assert/strict";
import { test } from "node:test";
import {
  inserted,
  layersOf,
  nextWidth,
  textsOfLayers,
  withChange,
} from "../../../static/form/layers.pure.js";

test("texts become layers", () => {
  assert.deepEqual(layersOf("32 x", "relu"), [
    { neurons: "32", activation: "relu" },
    { neurons: "x", activation: "relu" },
  ]);
});

for (const [hidden, activation, backHidden, backActivation] of [
  ["[32,16]", "relu", "32, 16", "relu"],
  ["8, 8", "tanh, relu", "8, 8", "tanh, relu"],
  ["8, 8, 4", "tanh, relu", "8, 8, 4", "tanh, relu, relu"],
  ["", "tanh, relu", "", "tanh"],
  ["", "", "", ""],
  ["8", "", "8", ""],
]) {
  test(`layers become texts again: "${hidden}" with "${activation}"`, () => {
    assert.deepEqual(textsOfLayers(layersOf(hidden, activation), activation), {
      hidden: backHidden,
      activation: backActivation,
    });
  });
}

test("one more layer is like the one before it, or the usual one", () => {
  assert.deepEqual(inserted([], 0, "relu"), [{ neurons: "16", activation: "relu" }]);
  assert.deepEqual(inserted([], 0, ""), [{ neurons: "16", activation: "" }]);
  const layers = layersOf("8, 4", "tanh, relu");
  assert.deepEqual(inserted(layers, 0, ""), layersOf("8, 8, 4", "tanh, tanh, relu"));
  assert.deepEqual(inserted(layers, 1, ""), layersOf("8, 8, 4", "tanh, tanh, relu"));
  assert.deepEqual(inserted(layers, 2, ""), layersOf("8, 4, 4", "tanh, relu, relu"));
});

test("one layer is changed, the others are not", () => {
  const changed = withChange(layersOf("8, 4", "relu"), 1, { neurons: "5" });
  assert.deepEqual(changed, layersOf("8, 5", "relu"));
});

test("widths go up and down the same ladder", () => {
  const up = [1];
  while (up[up.length - 1] < 256) up.push(nextWidth(up[up.length - 1], 1));
  const down = [up[up.length - 1]];
  while (down[down.length - 1] > 1) down.push(nextWidth(down[down.length - 1], -1));
  assert.deepEqual(up, down.toReversed());
  for (const width of [15, 16, 20, 24, 32, 40, 64, 128, 256]) assert.ok(up.includes(width));
});

for (const [width, direction, next] of /** @type {[number, 1 | -1, number][]} */ ([
  [17, 1, 20],
  [17, -1, 16],
  [NaN, 1, 1],
  [1, -1, 1],
])) {
  test(`the width ${direction > 0 ? "above" : "below"} ${width} is ${next}`, () => {
    assert.equal(nextWidth(width, direction), next);
  });
}
