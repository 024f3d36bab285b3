import assert from "node:assert/strict";
import { test } from "node:test";
import {
  blocksOf,
  functionAt,
  lineAt,
  notTaken,
  tokensOf,
} from "../../../static/inside/source.pure.js";
import { TEXT, walkNamed } from "./walks.js";

test("the function around each step's line is found, whole", () => {
  for (const { function: name, line } of walkNamed("seed").steps) {
    const part = functionAt(TEXT, line);
    assert.equal(part.name, name);
    assert.match(lineAt(TEXT, part.from), new RegExp(`^def ${name}`));
    assert.match(lineAt(TEXT, part.to), /^ {4}/);
    assert.ok(part.from < line && line <= part.to);
  }
});

test("comments and docstrings are prose, the rest is code, and nothing is lost", () => {
  const { line } = walkNamed("seed").steps[12];
  const blocks = blocksOf(TEXT, functionAt(TEXT, line));
  const prose = blocks.filter((block) => block.kind === "prose");
  assert.match(prose[0].paragraphs[0], /^The cost of this example, and how sensitive/);
  assert.ok(prose.every(({ paragraphs }) => paragraphs.every((words) => !/"""|#/.test(words))));
  const code = blocks.filter((block) => block.kind === "code");
  for (const { line: number, text } of code) assert.ok(lineAt(TEXT, number).includes(text));
  const remarked = code.find(({ remark }) => remark.includes("activations[0] is x"));
  assert.equal(remarked?.text, "activations_previous_layer = activations[layer]");
});

test("a docstring of one line, and code after it", () => {
  const text = 'def f(x):\n    """Say it."""\n    y = x  # why\n\n\nz = 1\n';
  assert.deepEqual(functionAt(text, 3), { name: "f", from: 1, to: 3 });
  assert.deepEqual(
    blocksOf(text, { name: "f", from: 1, to: 3 }).map((block) =>
      block.kind === "prose" ? block.paragraphs : [block.text, block.remark],
    ),
    [["def f(x):", ""], ["Say it."], ["y = x", "why"]],
  );
});

test("a line's tokens are the line, with its names and their indices", () => {
  const line = "z = parameters.weights[layer] @ activations[-1] + 1";
  const tokens = tokensOf(line);
  assert.equal(tokens.map(({ text }) => text).join(""), line);
  assert.deepEqual(
    tokens.flatMap(({ name, index }) => (name ? [[name, index]] : [])),
    [
      ["z", null],
      ["parameters.weights", "layer"],
      ["layer", null],
      ["activations", "-1"],
    ],
  );
});

test("the branches for other networks are found", () => {
  const taken = (/** @type {string} */ name) => {
    const { steps } = walkNamed(name);
    const blocks = blocksOf(TEXT, functionAt(TEXT, steps[12].line));
    const skipped = notTaken(blocks, steps);
    return blocks.flatMap((block) =>
      block.kind === "code" && !skipped.has(block.line) ? [block.text] : [],
    );
  };
  assert.ok(taken("seed").includes("C_over_activations = 2 * (y_pred - y_true)"));
  assert.ok(!taken("seed").includes("C_over_z = y_pred - y_true"));
  assert.ok(taken("pretrained").includes("C_over_z = y_pred - y_true"));
  assert.ok(!taken("pretrained").some((line) => line.includes("softmax_derivative")));
  assert.ok(taken("mixed").some((line) => line.includes("softmax_derivative")));
});
