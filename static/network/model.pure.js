/**
 * The numbers that the scene draws, each between −1 and 1: where they are, and where they go. A new
 * frame of the network sets the goal; what is drawn approaches it, so that nothing jumps.
 *
 * @typedef {{ weights: { shape: number[], values: Float32Array },
 *   biases: { values: Float32Array } }} LayerTensors
 *
 * @typedef {object} LayerModel
 * @property {number} neurons
 * @property {number} inputs of each neuron
 * @property {Int32Array} shown which neuron each place of the scene shows
 * @property {Float32Array} values a row for each place: what is drawn
 * @property {Float32Array} goal
 * @property {Float32Array} lights of the places, 0 … 1: how active the neuron is
 * @property {Float32Array} lightsGoal
 * @property {number} scale the number that is drawn as 1
 */

import { scaleOf } from "../shell/colour.pure.js";

/** Below this a change can't be seen: half a step of the colours. */
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
 * Sets where a layer's values go: its numbers, times what each is multiplied with, on a scale on
 * which the strong ones are 1.
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
 * Moves everything a share of its way.
 * @param {LayerModel[]} layers
 * @param {number} share 0 … 1
 * @returns {boolean} whether all has arrived
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
 * @param {Float32Array} values are changed
 * @param {Float32Array} goal
 * @param {number} share
 * @returns {number} how far the farthest still is
 */
export function approach(values, goal, share) {
  let farthest = 0;
  for (let i = 0; i < values.length; i += 1) {
    const way = goal[i] - values[i];
    if (way > -SETTLED && way < SETTLED) values[i] = goal[i];
    else if (share < 1 && way > -1e6 && way < 1e6) {
      values[i] += share * way;
      farthest = Math.max(farthest, Math.abs(way) * (1 - share));
    } else values[i] = goal[i]; // or not a number: there is no way to there
  }
  return farthest;
}

/**
 * The share of its way that a value goes in so many milliseconds.
 * @param {number} milliseconds
 */
export function shareOf(milliseconds) {
  return 1 - Math.exp(-Math.max(0, milliseconds) / 90);
}

/**
 * Brings a neuron into the scene, at the place of the one that was there.
 * @param {LayerModel} model
 * @param {number} neuron
 * @param {number} place
 * @returns {number} the neuron that made room
 */
export function swapIn(model, neuron, place) {
  const before = model.shown[place];
  model.shown[place] = neuron;
  return before;
}
