import assert from "node:assert/strict";
import { test } from "node:test";
import { doubled, halved } from "../../../static/form/batch.pure.js";

for (const [text, examples, next] of /** @type {const} */ ([
  ["1", 2048, "2"],
  ["32", 2048, "64"],
  ["33", 2048, "64"],
  ["1024", 2048, "full"],
  ["2048", 2048, "full"],
  ["full", 2048, "full"],
  ["x", 2048, "1"],
  ["4096", Infinity, "8192"],
])) {
  test(`the batch size after ${text} is ${next}, of ${examples} examples`, () => {
    assert.equal(doubled(text, examples), next);
  });
}

for (const [text, examples, next] of /** @type {const} */ ([
  ["full", 2000, "1024"],
  ["9999", 2000, "1024"],
  ["32", 2000, "16"],
  ["33", 2000, "32"],
  ["1", 2000, "1"],
  ["x", 2000, "1"],
  ["full", Infinity, "full"],
])) {
  test(`the batch size before ${text} is ${next}, of ${examples} examples`, () => {
    assert.equal(halved(text, examples), next);
  });
}

for (const examples of [1, 2, 3, 300, 2000, 2048, 4000, 60_000]) {
  test(`up to full and back again, of ${examples} examples`, () => {
    const up = ["1"];
    while (up[up.length - 1] !== "full") up.push(doubled(up[up.length - 1], examples));
    const down = ["full"];
    while (down[down.length - 1] !== "1") down.push(halved(down[down.length - 1], examples));
    assert.deepEqual(down.toReversed(), examples === 1 ? ["1", "full"] : up);
  });
}
