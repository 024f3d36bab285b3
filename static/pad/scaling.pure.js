/**
 * A picture gets another size: each new pixel is a weighted mean of the old ones under it. The same
 * as nn_core/scaling.py, which explains it.
 *
 * @typedef {object} Grid
 * @property {Uint8Array | Float64Array} values row by row
 * @property {number} rows
 * @property {number} columns
 *
 * @typedef {{ first: number, shares: number[] }} Mean how much of each old pixel, from the first one
 *   on, goes into a new one
 */

/** Scales a picture smoothly, anti-aliased. @param {Grid} grid @param {number} rows @param {number} columns */
export function resize(grid, rows, columns) {
  return scaled(grid, smooth(grid.rows, rows), smooth(grid.columns, columns));
}

/**
 * Scales a picture so that one that was enlarged by whole numbers gives itself again.
 * @param {Grid} grid
 * @param {number} rows
 * @param {number} columns
 */
export function resizeByArea(grid, rows, columns) {
  const means = (/** @type {number} */ old, /** @type {number} */ count) =>
    old > count ? area(old, count) : smooth(old, count);
  return scaled(grid, means(grid.rows, rows), means(grid.columns, columns));
}

/**
 * @param {Grid} grid
 * @param {Mean[]} down one for each new row
 * @param {Mean[]} across one for each new column
 * @returns {{ values: Float64Array, rows: number, columns: number }}
 */
function scaled({ values, columns }, down, across) {
  const result = new Float64Array(down.length * across.length);
  const line = new Float64Array(columns); // a new row that still has the old columns
  down.forEach(({ first, shares }, row) => {
    line.fill(0);
    shares.forEach((share, i) => {
      const start = (first + i) * columns;
      for (let k = 0; k < columns; k += 1) line[k] += share * values[start + k];
    });
    across.forEach((mean, column) => {
      let sum = 0;
      for (let i = 0; i < mean.shares.length; i += 1) sum += mean.shares[i] * line[mean.first + i];
      result[row * across.length + column] = sum;
    });
  });
  return { values: result, rows: down.length, columns: across.length };
}

/** The shares fall off linearly with the distance. @param {number} old @param {number} count @returns {Mean[]} */
function smooth(old, count) {
  const scale = old / count;
  const width = Math.max(scale, 1);
  return Array.from({ length: count }, (_, i) => {
    const centre = (i + 0.5) * scale;
    const first = Math.max(0, Math.floor(centre - width - 0.5));
    const end = Math.min(old, Math.ceil(centre + width + 0.5));
    const shares = [];
    for (let pixel = first; pixel < end; pixel += 1) {
      shares.push(Math.max(0, 1 - Math.abs(centre - (pixel + 0.5)) / width));
    }
    const sum = shares.reduce((total, share) => total + share, 0);
    return { first, shares: shares.map((share) => Math.fround(share / sum)) };
  });
}

/** The shares are the parts that a new pixel covers. @param {number} old @param {number} count @returns {Mean[]} */
function area(old, count) {
  const scale = old / count;
  return Array.from({ length: count }, (_, i) => {
    const [from, to] = [i * scale, (i + 1) * scale];
    const first = Math.floor(from);
    const shares = [];
    for (let pixel = first; pixel < Math.min(old, Math.ceil(to)); pixel += 1) {
      shares.push(Math.max(0, Math.min(to, pixel + 1) - Math.max(from, pixel)) * (count / old));
    }
    return { first, shares };
  });
}
