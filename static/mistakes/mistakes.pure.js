/**
 * The colours of the confusion matrix, and the texts for it and for the misread digits.
 *
 * @typedef {object} Mistake a test digit that is read wrong
 * @property {number} index
 * @property {number} label what it is
 * @property {number} digit what it is read as
 * @property {number} confidence
 * @property {string} image base64 of bytes
 *
 * @typedef {object} Mistakes on the test set
 * @property {number} epoch
 * @property {number} step
 * @property {number} examples
 * @property {number} right
 * @property {number[][]} confusion a row for each class that is true
 * @property {Mistake[]} wrong
 */

import { complaintOfDataset } from "../datasets/datasets.pure.js";
import { truthWords } from "../pad/prediction.pure.js";
import { isPretrained } from "../runs/run.pure.js";
import { formatCount } from "../shell/format.pure.js";

/**
 * @import { Picture } from "../pad/prediction.pure.js"
 * @import { Images } from "../runs/images.pure.js"
 * @import { Theme } from "../shell/colour.pure.js"
 * @import { Dataset } from "../datasets/datasets.pure.js"
 * @import { Run } from "../runs/run.pure.js"
 * @import { PastEpoch } from "../timeline/timeline.pure.js"
 */

/** The colours of an activation of zero and of one, as in shell/base.css. */
const SCALES = {
  light: [
    [235, 232, 242],
    [91, 63, 160],
  ],
  dark: [
    [41, 40, 58],
    [183, 156, 255],
  ],
};

/**
 * The colour of a cell, and black or white for the text on it. The colour follows the square root
 * of the share, so that a few mistakes can be seen among many right answers.
 * @param {number} share 0–1 of the row
 * @param {Theme} theme
 */
export function cellColours(share, theme) {
  const [nothing, all] = SCALES[theme];
  const rgb = nothing.map((part, i) => Math.round(part + (all[i] - part) * Math.sqrt(share)));
  return { ground: `rgb(${rgb.join(" ")})`, ink: luminance(rgb) > 0.179 ? "#000" : "#fff" };
}

/** Relative luminance, as WCAG defines it. @param {number[]} rgb */
function luminance(rgb) {
  const [red, green, blue] = rgb
    .map((part) => part / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** The share of each cell in its row. @param {number[][]} confusion @returns {number[][]} */
export function sharesOf(confusion) {
  return confusion.map((row) => {
    const sum = row.reduce((total, count) => total + count, 0);
    return row.map((count) => (sum > 0 ? count / sum : 0));
  });
}

/** A class's name with its article: "an 8", "a 3", "an ankle boot". @param {string} name */
export function withArticle(name) {
  return `${/^(8|11$|18$|[aeio])/i.test(name) ? "an" : "a"} ${name}`;
}

/** @param {Mistake} mistake @param {string[]} classes */
export function mistakeWords({ label, digit, confidence }, classes) {
  const name = (/** @type {number} */ index) => classes[index] ?? String(index);
  const output = Number.isFinite(confidence) ? confidence.toFixed(2).replace("-", "−") : "–";
  return `${withArticle(name(label))} read as ${name(digit)}, output ${output}`;
}

/**
 * Whether the mistakes of the network shown came with it, so that no test digits are needed.
 * @param {{ run: Run | null, pastEpoch: PastEpoch | null }} state
 */
export function areKnown({ run, pastEpoch }) {
  return isPretrained(run) && pastEpoch === null;
}

/**
 * The reason that there are no test digits for the network shown, and what to do; or null.
 * @param {{ run: Run | null, pastEpoch: PastEpoch | null, datasets: Dataset[] }} state
 */
export function complaintOf(state) {
  const { run, datasets } = state;
  if (run === null || areKnown(state)) return null;
  const complaint = complaintOfDataset(datasets, String(run.spec.dataset));
  if (complaint === null) return null;
  const otherwise = isPretrained(run) ? "press Live" : "train your own network";
  return `There are no test digits. ${complaint} Or ${otherwise}.`;
}

/**
 * The text above the matrix.
 * @param {Mistakes | null} mistakes
 * @param {string | null} complaint as complaintOf has it
 */
export function scoreWords(mistakes, complaint) {
  if (complaint) return complaint;
  if (!mistakes) return "The test digits are read when this panel is in view.";
  const [right, examples, step] = [mistakes.right, mistakes.examples, mistakes.step].map(
    formatCount,
  );
  return `${right} of ${examples} test digits read right after step ${step}.`;
}

/**
 * The pixels of a mistake's image.
 * @param {string} image base64 of bytes
 * @returns {Uint8Array}
 */
export function pixelsOf(image) {
  return Uint8Array.from(atob(image), (character) => character.charCodeAt(0));
}

/**
 * The name of a cell for a screen reader.
 * @param {number | undefined} count
 * @param {number} label
 * @param {number} digit
 * @param {string[]} classes
 */
export function cellWords(count, label, digit, classes) {
  const name = (/** @type {number} */ index) => classes[index] ?? String(index);
  return `${count === undefined ? "not known yet" : formatCount(count)}: ${withArticle(name(label))} read as ${name(digit)}`;
}

/**
 * The text above the misread digits.
 * @param {Mistakes} mistakes
 * @param {number} shown
 * @param {{ label: number, digit: number } | null} chosen
 * @param {string[]} classes
 */
export function wrongWords({ examples, right, confusion }, shown, chosen, classes) {
  const all = chosen ? (confusion[chosen.label]?.[chosen.digit] ?? 0) : examples - right;
  const name = (/** @type {number} */ index) => classes[index] ?? String(index);
  const what = chosen
    ? `${withArticle(name(chosen.label))} read as ${name(chosen.digit)}`
    : "the most confident first; choose one to put it on the pad";
  if (all === 0)
    return chosen ? `None is ${what}.` : "None: the network reads every test digit correctly.";
  const number = shown < all ? `${formatCount(shown)} of ${formatCount(all)}` : formatCount(all);
  return `${number}, ${what}.`;
}

/**
 * A misread image as the pad shows it.
 * @param {Mistake} mistake
 * @param {Images} images what the network reads
 * @returns {Picture}
 */
export function pictureOfMistake(mistake, { shape, class_names: classes }) {
  const image = Array.from(pixelsOf(mistake.image), (byte) => byte / 255);
  const { label } = mistake;
  return { image, shape, about: truthWords(label, classes, mistakeWords(mistake, classes)), label };
}
