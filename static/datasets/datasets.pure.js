/**
 * The server's data sets: what the page knows of them, and texts about them.
 *
 * @typedef {object} Dataset
 * @property {string} name
 * @property {string} title
 * @property {string | null} licence
 * @property {number} examples
 * @property {number | null} training_examples null: not known
 * @property {number[] | null} shape rows and columns of an example
 * @property {"digits" | "whole"} drawing how a drawing becomes an example
 * @property {string[]} classes their names
 * @property {boolean} yours whether the visitor has uploaded it
 * @property {boolean} shared whether everybody can use it who has its link
 * @property {boolean} here whether it can be used without a download
 * @property {number | null} size bytes to download
 * @property {Download | null} download
 * @property {string | null} missing what the server's data directory lacks of it
 *
 * @typedef {object} Download
 * @property {"downloading" | "failed"} status
 * @property {number} bytes
 * @property {number | null} total_bytes
 * @property {string | null} detail
 *
 * @typedef {{ share: number } | { problem: string } | { added: string }} Upload the share that was
 *   sent, or why it was refused, or what to know about the data set that was added
 */

import { DIGITS } from "../runs/images.pure.js";
import { formatMegabytes } from "../shell/format.pure.js";

/**
 * @param {unknown} answer of /api/datasets
 * @returns {Dataset[]}
 */
export function datasetsOf(answer) {
  if (!Array.isArray(answer)) return [];
  return answer
    .filter((entry) => typeof entry?.name === "string")
    .map((entry) => ({
      name: entry.name,
      title: String(entry.title ?? entry.name),
      licence: entry.licence ?? null,
      examples: Number(entry.examples ?? 0),
      training_examples: entry.training_examples ?? null,
      shape: Array.isArray(entry.input_shape) ? entry.input_shape.map(Number) : null,
      drawing: entry.drawing === "digits" ? "digits" : "whole",
      classes: namesOf(entry.class_names ?? entry.classes),
      yours: entry.yours === true,
      shared: entry.shared === true,
      here: entry.available !== false,
      size: entry.download_bytes ?? null,
      download: entry.download ?? null,
      missing: entry.missing ?? null,
    }));
}

/** @param {unknown} classes names, or their number */
function namesOf(classes) {
  if (Array.isArray(classes)) return classes.map(String);
  const count = Number(classes);
  return Number.isInteger(count) && count > 0
    ? Array.from({ length: count }, (_, i) => String(i))
    : DIGITS;
}

/**
 * @param {Dataset[]} datasets
 * @param {string | undefined} name
 */
export function findDataset(datasets, name) {
  return datasets.find((dataset) => dataset.name === name);
}

/**
 * The names of a data set's classes; digits, if it is not known.
 * @param {Dataset[]} datasets
 * @param {string | undefined} name
 */
export function classesOf(datasets, name) {
  return findDataset(datasets, name)?.classes ?? DIGITS;
}

/**
 * The reason that a run can't train with this data set, or null.
 * @param {Dataset[]} datasets as far as they are known
 * @param {string} name
 */
export function complaintOfDataset(datasets, name) {
  if (datasets.length === 0) return null;
  const dataset = findDataset(datasets, name);
  if (!dataset) return `This server has no data set ${name}.`;
  if (dataset.here) return null;
  if (isDownloading(dataset)) return `${name} is not here yet: it is being downloaded.`;
  return `${name} is not here yet: download it first.`;
}

/** @param {Dataset} dataset */
export function isDownloading({ download }) {
  return download?.status === "downloading";
}

/**
 * The progress of a download, in words and as a share 0–1.
 * @param {Dataset} dataset
 */
export function progressOf({ download, size }) {
  const total = download?.total_bytes ?? size ?? 0;
  const bytes = download?.bytes ?? 0;
  return {
    share: total > 0 ? bytes / total : 0,
    words: `${formatMegabytes(bytes)} of ${formatMegabytes(total)}`,
  };
}
