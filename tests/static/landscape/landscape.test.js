import assert from "node:assert/strict";
import { test } from "node:test";
import { areAlike, figureOf, turned, wordsOf } from "../../../static/landscape/landscape.pure.js";
import { curveOf, frameOf, placed, reachedAt } from "../../../static/landscape/learned.pure.js";
import { runWith } from "../examples.js";

/** @type {import("../../../static/landscape/landscape.pure.js").Landscape} */
const FOUND = {
  plane: "path",
  examples: 1000,
  alphas: [0, 1],
  betas: [0, 1, 2],
  costs: [
    [1, 2, 3],
    [4, 5, null],
  ],
  path: [{ epoch: 3, alpha: 0.5, beta: 1, cost: 1.5, plane_cost: 2.5 }],
  with_path: null,
  explained: [0.75, 0.125],
};

test("Plotly gets a row for each β, and the path with the plane's costs where it is turned", () => {
  assert.deepEqual(turned(FOUND.costs), [
    [1, 4],
    [2, 5],
    [3, null],
  ]);
  const flat = figureOf(FOUND, null, "light").traces;
  assert.deepEqual(
    flat.map(({ type }) => type),
    ["contour", "scatter"],
  );
  const [surface, path] = figureOf(FOUND, 45, "dark").traces;
  assert.equal(surface.type, "surface");
  assert.deepEqual([path.x, path.y, path.z], [[0.5], [1], [2.5]]);
  const two = figureOf({ ...FOUND, with_path: FOUND.path }, null, "light").traces;
  assert.equal(two.length, 3);
});

test("it says how far the picture can be trusted, and what it is measured on", () => {
  assert.match(wordsOf(FOUND), /^87.5% of the path’s variance lies in this plane/);
  assert.match(wordsOf(FOUND), /1,000 training digits/);
  assert.match(wordsOf({ ...FOUND, plane: "walk" }), /the walk’s variance/);
});

test("curves and points fit their drawings", () => {
  const epochs = [0, 1, 4].map((epoch, i) => ({
    epoch,
    accuracy: 0,
    accuracies: [i / 2, null],
  }));
  assert.equal(curveOf(epochs, 0), "M2.0 38.0L50.0 20.0L98.0 2.0");
  assert.equal(curveOf([], 0), "");
  assert.equal(reachedAt(epochs, 0, 0.5), 1);
  assert.equal(reachedAt(epochs, 1, 0.5), null);
  const frame = { low: [0, 0], high: [10, 10] };
  assert.deepEqual(placed([[5, 10]], frame, { width: 100, height: 50 }), [[50, 0]]);
  const around = frameOf([
    [0, 0],
    [10, 1],
  ]);
  assert.ok(around.low[0] < 0 && around.high[1] > 1);
});

test("two runs lie on one plane if their networks are alike, whatever they learn from", () => {
  const run = runWith();
  assert.ok(areAlike(run, runWith({ id: "b" }, { seed: 1, dataset: "mnist" })));
  assert.ok(!areAlike(run, runWith({}, { activation: "relu" })));
  assert.ok(!areAlike(run, runWith({ parameters: 7 })));
});
