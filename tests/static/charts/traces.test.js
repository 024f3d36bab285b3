import assert from "node:assert/strict";
import { test } from "node:test";
import { CHARTS, epochsSpanned, momentAt } from "../../../static/charts/traces.pure.js";
import { epochWith } from "../examples.js";

/** @import { Shown } from "../../../static/charts/traces.pure.js" */

const [COST, ACCURACY, GRADIENT] = CHARTS;

/** @param {string} id @param {string} cost @param {number} last */
const earlierRun = (id, cost, last) => ({
  id,
  number: 7,
  name: id,
  cost,
  epochs: [2, last].map((epoch) => ({ epoch, test_cost: 1 / epoch, test_accuracy: 0.5 })),
});

/** @type {Shown} */
const SHOWN = {
  epochs: [1, 2, 3].map((epoch) => epochWith(epoch)),
  steps: [],
  planned: 30,
  layers: 2,
  cost: "squared-error",
  earlier: [earlierRun("one", "squared-error", 9), earlierRun("other", "cross-entropy", 12)],
  marked: "one",
  logarithmic: false,
  theme: "light",
};

const SIZE = { width: 380, height: 190 };

/** @param {object} layout @returns {any} */
const read = (layout) => layout;

test("costs are compared with costs of their kind, accuracies with all", () => {
  assert.deepEqual(
    COST.figure(SHOWN, SIZE).traces.map(({ x }) => x),
    [
      [2, 9],
      [1, 2, 3],
      [1, 2, 3],
    ],
  );
  assert.deepEqual(
    ACCURACY.figure(SHOWN, SIZE).traces.map(({ x }) => x),
    [
      [2, 12],
      [2, 9],
      [1, 2, 3],
      [1, 2, 3],
    ],
  );
  assert.deepEqual(epochsSpanned(SHOWN), [0, 12]);
});

test("training and test are told apart by their dashes, the marked run by its width", () => {
  const [marked, training, test] = COST.figure(SHOWN, SIZE).traces;
  assert.deepEqual(
    [marked, training, test].map(({ line }) => line.dash),
    ["solid", "solid", "5px,3px"],
  );
  const [unmarked] = COST.figure({ ...SHOWN, marked: null }, SIZE).traces;
  assert.ok(marked.line.width > unmarked.line.width);
  const [other] = ACCURACY.figure(SHOWN, SIZE).traces;
  assert.ok(other.opacity < marked.opacity);
});

test("an earlier run keeps its colour when another one is forgotten", () => {
  const runs = [1, 2, 3].map((number) => ({
    ...earlierRun(`${number}`, "squared-error", 9),
    number,
  }));
  /** @param {typeof runs} earlier */
  const colours = (earlier) =>
    COST.figure({ ...SHOWN, earlier, marked: null }, SIZE)
      .traces.slice(0, earlier.length)
      .map(({ line }) => line.color);
  const [third, second, first] = colours(runs);
  assert.equal(new Set([first, second, third]).size, 3);
  assert.deepEqual(colours([runs[0], runs[2]]), [third, first]);
});

test("earlier runs are labelled at their lines' ends, by their number where a name is long", () => {
  const long = { ...earlierRun("x".repeat(80), "squared-error", 20), number: 2 };
  const { layout } = ACCURACY.figure({ ...SHOWN, earlier: [SHOWN.earlier[0], long] }, SIZE);
  assert.deepEqual(
    read(layout)
      .annotations.map((/** @type {{ text: string }} */ { text }) => text)
      .sort(),
    ["one", "run 2"],
  );
});

test("few points are marked, since a line needs two", () => {
  assert.equal(COST.figure(SHOWN, SIZE).traces[2].mode, "lines");
  const first = { ...SHOWN, epochs: SHOWN.epochs.slice(0, 1) };
  assert.equal(COST.figure(first, SIZE).traces[2].mode, "lines+markers");
});

test("a logarithmic axis draws nothing where there is no logarithm", () => {
  const epochs = [epochWith(1, { cost: 0 }), epochWith(2, { cost: null }), epochWith(3)];
  const { traces, layout } = COST.figure({ ...SHOWN, epochs, logarithmic: true }, SIZE);
  assert.deepEqual(traces[1].y, [null, null, 1 / 3]);
  assert.equal(read(layout).yaxis.type, "log");
  assert.equal(
    read(ACCURACY.figure({ ...SHOWN, logarithmic: true }, SIZE).layout).yaxis.type,
    undefined,
  );
});

