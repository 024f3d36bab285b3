/**
 * Reads drawings with the page's modules, for tests/nn_core/test_reading_on_the_page.py. Its argument is a
 * folder: `job.json` says what to read, and each answer is a file of 64-bit numbers in it.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { layersOf, parseSafetensors } from "../../static/network/safetensors.pure.js";
import { inputImage } from "../../static/pad/input-image.pure.js";
import { predictionOf } from "../../static/pad/prediction.pure.js";

/**
 * @import { Images } from "../../static/runs/images.pure.js"
 *
 * @typedef {object} Job
 * @property {Images} images
 * @property {number} rows of each drawing; the file `drawings` has a byte for each pixel
 * @property {number} columns
 * @property {Record<string, { activation: string | string[], output: string }>} networks the spec of
 *   each, by the name of its safetensors file
 */

const folder = process.argv[2];

/** @param {string} name */
const bytesOf = (name) => Uint8Array.from(readFileSync(join(folder, name)));

/** @param {string} name @param {number[][]} rows */
const write = (name, rows) =>
  writeFileSync(join(folder, `${name}.read`), Float64Array.from(rows.flat()));

/** @type {Job} */
const { images, rows, columns, networks } = JSON.parse(
  readFileSync(join(folder, "job.json"), "utf-8"),
);
const drawings = bytesOf("drawings");
const size = rows * columns;
const inputs = Array.from({ length: drawings.length / size }, (_, i) => {
  const values = drawings.slice(i * size, (i + 1) * size);
  const image = inputImage({ values, rows, columns }, images);
  if (!image) throw new Error(`drawing ${i} is empty`);
  return image;
});
write("drawings", inputs);
for (const [name, spec] of Object.entries(networks)) {
  const layers = layersOf(parseSafetensors(bytesOf(name).buffer), "weights");
  const predictions = inputs.map((image) => predictionOf(layers, spec, image));
  const numbers = predictions.map(({ digit, activations }) => [digit, ...activations.flat()]);
  write(name, numbers);
}
