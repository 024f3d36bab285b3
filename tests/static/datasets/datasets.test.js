import assert from "node:assert/strict";
import { test } from "node:test";
import {
  classesOf,
  complaintOfDataset,
  datasetsOf,
  progressOf,
} from "../../../static/datasets/datasets.pure.js";
import { DIGITS } from "../examples.js";

const KNOWN = datasetsOf([
  { name: "digits-5k", available: true, input_shape: [28, 28], classes: 10 },
  { name: "mnist", available: false, download_bytes: 11_594_722 },
  {
    name: "kmnist",
    available: false,
    class_names: ["o", "ki"],
    classes: 2,
    download: { status: "downloading", bytes: 5_000_000, total_bytes: 20_000_000 },
  },
  { name: "table", input_shape: [1, 30], classes: 2 },
]);

test("what the server leaves out of a data set is filled in", () => {
  const [bare] = datasetsOf([{ name: "bare", classes: 2.5 }]);
  assert.deepEqual(bare, {
    name: "bare",
    title: "bare",
    licence: null,
    examples: 0,
    training_examples: null,
    shape: null,
    drawing: "whole",
    classes: DIGITS,
    yours: false,
    shared: false,
    here: true,
    size: null,
    download: null,
    missing: null,
  });
  const full = { ...bare, title: "Bare", licence: "MIT", examples: 50, training_examples: 40 };
  assert.deepEqual(datasetsOf([full]), [full]);
});

test("what is no data set is left out", () => {
  assert.deepEqual(datasetsOf([null, 7, {}, { name: 7 }]), []);
  assert.deepEqual(datasetsOf({ detail: "no" }), []);
});

for (const [name, complaint] of /** @type {const} */ ([
  ["digits-5k", null],
  ["mnist", "mnist is not here yet: download it first."],
  ["kmnist", "kmnist is not here yet: it is being downloaded."],
  ["none", "This server has no data set none."],
])) {
  test(`whether ${name} can be trained with`, () => {
    assert.equal(complaintOfDataset(KNOWN, name), complaint);
  });
}

test("nothing is said of data sets before they are known", () => {
  assert.equal(complaintOfDataset([], "mnist"), null);
});

test("how far a download is", () => {
  const [bare, mnist, kmnist] = KNOWN;
  assert.deepEqual(progressOf(kmnist), { share: 0.25, words: "5 MB of 20 MB" });
  assert.deepEqual(progressOf(mnist), { share: 0, words: "0 MB of 12 MB" });
  assert.deepEqual(progressOf(bare), { share: 0, words: "0 MB of 0 MB" });
});

test("a data set's classes have names", () => {
  assert.deepEqual(classesOf(KNOWN, "kmnist"), ["o", "ki"]);
  assert.deepEqual(classesOf(KNOWN, "table"), ["0", "1"]);
  assert.deepEqual(classesOf(KNOWN, "none"), DIGITS);
});
