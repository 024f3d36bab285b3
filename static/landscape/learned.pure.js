/**
 * What was learned when, as curves and as points.
 *
 * @typedef {{ dataset: string, counts: number[], projection: number[][],
 *   epochs: { epoch: number, accuracy: number, accuracies: (number | null)[] }[],
 *   epoch: number, labels: number[], points: [number | null, number | null][] }} Learned
 */

/**
 * The curve of a class's accuracy in a drawing of 100 by 40: by the square root of the epoch, as most
 * happens early.
 * @param {Learned["epochs"]} epochs
 * @param {number} label
 */
export function curveOf(epochs, label) {
  const last = Math.max(1, epochs.at(-1)?.epoch ?? 1);
  const points = epochs.map(({ epoch, accuracies }) => {
    const across = 2 + 96 * Math.sqrt(epoch / last);
    return `${across.toFixed(1)} ${(38 - 36 * (accuracies[label] ?? 0)).toFixed(1)}`;
  });
  return points.length ? `M${points.join("L")}` : "";
}

/** The first kept epoch after which so many of a class are read right; null if there is none. @param {Learned["epochs"]} epochs @param {number} label @param {number} share */
export function reachedAt(epochs, label, share) {
  return epochs.find(({ accuracies }) => (accuracies[label] ?? 0) >= share)?.epoch ?? null;
}

/**
 * Places points in a drawing, with the same scale for all epochs.
 * @param {Learned["points"]} points
 * @param {{ low: number[], high: number[] }} frame
 * @param {{ width: number, height: number }} size
 */
export function placed(points, { low, high }, { width, height }) {
  const across = width / Math.max(1e-9, high[0] - low[0]);
  const up = height / Math.max(1e-9, high[1] - low[1]);
  return points.map(([x, y]) => [((x ?? 0) - low[0]) * across, height - ((y ?? 0) - low[1]) * up]);
}

/** The frame around points, with a margin. @param {Learned["points"]} points */
export function frameOf(points) {
  const axes = [0, 1].map((axis) => points.map((point) => point[axis] ?? 0));
  const low = axes.map((values) => Math.min(...values));
  const high = axes.map((values) => Math.max(...values));
  const margin = low.map((value, i) => 0.06 * (high[i] - value));
  return { low: low.map((v, i) => v - margin[i]), high: high.map((v, i) => v + margin[i]) };
}
