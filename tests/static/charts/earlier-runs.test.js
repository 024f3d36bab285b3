import assert from "node:assert/strict";
import { test } from "node:test";
import { EARLIER, pointsOf, readEarlierRuns } from "../../../static/charts/earlier-runs.pure.js";
import { epochWith } from "../examples.js";

const POINT = { epoch: 1, test_cost: 2, test_accuracy: 0.5 };
const RUN = { id: "a", number: 1, name: "Adam", cost: "squared-error", epochs: [POINT] };

/** @param {unknown[]} runs */
const read = (runs) => readEarlierRuns(JSON.stringify(runs));

for (const text of [null, "", "nonsense", "{}", "[1, null, {}]"]) {
  test(`there is no run in ${text === "" ? "nothing" : text}`, () => {
    assert.deepEqual(readEarlierRuns(text), []);
  });
}

test("only whole runs are read back, and of them what is known", () => {
  const epochs = [{ epoch: 1, test_cost: "much", test_accuracy: 0.5, more: 3 }];
  const [kept, ...others] = read([
    { ...RUN, epochs: [] },
    { ...RUN, epochs, name: "x".repeat(500) },
  ]);
  assert.deepEqual(others, []);
  assert.deepEqual(kept.name, "x".repeat(120));
  assert.deepEqual(kept.epochs, [{ epoch: 1, test_cost: null, test_accuracy: 0.5 }]);
});

for (const changes of [
  { id: 1 },
  { name: null },
  { cost: undefined },
  { number: 1.5 },
  { epochs: {} },
  { epochs: [POINT, { epoch: "2" }] },
  { epochs: [POINT, null] },
  { epochs: Array(201).fill(POINT) },
]) {
  test(`a run with ${JSON.stringify(changes).slice(0, 60)} is left out`, () => {
    assert.deepEqual(read([{ ...RUN, ...changes }]), []);
  });
}

test("a figure that is not finite is none", () => {
  const [{ epochs }] = readEarlierRuns(JSON.stringify([RUN]).replace("0.5", "1e999"));
  assert.deepEqual(epochs, [{ ...POINT, test_accuracy: null }]);
});

test("no more runs are read back than are shown", () => {
  assert.equal(read(Array(9).fill(RUN)).length, EARLIER + 1);
});

test("what is kept of a run is read back", () => {
  const epochs = pointsOf(Array.from({ length: 1000 }, (_, i) => epochWith(i + 1)));
  assert.equal(epochs.length, 200);
  const run = { ...RUN, epochs };
  assert.deepEqual(read([run]), [run]);
});
