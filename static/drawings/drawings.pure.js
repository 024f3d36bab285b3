/**
 * The drawings that their author has labelled: bounded, as text that a session keeps, and as the
 * CSV that the server takes for a data set.
 *
 * @typedef {{ image: number[], label: number }} Drawing
 */

/** @import { Dataset } from "../datasets/datasets.pure.js" */

/** More than these are not kept: the oldest go. */
export const MOST = 500;

/**
 * What a network saw, as a drawing: each pixel one of the 256 shades that a file can hold.
 * @param {number[]} image 0–1
 * @param {number} label
 * @returns {Drawing}
 */
export function drawingOf(image, label) {
  return { image: image.map((value) => shadeOf(value) / 255), label };
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
 * A line for each drawing: its label, then its pixels, 0–255.
 * @param {Drawing[]} drawings
 * @returns {string}
 */
export function csvOf(drawings) {
  return drawings
    .map(({ label, image }) => `${[label, ...image.map(shadeOf)].join(",")}\n`)
    .join("");
}

/**
 * Those that can be trained with beside a data set: their pixels are as many, and it has their class.
 * @param {Drawing[]} drawings
 * @param {Dataset | undefined} dataset if known
 * @returns {Drawing[]}
 */
export function fitting(drawings, dataset) {
  const pixels = dataset?.shape?.reduce((product, length) => product * length, 1) ?? 784;
  const classes = dataset?.classes.length ?? 10;
  return drawings.filter(({ image, label }) => image.length === pixels && label < classes);
}

/**
 * @param {Drawing[]} drawings
 * @returns {string}
 */
export function packed(drawings) {
  return JSON.stringify(
    drawings.map(({ label, image }) => ({
      label,
      shades: btoa(String.fromCharCode(...image.map(shadeOf))),
    })),
  );
}

/**
 * @param {string | null} text anything: what is no drawing is left out
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
 * @param {{ label?: unknown, shades?: unknown } | null} entry
 * @returns {Drawing[]} one, or none
 */
function unpackedDrawing(entry) {
  const { label, shades } = entry ?? {};
  if (typeof label !== "number" || !Number.isInteger(label) || label < 0 || label > 255) return [];
  if (typeof shades !== "string") return [];
  try {
    const image = Array.from(atob(shades), (shade) => shade.charCodeAt(0) / 255);
    return image.length ? [{ label, image }] : [];
  } catch {
    return []; // no Base64
  }
}
