/**
 * A walk: what by_hand.py did with one image, line by line, and all numbers of it. Layers count from
 * 0 here, as in the file; −1 stands for the inputs.
 *
 * @typedef {object} Step an assignment that ran
 * @property {string} function
 * @property {number} line from 1
 * @property {number | null} layer
 * @property {string} name as the line has it
 * @property {string} tensor that holds what was assigned
 *
 * @typedef {object} Walk
 * @property {string} run the id
 * @property {Map<string, Tensor>} tensors
 * @property {Step[]} steps
 * @property {{ file: string, sha256: string, text: string }} source
 * @property {number} digit what the network read
 * @property {number} truth the class that the cost is about
 * @property {number} rate the learning rate
 * @property {number} trained the steps that the network was trained for
 * @property {number[][]} shapes (neurons, inputs) of each layer
 * @property {string[]} functions the name of each layer's function
 * @property {string} cost its name
 * @property {string} output the name of the last layer's function
 * @property {[number, number]} imageShape rows and columns
 * @property {string[]} classes
 */

import { indexOf } from "../network/neuron.pure.js";
import { layersOf, readFile } from "../network/safetensors.pure.js";
import { countOf } from "../network/theta.pure.js";
import { pictureShape, pixelPlace } from "../runs/images.pure.js";

/**
 * @import { LayerTensors } from "../network/model.pure.js"
 * @import { Pointed } from "../network/neuron.pure.js"
 * @import { Numbers, Tensor } from "../network/safetensors.pure.js"
 */

/**
 * @param {string} run
 * @param {ArrayBuffer} file as the server sends it
 * @param {{ shape: number[] | null, class_names: string[] }} images what the network reads
 * @returns {Walk}
 */
export function walkOf(run, file, { shape, class_names }) {
  const { tensors, metadata } = readFile(file);
  const layers = layersOf({ ...NO_FRAME, tensors }, "weights");
  const truth = tensors.get("truth")?.values ?? [];
  const walk = {
    run,
    tensors,
    steps: JSON.parse(metadata.steps),
    source: JSON.parse(metadata.source),
    digit: Number(metadata.digit),
    truth: Array.from(truth).indexOf(1),
    rate: Number(metadata.learning_rate),
    trained: Number(metadata.step),
    shapes: layers.map(({ weights }) => weights.shape),
    functions: [...JSON.parse(metadata.activation), metadata.output],
    cost: metadata.cost,
    output: metadata.output,
    imageShape: pictureShape(layers[0].weights.shape[1], shape),
    classes: class_names,
  };
  tensors.set("gradient.theta", flat(walk));
  return walk;
}

const NO_FRAME = { epoch: 0, step: 0, examples: 0, descent: null, batch: null };

/** The whole gradient as one vector, laid out as θ. @param {Pick<Walk, "tensors" | "shapes">} walk @returns {Tensor} */
function flat({ tensors, shapes }) {
  const values = new Float64Array(countOf(shapes));
  let at = 0;
  for (const layer of shapes.keys()) {
    for (const kind of ["weights", "biases"]) {
      const part = tensors.get(`gradient.${kind}.${layer}`)?.values ?? [];
      values.set(part, at);
      at += part.length;
    }
  }
  return { shape: [values.length], values };
}

/** @param {Walk} walk @param {string} name @returns {Numbers} the numbers of a tensor */
export function numbersOf(walk, name) {
  const tensor = walk.tensors.get(name);
  if (!tensor) throw new Error(`the walk has no ${name}`);
  return tensor.values;
}

/** The network's parameters, as the walk found them. @param {Walk} walk @returns {LayerTensors[]} */
export function parametersOf(walk) {
  return layersOf({ ...NO_FRAME, tensors: walk.tensors }, "weights");
}

/** The number of the last layer. @param {Walk} walk */
export const lastLayer = (walk) => walk.shapes.length - 1;

/** What a layer's neurons take in: the inputs, or the activations of the layer before. @param {number} layer */
export const inputName = (layer) => (layer <= 0 ? "x" : `activations.${layer - 1}`);

/** One number of a matrix of the walk. @param {Walk} walk @param {string} name @param {number} row @param {number} column */
export function cellOf(walk, name, row, column) {
  const columns = walk.tensors.get(name)?.shape[1] ?? 1;
  return numbersOf(walk, name)[row * columns + column];
}

/** @param {Walk} walk @param {Pointed} parameter @returns {{ value: number, slope: number, index: number }} slope: ∂C/∂θ */
export function parameterOf(walk, parameter) {
  const { layer, neuron, cell } = parameter;
  const of = (/** @type {string} */ prefix) =>
    cell === null
      ? numbersOf(walk, `${prefix}biases.${layer}`)[neuron]
      : cellOf(walk, `${prefix}weights.${layer}`, neuron, cell);
  return { value: of(""), slope: of("gradient."), index: indexOf(walk.shapes, parameter) };
}

/**
 * How a neuron, an output or an input is written as an index: #6 is 6, the output of a class is its
 * name, a pixel its row and column. All count from 1.
 * @param {Walk} walk
 * @param {number} layer −1: the inputs
 * @param {number} index
 */
export function subscriptOf(walk, layer, index) {
  if (layer === lastLayer(walk)) return walk.classes[index] ?? String(index);
  if (layer >= 0) return String(index + 1);
  const [rows, columns] = walk.imageShape;
  if (rows === 1) return String(index + 1);
  return `${Math.floor(index / columns) + 1},${(index % columns) + 1}`;
}

/** A neuron in words: "neuron 6 of layer 1", "the output for 7", "the pixel in row 14, column 9". @param {Walk} walk @param {number} layer @param {number} index */
export function neuronWords(walk, layer, index) {
  const name = subscriptOf(walk, layer, index);
  if (layer === lastLayer(walk)) return `the output for ${name}`;
  if (layer >= 0) return `neuron ${name} of layer ${layer + 1}`;
  const [rows, columns] = walk.imageShape;
  return rows === 1 ? `input ${name}` : `the pixel in ${pixelPlace(index, columns)}`;
}

/** A layer in words. @param {Walk} walk @param {number} layer */
export function layerWords(walk, layer) {
  if (layer < 0) return "the image";
  return layer === lastLayer(walk) ? "the outputs" : `layer ${layer + 1}`;
}
