/**
 * Drawings that the visitor has labelled: as texts that the browser stores for a session, as the
 * server takes them to train a run on, and as CSV, which it accepts as a data set.
 *
 * @typedef {object} Drawing
 * @property {number[]} image 0–1, row by row
 * @property {number[]} shape its rows and columns
 * @property {"digits" | "whole"} drawing how it was made an image
 * @property {string} name of its class
 *
 * @typedef {object} Learned what came of a correction
 * @property {number} right_before how many of the drawings were read right
 * @property {number} right_after
 * @property {number} test_accuracy_before 0–1
 * @property {number} test_accuracy_after
 */

import { formatShare } from "../shell/format.pure.js";
import { pixelsOf } from "../shell/pixels.pure.js";

/**
 * @import { Dataset } from "../datasets/datasets.pure.js"
 * @import { Images } from "../runs/images.pure.js"
 */

/** The most drawings that are kept. Beyond them, the oldest are dropped. */
export const MOST = 500;

/** The most drawings that are learned at once: the newest. */
const MOST_LEARNED = 20;

/**
 * A drawing of what the network saw, with each pixel rounded to one of the 256 shades of a file.
 * @param {number[]} image 0–1
 * @param {Images} images the kind that it is of
 * @param {number} label
 * @returns {Drawing}
 */
export function drawingOf(image, { shape, drawing, class_names }, label) {
  const name = class_names[label] ?? String(label);
  return { image: image.map((value) => shadeOf(value) / 255), shape, drawing, name };
}

/** @param {number} value 0–1 */
function shadeOf(value) {
  return Math.round(255 * Math.min(1, Math.max(0, value)));
}

/**
 * @param {Drawing[]} drawings
 * @param {Drawing} drawing
 * @returns {Drawing[]}
 */
export function withDrawing(drawings, drawing) {
  return [...drawings, drawing].slice(-MOST);
}

/**
 * A line for each drawing: the name of its class, then its pixels, 0–255.
 * @param {Drawing[]} drawings
 * @returns {string}
 */
export function csvOf(drawings) {
  return drawings
    .map(({ name, image }) => {
      const quoted = /^\w+$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
      return `${[quoted, ...image.map(shadeOf)].join(",")}\n`;
    })
    .join("");
}

/**
 * The drawings that can be added to a data set: those that were made images as its examples were, of
 * a class that it has.
 * @param {Drawing[]} drawings
 * @param {Dataset | undefined} dataset
 * @returns {Drawing[]} all, if the data set is not known
 */
export function fitting(drawings, dataset) {
  if (!dataset) return drawings;
  return ofKind(drawings, dataset.shape ?? [], dataset.drawing, dataset.classes);
}

/**
 * @param {Drawing[]} drawings
 * @param {number[]} shape
 * @param {string | null} kind how a drawing becomes an image
 * @param {string[]} classes
 */
function ofKind(drawings, shape, kind, classes) {
  const form = String(shape);
  return drawings.filter(
    (each) => String(each.shape) === form && each.drawing === kind && classes.includes(each.name),
  );
}

/**
 * What a network is taught when a drawing is corrected: that drawing, and the newest others that it
 * can read.
 * @param {Drawing[]} drawings the corrected one is the last
 * @param {Images} images what the network reads
 */
export function lessonOf(drawings, { shape, drawing, class_names }) {
  return ofKind(drawings, shape, drawing, class_names).slice(-MOST_LEARNED);
}

/**
 * Drawings as the server takes them.
 * @param {Drawing[]} drawings
 * @param {string[]} classes of what they are to be learned with
 */
export function sentAs(drawings, classes) {
  return drawings.map(({ name, image }) => ({
    image: base64Of(image),
    label: classes.indexOf(name),
  }));
}

/** @param {number[]} image */
function base64Of(image) {
  return btoa(String.fromCharCode(...image.map(shadeOf)));
}

/**
 * What came of a correction, in words.
 * @param {number} drawings how many were learned
 * @param {Learned} learned
 */
export function learnedWords(drawings, learned) {
  const { right_before: before, right_after: after } = learned;
  const which = drawings === 1 ? "your drawing" : `of your ${drawings} drawings`;
  const of = `Test digits: ${formatShare(learned.test_accuracy_before)} before, ${formatShare(learned.test_accuracy_after)} now.`;
  if (drawings > 1) return `Read right ${which}: ${before} before, ${after} now. ${of}`;
  if (after) return `It now reads ${which} right. ${of}`;
  return `It still misreads ${which}: try once more.`;
}

/**
 * @param {Drawing[]} drawings
 * @returns {string}
 */
export function packed(drawings) {
  return JSON.stringify(
    drawings.map(({ image, ...rest }) => ({
      ...rest,
      shades: base64Of(image),
    })),
  );
}

/**
 * @param {string | null} text may be anything; what is not a drawing is left out
 * @returns {Drawing[]}
 */
export function unpacked(text) {
  try {
    const entries = JSON.parse(text ?? "[]");
    return Array.isArray(entries) ? entries.flatMap(unpackedDrawing).slice(-MOST) : [];
  } catch {
    return [];
  }
}

/**
 * @param {Record<string, unknown> | null} entry
 * @returns {Drawing[]} one, or none
 */
function unpackedDrawing(entry) {
  const { name, shape, drawing, shades } = entry ?? {};
  if (typeof name !== "string" || typeof shades !== "string" || !Array.isArray(shape)) return [];
  if (drawing !== "digits" && drawing !== "whole") return [];
  try {
    const image = pixelsOf(shades);
    const [rows, columns] = shape.map(Number);
    return rows * columns === image.length
      ? [{ name, shape: [rows, columns], drawing, image }]
      : [];
  } catch {
    return []; // not Base64
  }
}
