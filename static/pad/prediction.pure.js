/**
 * What a network reads on the pad, texts about it, and which networks and data sets are asked.
 *
 * @typedef {{ digit: number, confidence: number }} Opinion the answer of a second network
 *
 * @typedef {object} Prediction
 * @property {number} digit
 * @property {number} confidence
 * @property {number[]} outputs one for each class
 * @property {number[][]} activations one list for each layer
 * @property {number[]} image what the network saw, 0–1, row by row
 *
 * @typedef {object} Picture an image of the network's kind that was put on the pad
 * @property {number[]} image its pixels, 0–1, row by row
 * @property {number[] | null} [shape] its rows and columns, where it is not square
 * @property {string} about what it is and where it comes from, in words
 * @property {number} [label] its class, if it has one
 */

import { findDataset } from "../datasets/datasets.pure.js";
import { forward } from "../network/forward.pure.js";
import { areDigits, DIGITS } from "../runs/images.pure.js";

/**
 * @import { Dataset } from "../datasets/datasets.pure.js"
 * @import { LayerTensors } from "../network/model.pure.js"
 * @import { Stroke } from "./stroke.pure.js"
 */

const PRETRAINED = ["pretrained-large", "pretrained"];

/**
 * @param {LayerTensors[]} layers of the network
 * @param {{ output?: unknown, activation?: unknown } | undefined} spec of its run
 * @param {number[]} image
 * @returns {Prediction}
 */
export function predictionOf(layers, spec, image) {
  const activations = forward(layers, spec, image);
  const outputs = activations[activations.length - 1];
  const digit = outputs.reduce((best, output, i) => (output > outputs[best] ? i : best), 0);
  return { digit, confidence: outputs[digit], outputs, activations, image };
}

/**
 * The second network to ask: none if it is the one that is shown.
 * @param {string} chosen "" is none
 * @param {string} watched the run that is shown
 * @returns {string}
 */
export function secondReader(chosen, watched) {
  return chosen === watched ? (PRETRAINED.find((name) => name !== watched) ?? "") : chosen;
}

/**
 * The second network's answer in words.
 * @param {string} reader the network's name; "" is none
 * @param {Opinion | null} opinion
 * @returns {string}
 */
export function opinionWords(reader, opinion) {
  if (!reader || !opinion) return "";
  return `${opinion.digit} (${opinion.confidence.toFixed(2)})`;
}

/**
 * @param {number} label
 * @param {string[]} classes their names
 * @returns {string} with its article, where it is a digit
 */
export function nameOf(label, classes) {
  const name = classes[label] ?? String(label);
  if (!DIGITS.includes(name)) return name;
  return name === "8" ? "an 8" : `a ${name}`;
}

/**
 * The class of what is on the pad, where it is known: of a test digit without ink over it, and of a
 * digit that the page writes.
 * @param {{ strokes: Stroke[], picture: Picture | null }} state
 * @returns {number | null}
 */
export function truthOf({ strokes, picture }) {
  if (strokes.length === 0) return picture?.label ?? null;
  const { digit } = strokes[0];
  if (digit === undefined || picture) return null;
  return strokes.every((stroke) => stroke.digit === digit) ? digit : null;
}

/**
 * The text about an example on the pad.
 * @param {number} label
 * @param {string[]} classes
 * @param {string} origin
 * @returns {string}
 */
export function truthWords(label, classes, origin) {
  return `It is ${nameOf(label, classes)} (${origin}).`;
}

/**
 * The data set that test digits are taken from. It is the run's own; if that is not here yet and
 * holds digits, it is the embedded one.
 * @param {Dataset[]} datasets as far as they are known
 * @param {string} name the run's
 * @returns {string}
 */
export function testSource(datasets, name) {
  const own = findDataset(datasets, name);
  return own && !own.here && areDigits(own.classes) ? "digits-5k" : name;
}
