/**
 * A run's history: each epoch's figures once and in order, however often and in whatever order they
 * arrive.
 *
 * @typedef {{
 *   epoch: number, step: number, cost: number | null, accuracy: number | null,
 *   test_cost: number | null, test_accuracy: number | null, gradient_norms: (number | null)[],
 *   learning_rate: number, seconds: number, examples_per_second: number,
 *   clean_accuracy?: number | null, noisy_accuracy?: number | null
 * }} Epoch
 * @typedef {{ epoch: number, step: number, steps_per_epoch: number, cost: number }} Progress within
 *   an epoch
 */

/**
 * Merges figures into a history, in place. Newer figures replace those of the same epoch.
 * @param {Epoch[]} history in order
 * @param {Epoch[]} incoming
 * @returns {Epoch[]} the history
 */
export function mergeEpochs(history, incoming) {
  for (const figures of incoming) {
    if (!figures || !Number.isInteger(figures.epoch)) continue;
    const at = position(history, figures.epoch);
    history.splice(at, history[at]?.epoch === figures.epoch ? 1 : 0, figures);
  }
  return history;
}

/** Whether some training labels were replaced by random ones. @param {Epoch | undefined} figures */
export function hasNoise(figures) {
  return (figures?.noisy_accuracy ?? null) !== null;
}

/**
 * The index of an epoch in the history, or where it would be inserted.
 * @param {Epoch[]} history
 * @param {number} epoch
 */
function position(history, epoch) {
  let low = 0;
  let high = history.length;
  if (high && history[high - 1].epoch < epoch) return high; // nearly always it comes after the last
  while (low < high) {
    const middle = (low + high) >> 1;
    if (history[middle].epoch < epoch) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The last epoch before the first gap. Later epochs have to be asked for again.
 * @param {Epoch[]} history in order
 * @returns {number} 0 if even the first epoch is missing
 */
export function lastWithoutGap(history) {
  let last = 0;
  for (const { epoch } of history) {
    if (epoch !== last + 1) break;
    last = epoch;
  }
  return last;
}

/**
 * The figures of an epoch, or of the last one before it in the history.
 * @template {{ epoch: number }} T
 * @param {T[]} history in order
 * @param {number} epoch
 * @returns {T | undefined}
 */
export function figuresAt(history, epoch) {
  return history.findLast((figures) => figures.epoch <= epoch);
}
