/**
 * How a step was made, as the server tells it of slow steps in a frame's metadata.
 *
 * @typedef {object} Descent the cost of the step's batch along its nudge
 * @property {number} epoch
 * @property {number} step
 * @property {number} examples in the batch
 * @property {number | null} cost before the step
 * @property {number | null} after the cost of the same batch after it
 * @property {number} learning_rate
 * @property {number[]} rates
 * @property {(number | null)[]} costs one for each rate
 * @property {number | null} best the rate with the lowest cost
 *
 * @typedef {object} Batch some of the step's examples
 * @property {string[]} images the bytes of each one's pixels, in base64
 * @property {number[]} labels
 */

export {};
