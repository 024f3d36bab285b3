/**
 * What the absence of neurons costs, in words and shares.
 *
 * @typedef {{ dataset: string, examples: number, counts: number[], whole_right: number[],
 *   right: number[], cost: number | null, costs: (number | null)[][], rights: number[][] }} Absences
 */

/** A neuron as the API writes it. @param {number} layer @param {number} neuron */
export const nameOfNeuron = (layer, neuron) => `${layer}:${neuron}`;

/**
 * What each neuron's absence adds to the cost, and how long its bar is, −1 to 1: the largest is 1.
 * @param {Absences} absences
 * @returns {{ adds: number, share: number }[][]} for each hidden layer
 */
export function barsOf({ cost, costs }) {
  const added = costs.map((layer) => layer.map((each) => (each ?? Infinity) - (cost ?? 0)));
  const finite = added.flat().filter(Number.isFinite).map(Math.abs);
  const largest = Math.max(1e-9, ...finite);
  return added.map((layer) =>
    layer.map((adds) => ({ adds, share: Math.max(-1, Math.min(1, adds / largest)) })),
  );
}

/** @param {number} right @param {number} count @returns {number | null} */
export const shareOf = (right, count) => (count ? right / count : null);

/**
 * Says what the figures are measured on.
 * @param {Absences} absences
 * @param {boolean} isSeen whether the network has been trained with these examples
 */
export function aboutWords({ dataset, examples }, isSeen) {
  const of = `Of ${examples.toLocaleString("en")} digits of ${dataset}`;
  return isSeen
    ? `${of}, which this network has been trained with: MNIST’s test digits are not on this server. So only the difference between the columns says something.`
    : `${of}, which it has not been trained with.`;
}
