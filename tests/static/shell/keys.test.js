import assert from "node:assert/strict";
import { test } from "node:test";
import { keyOf } from "../../../static/shell/keys.pure.js";

for (const [layout, key, code, meant] of [
  ["English", "s", "KeyS", "s"],
  ["English with CapsLock", "S", "KeyS", "s"],
  ["Dvorak", "s", "Semicolon", "s"],
  ["French", "a", "KeyQ", "a"],
  ["Russian", "ы", "KeyS", "s"],
  ["Greek", "σ", "KeyS", "s"],
  ["Greek with CapsLock", "Σ", "KeyS", "s"],
  ["Hebrew", "ד", "KeyS", "s"],
  ["Arabic", "س", "KeyS", "s"],
  ["Arabic", "؟", "Slash", "?"],
  ["Russian", "?", "Digit7", "?"],
  ["Japanese", "\u3000", "Space", " "],
  ["any", " ", "Space", " "],
  ["any", "Escape", "Escape", "Escape"],
  ["German", "ß", "Minus", "ß"],
]) {
  test(`${key} at ${code} on a keyboard that is ${layout} is ${meant}`, () => {
    assert.equal(keyOf({ key, code }), meant);
  });
}
