import assert from "node:assert/strict";
import { test } from "node:test";
import { axesOf, isBrushed, nearest } from "../../../static/sweep/axes.pure.js";
import { askedFor, PRESETS, valuesOf } from "../../../static/sweep/setup.pure.js";
import {
  bestOf,
  emptyView,
  figuresOf,
  hear,
  nameOf,
  standingOf,
  timeText,
} from "../../../static/sweep/sweep.pure.js";
import { SPEC } from "../examples.js";

/** @import { Member, Sweep } from "../../../static/sweep/sweep.pure.js" */

/** @param {string} id @param {Partial<Member>} [changes] @returns {Member} */
const member = (id, changes) => ({
  id,
  varied: { learning_rate: 0.1 },
  status: "training",
  reason: null,
  epoch: 0,
  cost: null,
  test_cost: null,
  test_accuracy: null,
  parameters: 10,
  steps: 20,
  seconds: 1,
  ...changes,
});

/** @param {Partial<Sweep>} [changes] @returns {Sweep} */
const sweepOf = (changes) => ({
  id: "s",
  name: null,
  yours: true,
  status: "training",
  reason: null,
  base: SPEC,
  vary: { learning_rate: [0.1, 1] },
  search: "grid",
  at_once: 2,
  rungs: [],
  estimated_seconds: 3,
  runs: [member("a"), member("b")],
  ...changes,
});

/** @param {number} epoch @param {number} test_accuracy */
const figures = (epoch, test_accuracy) => ({
  epoch,
  cost: 1,
  accuracy: 0.5,
  test_cost: 1,
  test_accuracy,
});

test("news are taken in: epochs, states, and runs that are added", () => {
  const view = emptyView();
  hear(view, { type: "epoch", run: "a", ...figures(1, 0.1) }); // of what is not known yet
  hear(view, { type: "hello", sweep: sweepOf(), epochs: { a: [figures(1, 0.2)] } });
  hear(view, { type: "epoch", run: "a", ...figures(2, 0.4) });
  hear(view, { type: "epoch", run: "b", ...figures(1, 0.3) });
  hear(view, { type: "runs", runs: [member("c")] });
  hear(view, { type: "status", run: "b", status: "stopped", reason: "3rd of 3" });
  hear(view, { type: "status", sweep: "s", status: "paused", reason: null });
  assert.equal(view.sweep?.status, "paused");
  assert.deepEqual(
    view.sweep?.runs.map(({ id, status, epoch, reason }) => [id, status, epoch, reason]),
    [
      ["a", "training", 2, null],
      ["b", "stopped", 1, "3rd of 3"],
      ["c", "training", 0, null],
    ],
  );
  assert.equal(figuresOf(view, "a")?.test_accuracy, 0.4);
  assert.equal(figuresOf(view, "a", 1)?.test_accuracy, 0.2);
  assert.equal(figuresOf(view, "a", 0), null);
  assert.deepEqual(
    bestOf(view, 5).map(({ id }) => id),
    ["a", "b"],
  );
  view.epoch = 1;
  assert.deepEqual(
    bestOf(view, 1).map(({ id }) => id),
    ["b"],
  );
});

test("a sweep is told in words", () => {
  const runs = [member("a"), member("b", { status: "finished" })];
  assert.equal(standingOf(sweepOf({ runs })), "Training: 1 of 2 runs have ended, 1 trains.");
  const paused = sweepOf({ runs, status: "paused", reason: "nobody watched" });
  assert.equal(standingOf(paused), "Paused: 1 of 2 runs have ended. Nobody watched.");
  assert.equal(
    nameOf(member("a", { varied: { batch_size: 1024, hidden: [16, 16] } })),
    "batch size 1,024, hidden 16–16",
  );
  assert.deepEqual([0.2, 30, 600, 7200, null].map(timeText), [
    "about 1 s",
    "about 30 s",
    "about 10 min",
    "about 2.0 h",
    "no end of its own",
  ]);
});

test("an axis has the scale of its field", () => {
  const [rate, hidden, listed, few] = axesOf(
    sweepOf({
      vary: {
        learning_rate: { from: 0.01, to: 100, scale: "log", count: 5 },
        hidden: [[], [16]],
        batch_size: [8, 512],
        momentum: [0, 0.5, 1],
      },
    }),
  );
  assert.deepEqual(
    [rate, hidden, listed, few].map(({ isLog }) => isLog),
    [true, false, true, false],
  );
  assert.ok(Math.abs(Number(rate.place(1)) - 0.5) < 1e-9);
  assert.equal(few.place(0.5), 0.5);
  assert.ok(Number(hidden.place([])) < Number(hidden.place([16])));
  assert.equal(hidden.place([32]), null);
  assert.equal(hidden.ticks[0].text, "none");
});

test("a run is chosen if it is between all brushes", () => {
  /** @type {Record<string, number>} */
  const places = { a: 0.5, b: 0.9 };
  const placeOf = (/** @type {string} */ field) => places[field] ?? null;
  assert.ok(isBrushed({}, placeOf));
  assert.ok(isBrushed({ a: [0.4, 0.6] }, placeOf));
  assert.ok(!isBrushed({ a: [0.4, 0.6], b: [0, 0.5] }, placeOf));
  assert.ok(!isBrushed({ c: [0, 1] }, placeOf));
});

test("the nearest point is found, if one is near", () => {
  const points = [
    { x: 0, y: 0, of: "a" },
    { x: 10, y: 0, of: "b" },
  ];
  assert.equal(nearest(points, { x: 7, y: 1 }), "b");
  assert.equal(nearest(points, { x: 500, y: 1 }), null);
});

test("what is typed becomes values or a range", () => {
  assert.deepEqual(valuesOf("learning_rate", "0.1, 1,10"), [0.1, 1, 10]);
  assert.deepEqual(valuesOf("learning_rate", "0.01 .. 10 log 7"), {
    from: 0.01,
    to: 10,
    scale: "log",
    count: 7,
  });
  assert.deepEqual(valuesOf("l2", "0..1"), { from: 0, to: 1, scale: "linear" });
  assert.deepEqual(valuesOf("hidden", "16, 16; none; 8"), [[16, 16], [], [8]]);
  assert.deepEqual(valuesOf("activation", "relu, tanh"), ["relu", "tanh"]);
  assert.deepEqual(valuesOf("activation", "relu, tanh; relu"), [["relu", "tanh"], "relu"]);
  assert.deepEqual(valuesOf("batch_size", "32, full"), [32, "full"]);
  assert.deepEqual(valuesOf("augment", "true, false"), [true, false]);
  assert.deepEqual(valuesOf("seed", "x"), ["x"]); // the server says what is wrong
});

test("a sweep is asked for at full speed, and every preset varies something", () => {
  const asked = askedFor(
    { epochs: 3, steps_per_second: 60 },
    { seed: "1, 2" },
    { search: "grid", runs: "" },
  );
  assert.deepEqual(asked, {
    base: { epochs: 3, steps_per_second: null },
    vary: { seed: [1, 2] },
    search: "grid",
    runs: null,
  });
  for (const { vary } of Object.values(PRESETS)) {
    const { vary: values } = askedFor({}, vary, { search: "grid", runs: "5" });
    assert.ok(Object.values(values).every((each) => !Array.isArray(each) || each.length > 1));
  }
});
