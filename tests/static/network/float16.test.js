import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeHalves } from "../../../static/network/float16.pure.js";

test("every half-precision number is decoded as Node's own Float16Array does", () => {
  const halves = Uint16Array.from({ length: 65536 }, (_, bits) => bits);
  const expected = new Float16Array(halves.buffer);
  assert.deepEqual(Array.from(decodeHalves(halves)), Array.from(expected));
});

test("nothing is decoded to nothing", () => {
  assert.equal(decodeHalves(new Uint16Array(0)).length, 0);
});
