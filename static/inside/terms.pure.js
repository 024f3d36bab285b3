/**
 * What formulas are made of: letters, numbers and terms.
 *
 * @typedef {object} Part of a formula
 * @property {string} text
 * @property {string} [sub] its index, written below
 * @property {Mark} [mark] the cells that it stands for
 *
 * @typedef {object} Row a term
 * @property {string} label
 * @property {Part[]} parts
 * @property {number | null} value
 * @property {Pointed} [choose] the parameter that it is about
 *
 * @typedef {object} Formula
 * @property {string} title
 * @property {Part[]} rule in letters
 * @property {Row[]} rows
 * @property {{ count: number, value: number } | null} rest the smaller terms
 * @property {Row} [after] the sum: a bias
 * @property {"product"} [joined] how the rows make the value, if it is no sum
 * @property {Part[]} result
 * @property {number} value
 * @property {string} words
 */

import { formatFigure } from "../shell/format.pure.js";

/**
 * @import { Pointed } from "../network/neuron.pure.js"
 * @import { Mark } from "./names.pure.js"
 */

/**
 * An output of the network: one near 1 has as many places as tell it from 1.
 * @param {number} value
 */
export function formatOutput(value) {
  const off = Math.abs(1 - value);
  if (off === 0 || off >= 0.005) return formatFigure(value);
  return value.toFixed(Math.min(15, 1 - Math.floor(Math.log10(off))));
}

/** The terms of a sum that are shown one by one. */
export const MOST = 5;

/** A sum in its largest terms and the rest. @param {Row[]} rows @param {number} most @returns {{ rows: Row[], rest: Formula["rest"], sum: number }} */
export function largest(rows, most) {
  const size = (/** @type {Row} */ row) => Math.abs(row.value ?? 0);
  const order = rows.toSorted((one, other) => size(other) - size(one));
  const sum = rows.reduce((total, { value }) => total + (value ?? 0), 0);
  if (rows.length <= most + 1) return { rows, rest: null, sum };
  const left = order.slice(most);
  const rest = left.reduce((total, { value }) => total + (value ?? 0), 0);
  return { rows: order.slice(0, most), rest: { count: left.length, value: rest }, sum };
}

/** A letter with an index. @param {string} text @param {string} sub @param {Mark} [mark] @returns {Part} */
export const letter = (text, sub, mark) => ({ text, sub, mark });

/** A number that stands for a cell. @param {number} value @param {Mark} [mark] @returns {Part} */
export const figure = (value, mark) => ({ text: inBrackets(value), mark });

/** @param {number} value */
function inBrackets(value) {
  const text = formatFigure(value);
  return value < 0 ? `(${text})` : text;
}

/** Words or signs between the letters. @param {string} text @returns {Part} */
export const plainText = (text) => ({ text });
