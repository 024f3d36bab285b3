import assert from "node:assert/strict";
import { test } from "node:test";
import {
  countLine,
  epochWords,
  hasEnded,
  hear,
  inOrder,
  isFound,
  lineOf,
  newestOfEach,
  readPictures,
  revealWords,
  stateWords,
  tasksLine,
} from "../../../static/classroom/wall.pure.js";
import { SPEC } from "../examples.js";

/**
 * @import { Point, WallRun } from "../../../static/classroom/wall.pure.js"
 * @import { Status } from "../../../static/runs/run.pure.js"
 */

/** @param {Partial<WallRun>} [changes] @returns {WallRun} */
function wallRun(changes = {}) {
  return {
    id: "a",
    name: null,
    who: "Ada",
    pupil: 1,
    created: "2026-01-01T00:00:00Z",
    status: "training",
    reason: null,
    place: null,
    spec: SPEC,
    epoch: 3,
    step: 30,
    cost: 0.5,
    accuracy: 0.5,
    test_accuracy: 0.5,
    curve: [],
    ...changes,
  };
}

test("news is put together", () => {
  /** @type {Map<string, WallRun>} */
  const runs = new Map();
  /** @type {Point[]} */
  const curve = [
    [1, 2, 0.1],
    [2, 1, 0.5],
  ];
  hear(runs, { gone: [], runs: [wallRun({ epoch: 2, cost: 1, curve }), { id: "b", epoch: 0 }] });
  const heard = hear(runs, { gone: ["b"], runs: [{ id: "a", epoch: 3, cost: 0.5 }] });
  assert.deepEqual(heard, [runs.get("a")]);
  hear(runs, { gone: [], runs: [{ id: "a", status: "paused" }] });
  assert.deepEqual(runs.get("a")?.curve, [...curve, [3, 0.5, 0.5]]);
  for (let epoch = 4; epoch < 1000; epoch += 1) {
    hear(runs, { gone: [], runs: [{ id: "a", epoch, cost: 0.25 }] });
  }
  assert.deepEqual([...runs.keys()], ["a"]);
  const run = runs.get("a");
  assert.equal(run?.status, "paused");
  assert.deepEqual(run?.curve[0], [1, 2, 0.1]);
  assert.deepEqual(run?.curve.at(-1), [999, 0.25, 0.5]);
  assert.ok(run && run.curve.length <= 120);
});

test("those that train stand first", () => {
  /** @type {[id: string, status: Status, second: number][]} */
  const states = [
    ["a", "finished", 1],
    ["b", "training", 2],
    ["c", "queued", 3],
    ["d", "training", 4],
    ["e", "training", 4],
    ["f", "paused", 5],
    ["g", "failed", 6],
  ];
  const runs = states.map(([id, status, second]) =>
    wallRun({ id, status, created: `2026-01-01T00:00:0${second}Z` }),
  );
  assert.equal(
    inOrder(runs)
      .map(({ id }) => id)
      .join(""),
    "edbfcga",
  );
  assert.equal(countLine(runs, 1000), "3 training, 1 paused, 1 waiting in the queue, 1,002 ended");
  assert.equal(runs.filter(hasEnded).length, 2);
});

test("of no runs none trains", () => {
  assert.equal(countLine([], 0), "0 training");
});

for (const [curve, figure, top, line] of /** @type {[Point[], 1 | 2, number, unknown][]} */ ([
  [
    [
      [1, 2, 0],
      [2, null, 0.5],
      [3, 9, 1],
    ],
    1,
    4,
    [[0, 2], null, [10, 0]],
  ],
  [[[5, 1, 0.5]], 2, 1, [[0, 2]]],
  [[], 1, 1, []],
])) {
  test(`a curve of ${curve.length} points fits its box`, () => {
    assert.deepEqual(lineOf(curve, figure, top, { width: 10, height: 4 }), line);
  });
}

for (const [changes, words] of /** @type {[Partial<WallRun>, string][]} */ ([
  [{}, "Training"],
  [{ status: "queued", place: 3 }, "Waiting: number 3 in the queue"],
  [{ status: "queued", place: 3, reason: "it is full" }, "Waiting: it is full"],
  [{ status: "diverged", reason: "After step 3" }, "Diverged: After step 3"],
])) {
  test(`how a run on the wall stands: ${words}`, () => {
    assert.equal(stateWords(wallRun(changes)), words);
  });
}

test("how far a run on the wall is", () => {
  assert.equal(epochWords(wallRun()), "Epoch 3 of 5");
  const endless = { ...SPEC, epochs: null };
  assert.equal(epochWords(wallRun({ epoch: 1200, spec: endless })), "Epoch 1,200");
  assert.equal(epochWords(wallRun({ sweep: { runs: 30, ended: 12 } })), "12 of 30 runs ended");
});

test("pictures are read: their shape, signed bytes, and the run's id", () => {
  const bytes = Uint8Array.of(1, 2, 2, 127, 129, 0, 255, ...new TextEncoder().encode("run-ü"));
  assert.deepEqual(readPictures(bytes.buffer), {
    id: "run-ü",
    count: 1,
    rows: 2,
    columns: 2,
    pixels: Int8Array.of(127, -127, 0, -1),
  });
});

test("each pupil has a tile: of their newest run, live or not", () => {
  const at = (/** @type {number} */ hour) => `2026-01-01T0${hour}:00:00Z`;
  const runs = [
    wallRun({ id: "a1", created: at(1) }),
    wallRun({ id: "a2", created: at(2), status: "finished" }),
    wallRun({ id: "b1", pupil: 2, created: at(1), status: "finished" }),
    wallRun({ id: "b2", pupil: 2, created: at(3), status: "stopped" }),
    wallRun({ id: "c1", pupil: 3, created: at(1) }),
    wallRun({ id: "c2", pupil: 3, created: at(2) }),
  ];
  const ids = newestOfEach(runs).map(({ id }) => id);
  assert.deepEqual(ids.sort(), ["a2", "b2", "c2"]);
});

test("tiles are sorted and found", () => {
  const runs = [
    wallRun({ id: "b", who: "Visitor 10", test_accuracy: 0.2 }),
    wallRun({ id: "a", who: "Visitor 9", test_accuracy: null }),
    wallRun({ id: "c", who: "Zoe", test_accuracy: 0.9, status: "paused" }),
  ];
  const ids = (/** @type {WallRun[]} */ found) => found.map(({ id }) => id).join("");
  assert.equal(ids(inOrder(runs, "name")), "abc");
  assert.equal(ids(inOrder(runs, "accuracy")), "cba");
  assert.equal(ids(runs.filter((run) => isFound(run, " visitor"))), "ba");
  assert.equal(ids(runs.filter((run) => isFound(run, "Paus"))), "c");
});

test("where the pupils are is said", () => {
  assert.equal(tasksLine([]), "");
  assert.equal(tasksLine([{ task: null }]), "1 pupil is here");
  const pupils = [{ task: 1 }, { task: 1 }, { task: 3 }];
  assert.equal(tasksLine(pupils), "3 pupils are here, 2 at task 1, 1 at task 3");
});

test("guesses are shown when the teacher says so, task by task", () => {
  assert.equal(revealWords({ 1: { 0: 2, 3: 1 } }, 0), "Show what was guessed at task 1 (3 so far)");
  assert.equal(revealWords({ 1: { 0: 2 } }, 1), "Hide the guesses");
  assert.match(revealWords({ 1: { 0: 2 }, 2: { 1: 1 } }, 1), /task 2 \(1 so far\)/);
});
