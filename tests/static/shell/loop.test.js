import assert from "node:assert/strict";
import { test } from "node:test";
import { createLoop } from "../../../static/shell/loop.js";

/** A loop, and a function that makes the browser's next frames come. */
function loopWithFrames() {
  /** @type {FrameRequestCallback[]} */
  let asked = [];
  globalThis.requestAnimationFrame = (callback) => asked.push(callback);
  return {
    loop: createLoop(),
    /** @param {number} time @returns {number} how many were asked for */
    frame(time) {
      const due = asked;
      asked = [];
      for (const callback of due) callback(time);
      return due.length;
    },
  };
}

test("a view is drawn once in the next frame, however often it asks", () => {
  const { loop, frame } = loopWithFrames();
  /** @type {number[]} */
  const times = [];
  const view = (/** @type {number} */ time) => times.push(time);
  loop.request(view);
  loop.request(view);
  assert.equal(frame(1), 1);
  assert.equal(frame(2), 0);
  assert.deepEqual(times, [1]);
});

test("a view that asks while it is drawn is drawn in the frame after", () => {
  const { loop, frame } = loopWithFrames();
  /** @type {number[]} */
  const times = [];
  const view = (/** @type {number} */ time) => {
    times.push(time);
    if (time < 3) loop.request(view);
  };
  loop.request(view);
  for (const time of [1, 2, 3, 4]) frame(time);
  assert.deepEqual(times, [1, 2, 3]);
});

test("what is prepared comes first, and the views that it makes ask are drawn in the same frame", () => {
  const { loop, frame } = loopWithFrames();
  /** @type {string[]} */
  const done = [];
  const view = () => done.push("drawn");
  loop.request(() => done.push("asked before"));
  loop.prepare(() => {
    done.push("prepared");
    loop.request(view);
  });
  frame(1);
  assert.deepEqual(done, ["prepared", "asked before", "drawn"]);
  assert.equal(frame(2), 0);
});
