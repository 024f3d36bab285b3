import assert from "node:assert/strict";
import { test } from "node:test";
import { layout } from "../../../static/charts/layout.pure.js";

test("the numbers along an axis need no inline styles, however large they are", () => {
  const { xaxis, yaxis } = layout(
    [0, 10],
    { range: [0, 1e30] },
    [],
    { width: 400, height: 150 },
    "light",
  );
  assert.deepEqual([xaxis.exponentformat, yaxis.exponentformat], ["e", "e"]);
});
