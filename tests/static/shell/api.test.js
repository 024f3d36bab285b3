import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";
import { ApiError, api, wordsOf } from "../../../static/shell/api.js";

afterEach(() => mock.restoreAll());

/** Answers every call. @param {number} status @param {unknown} body @param {HeadersInit} [headers] */
const answerWith = (status, body, headers) =>
  mock.method(globalThis, "fetch", async () => Response.json(body, { status, headers }));

/** @returns {Promise<ApiError>} what a call ends with */
async function refusal() {
  try {
    await api.runs();
  } catch (error) {
    if (error instanceof ApiError) return error;
  }
  throw new Error("it was not refused");
}

test("the server's own words are told", async () => {
  answerWith(429, { detail: "try again later" }, { "Retry-After": "10" });
  const error = await refusal();
  assert.equal(wordsOf(error), "try again later");
  assert.deepEqual([error.status, error.retryAfter, error.rest], [429, 10, "try again later"]);
});

test("what is wrong with fields of the form is told with them, and apart", async () => {
  const detail = [
    { loc: ["body", "hidden", 0], msg: "too wide" },
    { loc: ["body", "hidden", 0], msg: "not a name either" },
    { loc: ["body", "name"], msg: "too long" },
  ];
  answerWith(422, { detail });
  const error = await refusal();
  assert.equal(wordsOf(error), "too long too wide");
  assert.deepEqual(error.fields, { hidden: "too wide" });
  assert.equal(error.rest, "too long");
});

test("an error without words is told, too", async () => {
  answerWith(422, { detail: [] });
  const error = await refusal();
  assert.equal(error.rest, "The server did not accept this.");
  assert.equal(wordsOf(error), error.rest);
});

test("a server that is away is told", async () => {
  mock.method(globalThis, "fetch", () => Promise.reject(new TypeError()));
  assert.equal(wordsOf(await refusal()), "The server does not answer.");
});

test("a fault of the page is no answer of the server", () => {
  assert.throws(() => wordsOf(new TypeError("a fault")), /a fault/);
});

test("a run can begin paused and instead of another", async () => {
  const { mock: asked } = answerWith(201, {});
  await api.create({});
  await api.create({}, { paused: true });
  await api.create({}, { paused: true, insteadOf: "a b" });
  assert.deepEqual(
    asked.calls.map(({ arguments: [address] }) => address),
    ["/api/runs", "/api/runs?paused=true", "/api/runs?paused=true&instead_of=a+b"],
  );
});
