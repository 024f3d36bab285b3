import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  CATEGORIES,
  categoryAt,
  categoryDash,
  categoryOfRun,
  categoryStyle,
} from "../../../static/charts/colours.pure.js";

const COUNT = CATEGORIES.light.length;

test("the sheet has the colours that Plotly draws with", () => {
  const sheet = readFileSync(new URL("../../../static/charts/charts.css", import.meta.url), "utf8");
  const found = [...sheet.matchAll(/--category-(\d): (#\w+);/g)];
  const expected = [...CATEGORIES.light, ...CATEGORIES.dark].map((colour, i) => [
    String(1 + (i % COUNT)),
    colour,
  ]);
  assert.deepEqual(
    found.map(([, number, colour]) => [number, colour]),
    expected,
  );
});

test("colours repeat with dashes, so that no two of the first lines look the same", () => {
  const looks = Array.from({ length: 4 * COUNT }, (_, i) =>
    [categoryAt(i, "dark"), categoryDash(i)].join(),
  );
  assert.equal(new Set(looks).size, looks.length);
  assert.equal(categoryDash(COUNT - 1), "");
  assert.equal(categoryStyle(COUNT), categoryStyle(0));
});

test("the first run has the first colour", () => {
  assert.deepEqual(
    [1, 2, 7].map((number) => categoryOfRun({ number })),
    [0, 1, 6],
  );
});
