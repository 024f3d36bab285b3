import assert from "node:assert/strict";
import { test } from "node:test";
import { textsOf } from "../../../static/form/fields.pure.js";
import { PRESETS, presetOf, textsOfPreset } from "../../../static/form/presets.pure.js";
import { SPEC } from "../examples.js";

const START = { ...textsOf({ ...SPEC, epochs: 30 }), learning_rate: "null" };

for (const name of Object.keys(PRESETS)) {
  test(`the preset "${name}" is known by its texts, at any pace`, () => {
    const texts = { ...textsOfPreset(name, START), steps_per_second: "7" };
    assert.equal(presetOf({ ...texts, hidden: texts.hidden.replaceAll(" ", "") }, START), name);
  });
}

test("the start is no preset", () => {
  assert.equal(presetOf(START, START), null);
});
