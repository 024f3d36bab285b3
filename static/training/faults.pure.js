/** What can be wrong with a network that trains, by its figures. */

/**
 * @import { Epoch } from "../runs/epochs.pure.js"
 * @import { Run } from "../runs/run.pure.js"
 */

const TWIN_LIMIT = 0.5; // no network whose layers are one neuron each reads so much

/**
 * Whether learning has stopped because the neurons are saturated: the gradient is almost zero
 * although the network still guesses.
 * @param {Epoch[]} epochs
 * @param {number} classes
 * @returns {boolean}
 */
export function isSaturated(epochs, classes) {
  if (epochs.length < 3) return false;
  return epochs.slice(-3).every((figures) => {
    const norms = figures.gradient_norms ?? [];
    const flat = norms.length > 0 && norms.every((norm) => norm !== null && norm < 1e-3);
    return flat && isGuessing(figures, classes);
  });
}

/**
 * Whether a hidden layer lets nothing through: no gradient comes to it or to those before it. So it is
 * with ReLU when all neurons of a layer put out 0 for every example.
 * @param {Epoch[]} epochs
 * @param {number} classes
 * @returns {boolean}
 */
export function isDead(epochs, classes) {
  const figures = epochs.at(-1);
  const hidden = figures?.gradient_norms.slice(0, -1) ?? [];
  const cutOff = hidden.length > 0 && hidden.every((norm) => norm !== null && norm < 1e-9);
  return figures !== undefined && cutOff && isGuessing(figures, classes);
}

/**
 * Whether all neurons of a layer are equal, and stay so: they began with the same weights, zero, so
 * each gets the gradient that the others get. Dropout and a nudge by hand make them differ.
 * @param {Run} run
 * @param {Epoch[]} epochs
 */
export function areTwins({ spec }, epochs) {
  const { initializer, hidden, dropout } = spec;
  const accuracy = epochs.at(-1)?.test_accuracy;
  const reads = accuracy !== undefined && accuracy !== null && accuracy < TWIN_LIMIT;
  return initializer === "zeros" && hidden.length > 0 && dropout === 0 && reads;
}

/**
 * Whether it reads hardly better than by chance.
 * @param {Pick<Epoch, "test_accuracy">} figures
 * @param {number} classes
 */
export function isGuessing({ test_accuracy }, classes) {
  return (test_accuracy ?? 1) < Math.min(1.6 / classes, 1 / classes + 0.06);
}

/**
 * Whether a run has become better than chance.
 * @param {Run} run
 * @param {Epoch[]} epochs
 * @param {number} classes
 */
export function hasLearned({ status }, epochs, classes) {
  const last = epochs.at(-1);
  return (
    status !== "diverged" &&
    last !== undefined &&
    last.test_accuracy !== null &&
    !isGuessing(last, classes)
  );
}