test("the gradient has a line for each layer", () => {
  const { traces, layout } = GRADIENT.figure(SHOWN, SIZE);
  assert.deepEqual(
    traces.map(({ y }) => y),
    [Array(3).fill(0.5), Array(3).fill(0.25)],
  );
  assert.equal(read(layout).yaxis.type, "log");
  assert.equal(new Set(traces.map(({ line }) => line.color)).size, 2);
  assert.deepEqual(
    read(layout).annotations.map((/** @type {{ text: string }} */ { text }) => text),
    ["layer 1", "output"],
  );
  assert.deepEqual(GRADIENT.figure({ ...SHOWN, epochs: [] }, SIZE).traces, []);
});

test("each epoch has its tick while there are few", () => {
  assert.equal(read(COST.figure({ ...SHOWN, earlier: [] }, SIZE).layout).xaxis.dtick, 1);
  assert.equal(read(COST.figure(SHOWN, SIZE).layout).xaxis.dtick, undefined);
});

test("thousands of epochs are thinned", () => {
  const epochs = Array.from({ length: 3000 }, (_, i) => epochWith(i + 1));
  for (const { figure } of CHARTS) {
    for (const { x } of figure({ ...SHOWN, epochs, earlier: [] }, SIZE).traces) {
      assert.ok(x.length <= 500);
      assert.deepEqual([x[0], x[x.length - 1]], [1, 3000]);
    }
  }
});

test("a chart's key says its figures", () => {
  const moment = momentAt(SHOWN, 2);
  /** @param {typeof COST} chart */
  const key = (chart) => chart.keyOf(moment).map(({ name, value }) => [name, value]);
  assert.deepEqual(key(COST), [
    ["training", "0.500"],
    ["test", "1.00"],
  ]);
  assert.deepEqual(key(ACCURACY), [
    ["training", "90.0%"],
    ["test", "80.0%"],
  ]);
  assert.deepEqual(key(GRADIENT), [
    ["1", "0.50"],
    ["out", "0.25"],
  ]);
  const nothing = momentAt({ ...SHOWN, epochs: [] });
  for (const { keyOf } of CHARTS)
    assert.deepEqual(
      keyOf(nothing).map(({ value }) => value),
      ["–", "–"],
    );
});

test("each step's cost is drawn, a mean of them over it, and the test cost of each epoch", () => {
  const steps = [0.1, 0.2, 3.4].map((epoch, i) => ({
    step: i + 1,
    epoch,
    cost: 5 - i,
    smooth: 4.5 - i,
  }));
  const shown = { ...SHOWN, steps, earlier: [] };
  const { traces } = COST.figure(shown, SIZE);
  assert.deepEqual(
    traces.map(({ x, y }) => [x, y]),
    [
      [
        [0.1, 0.2, 3.4],
        [5, 4, 3],
      ],
      [
        [0.1, 0.2, 3.4],
        [4.5, 3.5, 2.5],
      ],
      [
        [1, 2, 3],
        [2, 1, 2 / 3],
      ],
    ],
  );
  assert.deepEqual(epochsSpanned(shown), [0, 3.4]);
  /** @param {number} [epoch] */
  const key = (epoch) => COST.keyOf(momentAt(shown, epoch)).map(({ name, value }) => [name, value]);
  assert.deepEqual(key(), [
    ["batch", "3.00"],
    ["mean", "2.50"],
    ["test", "0.667"],
  ]);
  assert.deepEqual(key(0.25), [
    ["batch", "4.00"],
    ["mean", "3.50"],
    ["test", "–"],
  ]);
  assert.equal(ACCURACY.figure(shown, SIZE).traces.length, 2);
});

test("earlier runs have figures from their first epoch on", () => {
  assert.deepEqual(COST.earlierAt(SHOWN, 1), []);
  assert.deepEqual(COST.earlierAt(SHOWN, 5), [{ name: "run 7: one", value: "0.500" }]);
  assert.deepEqual(ACCURACY.earlierAt(SHOWN, 99), [
    { name: "run 7: one", value: "50.0%" },
    { name: "run 7: other", value: "50.0%" },
  ]);
  assert.deepEqual(GRADIENT.earlierAt(SHOWN, 99), []);
});
