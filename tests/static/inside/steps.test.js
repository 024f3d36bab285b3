import assert from "node:assert/strict";
import { test } from "node:test";
import { tensorOf, tensorsOf, touches } from "../../../static/inside/names.pure.js";
import { tokensOf } from "../../../static/inside/source.pure.js";
import {
  groupsOf,
  jumpTo,
  kindOf,
  signOf,
  stepNamed,
  wordsOf,
} from "../../../static/inside/steps.pure.js";
import { LESSONS } from "../../../static/tour/lessons.js";
import { NAMES, walkNamed } from "./walks.js";

test("the steps are in groups: forward, cost, backward, nudge", () => {
  const walk = walkNamed("pretrained");
  assert.deepEqual(
    groupsOf(walk).map(({ phase, layer, count }) => [phase, layer, count]),
    [
      ["forward", 0, 2],
      ["forward", 1, 2],
      ["forward", 2, 2],
      ["cost", null, 3],
      ["backward", 2, 6],
      ["backward", 1, 6],
      ["backward", 0, 6],
      ["nudge", null, 1],
    ],
  );
  assert.equal(
    walk.steps.map((_, i) => signOf(walk, i)).join(" "),
    ["z a z a z a a C ∂a", "z a ∂z ∂W ∂b ∂a", "z a ∂z ∂W ∂b ∂a", "z x ∂z ∂W ∂b ∂x", "θ"].join(" "),
  );
});

test("a layer is jumped to within the phase that is shown", () => {
  const walk = walkNamed("pretrained");
  assert.equal(jumpTo(walk, 0, 1), 2);
  assert.equal(jumpTo(walk, 7, 1), 15);
  assert.equal(jumpTo(walk, 20, 2), 9);
  assert.equal(jumpTo(walk, 20, 5), null);
});

test("each step says what it computes", () => {
  const walk = walkNamed("pretrained");
  assert.equal(wordsOf(walk, 0), "weighted input z of layer 1 = weights · the pixels + biases");
  assert.equal(wordsOf(walk, 1), "activations a of layer 1 = ReLU of z");
  assert.equal(kindOf(walk, 11), "error");
  assert.equal(kindOf(walkNamed("mixed"), 11), "jacobian");
  assert.equal(kindOf(walkNamed("seed"), 11), "product");
  assert.match(wordsOf(walk, 14), /^∂C\/∂a of layer 2 = ∂C\/∂z of the outputs/);
  assert.match(wordsOf(walk, 22), /^x, the image, is looked up: the way forward has kept it$/);
});

test("a lesson's place is found in every network", () => {
  for (const name of NAMES) {
    const walk = walkNamed(name);
    const last = walk.shapes.length - 1;
    for (const { inside } of LESSONS) {
      if (!inside) continue;
      const { tensor } = walk.steps[stepNamed(walk, inside.step)];
      const hidden = last > 0 ? `activations.${last - 1}` : "x";
      const wanted = inside.step.replace("first", "0").replace("last", String(last));
      assert.equal(tensor, wanted.replace("activations.hidden", hidden), name);
    }
  }
});

test("the names of a line stand for arrays of the walk", () => {
  const walk = walkNamed("pretrained");
  assert.deepEqual(tensorsOf(walk, 0), ["z.0", "weights.0", "x", "biases.0"]);
  assert.deepEqual(tensorsOf(walk, 2), ["z.1", "weights.1", "activations.0", "biases.1"]);
  assert.deepEqual(tensorsOf(walk, 7), ["cost", "z.2", "truth"]);
  assert.deepEqual(tensorsOf(walk, 14), ["C_over_activations.1", "C_over_z.2", "weights.2"]);
  assert.deepEqual(tensorsOf(walk, 24), ["gradient.weights.0", "C_over_z.0", "x"]);
  assert.deepEqual(tensorsOf(walk, 27), ["parameters.theta", "gradient.theta"]);
  const [token] = tokensOf("np.outer(C_over_z)");
  assert.equal(tensorOf(walk, 24, token), null);
});

test("marks touch where one is part of the other", () => {
  const row = { tensor: "weights.0", row: 2, column: null };
  assert.ok(touches(row, { tensor: "weights.0", row: 2, column: 5 }));
  assert.ok(touches(row, { tensor: "weights.0", row: null, column: 5 }));
  assert.ok(!touches(row, { tensor: "weights.0", row: 3, column: 5 }));
  assert.ok(!touches(row, { tensor: "weights.1", row: 2, column: 5 }));
  assert.ok(!touches(row, null));
});
