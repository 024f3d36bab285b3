/** What the page needs to know of the server's data sets, whatever else an answer holds. */

/** @typedef {import("../state.js").Dataset} Dataset */

const DIGITS = Array.from({ length: 10 }, (_, digit) => String(digit));

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
      examples: Number(entry.examples ?? 0),
      shape: Array.isArray(entry.input_shape) ? entry.input_shape.map(Number) : null,
      classes: namesOf(entry.classes),
      here: entry.available !== false,
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
 * The names of a run's classes, as far as they are known.
 * @param {Dataset[]} datasets
 * @param {unknown} name
 */
export function classesOf(datasets, name) {
  return datasets.find((dataset) => dataset.name === name)?.classes ?? DIGITS;
}

/**
 * Rows and columns of a picture of so many numbers.
 * @param {number} count
 * @param {number[] | null | undefined} shape if known
 * @returns {[number, number]}
 */
export function pictureShape(count, shape) {
  if (shape?.length === 2 && shape[0] * shape[1] === count) return [shape[0], shape[1]];
  const side = Math.round(Math.sqrt(count));
  return side * side === count ? [side, side] : [1, count];
}
