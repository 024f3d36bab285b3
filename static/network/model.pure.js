/**
 * The numbers that the scene draws, each between −1 and 1, as they are drawn and as they will be. A
 * new frame of the network sets the goal, and the drawn numbers approach it, so that nothing jumps.
 *
 * @typedef {{ weights: { shape: number[], values: Numbers }, biases: { values: Numbers } }} LayerTensors
 *
 * @typedef {object} LayerModel
 * @property {number} neurons
 * @property {number} inputs of each neuron
 * @property {Int32Array} shown which neuron each place of the scene shows
 * @property {Float32Array} values a row for each place, as it is drawn
 * @property {Float32Array} goal the values that are approached
 * @property {Float32Array} lights 0 … 1 for each place: how active its neuron is
 * @property {Float32Array} lightsGoal
 * @property {number} scale the magnitude that is drawn as 1
 */

import { scaleOf } from "../shell/colour.pure.js";

/** @import { Numbers } from "./safetensors.pure.js" */

/** Smaller differences can't be seen: half a step of the colours. */
const SETTLED = 1 / 510;

/**
 * @param {number[][]} shapes (neurons, inputs) of each layer
 * @param {number[]} samples how many neurons of each are shown
 * @returns {LayerModel[]}
 */
export function createModel(shapes, samples) {
  return shapes.map(([neurons, inputs], i) => ({
    neurons,
    inputs,
    shown: Int32Array.from({ length: samples[i] }, (_, place) => place),
    values: new Float32Array(samples[i] * inputs),
    goal: new Float32Array(samples[i] * inputs),
    lights: new Float32Array(samples[i]),
    lightsGoal: new Float32Array(samples[i]),
    scale: 0,
  }));
}

/**
 * Sets a layer's goal from its tensors, scaled so that the strong values are about 1.
 * @param {LayerModel} model
 * @param {LayerTensors | undefined} tensors
 * @param {number} sign
 * @param {ArrayLike<number> | null} factors one for each input, or null
 */
export function aim(model, tensors, sign, factors) {
  const { inputs, shown, goal } = model;
  if (!tensors) {
    goal.fill(0);
    return;
  }
  const { values } = tensors.weights;
  for (let place = 0; place < shown.length; place += 1) {
    const from = shown[place] * inputs;
    const to = place * inputs;
    for (let k = 0; k < inputs; k += 1) {
      goal[to + k] = sign * values[from + k] * (factors ? factors[k] : 1);
    }
  }
  model.scale = scaleOf(goal);
  for (let i = 0; i < goal.length; i += 1) goal[i] /= model.scale;
}

/**
 * Moves all values towards their goals by a share of the difference.
 * @param {LayerModel[]} layers
 * @param {number} share 0 … 1
 * @returns {boolean} whether all have reached them
 */
export function approachAll(layers, share) {
  let farthest = 0;
  for (const { values, goal, lights, lightsGoal } of layers) {
    farthest = Math.max(
      farthest,
      approach(values, goal, share),
      approach(lights, lightsGoal, share),
    );
  }
  return farthest < SETTLED;
}

/**
 * @param {Float32Array} values changed in place
 * @param {Float32Array} goal
 * @param {number} share
 * @returns {number} the largest difference that is left
 */
export function approach(values, goal, share) {
  let farthest = 0;
  for (let i = 0; i < values.length; i += 1) {
    const way = goal[i] - values[i];
    if (way > -SETTLED && way < SETTLED) values[i] = goal[i];
    else if (share < 1 && way > -1e6 && way < 1e6) {
      values[i] += share * way;
      farthest = Math.max(farthest, Math.abs(way) * (1 - share));
    } else values[i] = goal[i]; // also if one is not a number, which can't be approached
  }
  return farthest;
}

/**
 * The share of the difference that a value moves in this time.
 * @param {number} milliseconds
 */
export function shareOf(milliseconds) {
  return 1 - Math.exp(-Math.max(0, milliseconds) / 90);
}

/**
 * Brings a neuron into the scene, in the place of another one.
 * @param {LayerModel} model
 * @param {number} neuron
 * @param {number} place
 * @returns {number} the neuron that was there
 */
export function swapIn(model, neuron, place) {
  const before = model.shown[place];
  model.shown[place] = neuron;
  return before;
}
