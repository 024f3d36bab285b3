import assert from "node:assert/strict";
import { test } from "node:test";
import { LESSONS } from "../../../static/tour/lessons.js";
import { queryWithStep, stepOfQuery } from "../../../static/tour/tour.pure.js";
import { filledIn } from "../../../static/tour/words.pure.js";

for (const [query, step] of /** @type {[string, number | null][]} */ ([
  ["", null],
  ["?tour=1", 1],
  ["?seed=1&tour=12", 12],
  ["?tour=", null],
  ["?tour=0", null],
  ["?tour=13", 13],
  ["?tour=1.5", null],
  ["?tour=x", null],
])) {
  test(`"${query}" asks for ${step === null ? "no step" : `step ${step}`}`, () => {
    assert.equal(stepOfQuery(query), step);
  });
}

test("the step stands in the query, and the rest stays as it is", () => {
  assert.equal(queryWithStep("", 2), "?tour=2");
  assert.equal(queryWithStep("?hidden=&seed=a%26b", 2), "?hidden=&seed=a%26b&tour=2");
  assert.equal(queryWithStep("?tour=2&seed=1", 3), "?seed=1&tour=3");
  assert.equal(queryWithStep("?tour=2", null), "");
  for (let step = 1; step <= 12; step += 1) {
    assert.equal(stepOfQuery(queryWithStep("?seed=1", step)), step);
  }
});

test("each lesson has a title of its own, one or two short paragraphs, and something to try", () => {
  assert.equal(new Set(LESSONS.map(({ title }) => title)).size, LESSONS.length);
  for (const { title, words, attempt } of LESSONS) {
    assert.ok(words.length === 1 || words.length === 2, title);
    for (const text of words) assert.ok(text.split(" ").length <= 75, `${title}: ${text}`);
    assert.ok(attempt.length > 40, title);
  }
  const all = LESSONS.flatMap(({ words, attempt }) => [...words, attempt]).join(" ");
  const minutes = all.split(" ").length / 200; // read slowly, with a little to do in each
  assert.ok(minutes > 5 && minutes < 10, `${minutes}`);
});

test("a lesson has the numbers of the network that is open", () => {
  const images = { shape: [4, 5], class_names: ["a", "b"], drawing: "whole", ground: "dark" };
  const run = /** @type {any} */ ({ parameters: 1234, images, spec: { optimizer: "sgd" } });
  assert.equal(
    filledIn("{rows} × {columns} = {pixels}, {outputs} outputs, {parameters} knobs", run),
    "4 × 5 = 20, 2 outputs, 1,234 knobs",
  );
  for (const { title, words, attempt } of LESSONS)
    assert.doesNotMatch(filledIn([title, ...words, attempt].join(" "), run), /[{}]|NaN|undefined/);
  assert.equal(filledIn("{parameters}", null), "13,002");
});

/** @param {object} spec @param {object} [rest] @returns {any} a run */
const runOf = (spec, rest) => ({ spec: { optimizer: "sgd", learning_rate: 1, ...spec }, ...rest });

test("of the cost it is said what the open network's looks at", () => {
  for (const [spec, words] of /** @type {[object, RegExp][]} */ ([
    [{ cost: "squared-error", output: "softmax" }, /squares/],
    [{ cost: "cross-entropy", output: "softmax" }, /one of them alone, that of the right class/],
    [{ cost: "cross-entropy", output: "sigmoid" }, /a term for each output/],
  ]))
    assert.match(filledIn("{cost}", runOf(spec)), words);
});

test("it is said whose rate the point is, and why the training cost may be the higher one", () => {
  const adam = { optimizer: "adam", learning_rate: 0.004, augment: false, dropout: 0 };
  const shipped = runOf(adam, { pretrained: true, id: "pretrained" });
  assert.match(filledIn("{point}", shipped), /began with, 0.00400 by adam; the rate in the form/);
  assert.match(
    filledIn("{point}", runOf(adam)),
    /rate of this run, whose steps, by adam, are other/,
  );
  assert.equal(filledIn("{point}", runOf({})), "The point is the rate of this run.");
  assert.match(filledIn("{solid}", shipped), /drawn again.*larger network’s answers: so it lies/);
  const large = { ...shipped, id: "pretrained-large" };
  assert.doesNotMatch(filledIn("{solid}", large), /larger network/);
  assert.match(filledIn("{solid}", runOf({ dropout: 0.2 })), /with neurons left out: so it may/);
  assert.match(filledIn("{solid}", runOf({})), /went on\.$/);
});
