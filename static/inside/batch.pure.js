/**
 * A batch: some test examples, each with its own gradient, and their mean.
 *
 * @typedef {object} Member
 * @property {number[]} image
 * @property {number} label
 * @property {Walk} walk
 *
 * @typedef {object} Batch
 * @property {Member[]} members that have arrived, in their order
 * @property {number} wanted how many it will have; 0: nobody has asked for one
 * @property {string | null} problem
 */

/** @import { Walk } from "./walk.pure.js" */
export {};
