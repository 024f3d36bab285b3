import assert from "node:assert/strict";
import { test } from "node:test";
import { tabFor } from "../../../static/shell/tabs.pure.js";

test("the tab that shows an element is opened, or stays open", () => {
  assert.equal(tabFor("curves", "draw"), "curves");
  assert.equal(tabFor("network curves", "curves"), "curves");
  assert.equal(tabFor("network curves", "draw"), "network");
  assert.equal(tabFor("", "draw"), "draw");
});
