import assert from "node:assert/strict";
import { test } from "node:test";
import { textsOfQuery } from "../../../static/form/address.pure.js";
import { setupOf, TASKS, taskOf } from "../../../static/lesson/tasks.pure.js";

test("a link names a task, and the task sets the page up", () => {
  assert.equal(taskOf("?lesson=2")?.number, 2);
  for (const query of ["", "?lesson=0", "?lesson=5", "?lesson=x"])
    assert.equal(taskOf(query), null);
  assert.equal(textsOfQuery(setupOf("?lesson=3", null)).train_examples, "200");
  assert.equal(textsOfQuery(setupOf("?lesson=1", 7)).seed, "7");
  assert.equal(setupOf("?epochs=3", 7), "?epochs=3");
  assert.deepEqual(
    TASKS.map(({ number }) => number),
    [1, 2, 3, 4],
  );
});
