/**
 * Walks through small networks, for the tests of what is computed from a walk. Their numbers are in
 * walks.json, which was made once, by nn_core.walk of images of 2 × 3 pixels, one of them dark.
 */

import { readFileSync } from "node:fs";
import { walkOf } from "../../../static/inside/walk.pure.js";

const { source, walks } = JSON.parse(
  readFileSync(new URL("./walks.json", import.meta.url), "utf-8"),
);

/** The names of the networks. @type {string[]} */
export const NAMES = Object.keys(walks);

/** The text that ran. @type {string} */
export const TEXT = source.text;

/** @param {string} name of a network @param {(steps: any[]) => any[]} [edit] what to make of its steps */
export function walkNamed(name, edit = (steps) => steps) {
  const { metadata, steps, tensors } = walks[name];
  const keys = ["function", "line", "layer", "name", "tensor"];
  const objects = steps.map((/** @type {unknown[]} */ step) =>
    Object.fromEntries(step.map((value, i) => [keys[i], value])),
  );
  const texts = { source: JSON.stringify(source), steps: JSON.stringify(edit(objects)) };
  const file = fileOf(tensors, { ...metadata, ...texts });
  return walkOf("run", file, { shape: [2, 3], class_names: ["a", "b", "c"] });
}

/**
 * A safetensors file of numbers in 64 bits.
 * @param {Record<string, { shape: number[], values: number[] }>} tensors
 * @param {Record<string, string>} metadata
 */
function fileOf(tensors, metadata) {
  /** @type {Record<string, unknown>} */
  const header = { __metadata__: metadata };
  let end = 0;
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    header[name] = { dtype: "F64", shape, data_offsets: [end, end + 8 * values.length] };
    end += 8 * values.length;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const file = new Uint8Array(8 + text.length + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  const numbers = Object.values(tensors).flatMap(({ values }) => values);
  file.set(new Uint8Array(new Float64Array(numbers).buffer), 8 + text.length);
  return file.buffer;
}
