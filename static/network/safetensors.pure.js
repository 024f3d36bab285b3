/**
 * Reads a frame or a checkpoint, which are safetensors files: eight bytes with the length of the
 * header, the header as JSON, then the numbers. For an invalid file it throws an Error that says
 * what is wrong.
 */

import { decodeHalves } from "./float16.pure.js";

/**
 * A tensor decodes its values when they are first read, because most frames are replaced unseen.
 * @typedef {Float32Array | Float64Array} Numbers in 64 bits only where the file has them so
 * @typedef {{ shape: number[], readonly values: Numbers }} Tensor
 *
 * @typedef {object} Frame
 * @property {number} epoch
 * @property {number} step
 * @property {Map<string, Tensor>} tensors
 * @property {number} examples that a measured gradient is of; 0 in what a step tells
 * @property {Descent | null} descent the cost along the step, of a run with a low pace
 * @property {Batch | null} batch some of the step's examples, of a run with a low pace
 */

/** @import { Batch, Descent } from "../story/made.pure.js" */

/** @type {Record<string, number>} */
const BYTES = { F16: 2, F32: 4, F64: 8 };

/**
 * @param {ArrayBuffer} buffer
 * @returns {Frame}
 */
export function parseSafetensors(buffer) {
  const { tensors, metadata } = readFile(buffer);
  return {
    epoch: Number(metadata.epoch ?? 0),
    step: Number(metadata.step ?? 0),
    tensors,
    examples: Number(metadata.examples ?? 0),
    descent: JSON.parse(metadata.descent ?? "null"),
    batch: JSON.parse(metadata.batch ?? "null"),
  };
}

/**
 * What is in a file, as it stands there.
 * @param {ArrayBuffer} buffer
 * @returns {{ tensors: Map<string, Tensor>, metadata: Record<string, string> }}
 */
export function readFile(buffer) {
  if (buffer.byteLength < 8) throw new Error("a safetensors file has at least 8 bytes");
  const length = Number(new DataView(buffer).getBigUint64(0, true));
  if (length > buffer.byteLength - 8) throw new Error("the header is longer than the file");
  const text = new TextDecoder().decode(new Uint8Array(buffer, 8, length));
  const header = JSON.parse(text);
  if (header === null || typeof header !== "object") throw new Error("the header is not an object");
  const tensors = new Map();
  for (const [name, entry] of Object.entries(header)) {
    if (name !== "__metadata__") tensors.set(name, readTensor(buffer, 8 + length, name, entry));
  }
  return { tensors, metadata: header.__metadata__ ?? {} };
}

/**
 * @param {ArrayBuffer} buffer
 * @param {number} start where the numbers begin
 * @param {string} name
 * @param {{ dtype: string, shape: number[], data_offsets: number[] }} entry
 * @returns {Tensor}
 */
function readTensor(buffer, start, name, entry) {
  const size = BYTES[entry.dtype];
  if (!size) throw new Error(`${name} has a type that is not read here: ${entry.dtype}`);
  const [from, to] = entry.data_offsets;
  if (!entry.shape.every((side) => Number.isInteger(side) && side >= 0)) {
    throw new Error(`${name} has a shape that can't be: ${entry.shape}`);
  }
  const count = entry.shape.reduce((product, side) => product * side, 1);
  if (!(from >= 0 && to <= buffer.byteLength - start && to - from === count * size)) {
    throw new Error(`${name} does not fit into the file`);
  }
  /** @type {Numbers | null} */
  let values = null;
  return {
    shape: entry.shape,
    get values() {
      if (values) return values;
      const bytes = buffer.slice(start + from, start + to); // a copy: they may be unaligned
      values = decoded(bytes, size);
      return values;
    },
  };
}

/** @param {ArrayBuffer} bytes @param {number} size of a number @returns {Numbers} */
function decoded(bytes, size) {
  if (size === 2) return decodeHalves(new Uint16Array(bytes));
  return size === 4 ? new Float32Array(bytes) : new Float64Array(bytes);
}

/**
 * The weights and biases of each layer, or their gradients.
 * @param {Frame | null} frame
 * @param {"weights" | "gradient"} kind
 * @returns {{ weights: Tensor, biases: Tensor }[]}
 */
export function layersOf(frame, kind) {
  const prefix = kind === "gradient" ? "gradient." : "";
  const layers = [];
  for (let i = 0; frame; i += 1) {
    const weights = frame.tensors.get(`${prefix}weights.${i}`);
    const biases = frame.tensors.get(`${prefix}biases.${i}`);
    if (!weights || !biases || weights.shape.length !== 2) break;
    if (biases.shape[0] !== weights.shape[0]) break;
    layers.push({ weights, biases });
  }
  return layers;
}

/** @typedef {ReturnType<typeof layersOf>} Layers */
