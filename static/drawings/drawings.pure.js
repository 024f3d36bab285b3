/**
 * Drawings that the visitor has labelled: as texts that the browser stores for a session, and as
 * CSV, which the server accepts as a data set.
 *
 * @typedef {{ image: number[], label: number }} Drawing
 */

/** @import { Dataset } from "../datasets/datasets.pure.js" */

/** The most drawings that are kept. Beyond them, the oldest are dropped. */
export const MOST = 500;

/**
 * A drawing of what the network saw, with each pixel rounded to one of the 256 shades of a file.
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
 * A line for each drawing: the name of its class, then its pixels, 0–255.
 * @param {Drawing[]} drawings
 * @param {string[]} [classes] names; a class without one is called by its number
 * @returns {string}
 */
export function csvOf(drawings, classes = []) {
  return drawings
    .map(({ label, image }) => {
      const name = (classes[label] ?? String(label)).replaceAll('"', '""');
      const quoted = /^\w+$/.test(name) ? name : `"${name}"`;
      return `${[quoted, ...image.map(shadeOf)].join(",")}\n`;
    })
    .join("");
}

/**
 * The drawings that can be added to a data set: those with the same number of pixels and a label
 * that is one of its classes.
 * @param {Drawing[]} drawings
 * @param {Dataset | undefined} dataset if it is known
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
    return []; // not Base64
  }
}
