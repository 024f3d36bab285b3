import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { notTooOften, oneAtATime } from "../../../static/shell/requests.js";

/** A question that is answered when the test says so. */
function openQuestion() {
  /** @type {string[]} */
  const asked = [];
  /** @type {PromiseWithResolvers<void>[]} */
  const answers = [];
  const ask = oneAtATime(async (/** @type {string} */ about) => {
    asked.push(about);
    const answer = Promise.withResolvers();
    answers.push(answer);
    await answer.promise;
  });
  return { ask, asked, answers };
}

test("one question is open at a time, and the latest of those that come meanwhile follows", async () => {
  const { ask, asked, answers } = openQuestion();
  const done = ask("first");
  await turn();
  ask("second");
  ask("third");
  await turn();
  assert.deepEqual(asked, ["first"]);
  answers[0].resolve();
  await turn();
  assert.deepEqual(asked, ["first", "third"]);
  answers[1].resolve();
  await done;
  ask("fourth");
  await turn();
  assert.deepEqual(asked, ["first", "third", "fourth"]);
});

test("calls of the same moment are one question", async () => {
  const { ask, asked } = openQuestion();
  ask("first");
  ask("second");
  await turn();
  assert.deepEqual(asked, ["second"]);
});

test("a question can ask once more", async () => {
  let left = 3;
  const ask = oneAtATime(async () => {
    left -= 1;
    if (left > 0) ask();
  });
  await ask();
  assert.equal(left, 0);
});

test("who asks is told of a failure, and can ask again", async () => {
  const { ask, asked, answers } = openQuestion();
  const done = ask("first");
  await turn();
  answers[0].reject(new Error("no"));
  await assert.rejects(done, /no/);
  ask("second");
  await turn();
  assert.deepEqual(asked, ["first", "second"]);
});

test("what is asked for often is done once after the pause", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  let done = 0;
  const act = notTooOften(() => {
    done += 1;
  }, 100);
  act();
  mock.timers.tick(99);
  act();
  assert.equal(done, 0);
  mock.timers.tick(1);
  assert.equal(done, 1);
  mock.timers.tick(1000);
  assert.equal(done, 1);
  act();
  mock.timers.tick(100);
  assert.equal(done, 2);
  mock.timers.reset();
});
