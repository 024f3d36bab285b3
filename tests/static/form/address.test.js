import assert from "node:assert/strict";
import { test } from "node:test";
import {
  addressOf,
  insideOf,
  isInside,
  queryOf,
  runOfPath,
  textsOfQuery,
} from "../../../static/form/address.pure.js";
import { draftOf, FIELD_NAMES, textsOf } from "../../../static/form/fields.pure.js";
import { SPEC } from "../examples.js";
import { generator, oneOf, wholeNumber } from "../random.js";

/** @import { Spec } from "../../../static/form/fields.pure.js" */

const START = textsOf({ ...SPEC, steps_per_second: 60, epochs: 30 });

test("an address and its form agree", () => {
  const texts = { ...START, hidden: "", activation: "tanh, relu", epochs: "", seed: "a&b=c" };
  const query = queryOf(texts, START);
  assert.equal(query, "?hidden=&activation=tanh,relu&epochs=null&seed=a%26b%3Dc");
  assert.deepEqual({ ...START, ...textsOfQuery(query) }, { ...texts, activation: "tanh,relu" });
});

test("what an address does not know it leaves out", () => {
  assert.deepEqual(textsOfQuery("?nonsense=1&__proto__=2&hidden=3"), { hidden: "3" });
  assert.equal(queryOf(START, START), "");
});

test("any experiment comes back from its address", () => {
  const random = generator(1);
  const activations = ["sigmoid", "tanh", "relu"];
  for (let i = 0; i < 1000; i += 1) {
    const hidden = Array.from({ length: wholeNumber(random, 0, 3) }, () =>
      wholeNumber(random, 1, 99),
    );
    /** @type {Spec} */
    const spec = {
      ...SPEC,
      hidden,
      activation:
        hidden.length > 1 && random() < 0.5
          ? hidden.map(() => oneOf(random, activations))
          : oneOf(random, activations),
      learning_rate: Number(random().toPrecision(2)),
      batch_size: oneOf(random, ["full", wholeNumber(random, 1, 999)]),
      epochs: oneOf(random, [null, 30, wholeNumber(random, 1, 999)]),
      steps_per_second: oneOf(random, [null, 60, 0.5]),
      augment: random() < 0.5,
      train_examples: oneOf(random, [null, wholeNumber(random, 1, 999)]),
      extra_dataset: oneOf(random, [null, "my-drawings", "a b & c=%?#"]),
      seed: wholeNumber(random, 0, 2 ** 32 - 1),
    };
    const query = queryOf(textsOf(spec), START);
    assert.deepEqual(draftOf({ ...START, ...textsOfQuery(query) }), spec);
  }
});

test("only fields that differ from the start stand in the address", () => {
  for (const name of FIELD_NAMES) {
    const query = queryOf({ ...START, [name]: "7" }, START);
    assert.equal(query, `?${name}=7`);
  }
});

for (const [path, run] of /** @type {const} */ ([
  ["/", null],
  ["/runs/abc", "abc"],
  ["/runs/a%2Fb/", "a/b"],
  ["/runs/%", "%"],
  ["/runs/a/b", null],
])) {
  test(`the path ${path} ${run === null ? "names no run" : `is of the run ${run}`}`, () => {
    assert.equal(runOfPath(path), run);
  });
}

test("a run's address leads back to it", () => {
  assert.equal(addressOf(null, "?seed=1"), "/?seed=1");
  assert.equal(addressOf("a/b", "?seed=1"), "/runs/a%2Fb?seed=1");
  assert.equal(runOfPath(addressOf("a/b ü%", "")), "a/b ü%");
});

test("the inside of a run has an address of its own, which names the run", () => {
  assert.equal(insideOf("a/b"), "/runs/a%2Fb/inside");
  assert.equal(runOfPath(insideOf("a/b ü%")), "a/b ü%");
  assert.ok(isInside(insideOf("x")) && isInside("/runs/x/inside/"));
  assert.ok(!isInside("/runs/x") && !isInside("/") && !isInside("/runs/inside"));
  assert.equal(runOfPath("/runs/inside"), "inside");
});
