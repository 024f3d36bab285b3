/**
 * The timeline: the stops of its slider, and the text beside it.
 *
 * @typedef {{ epoch: number, frame: Frame }} PastEpoch the network as it was after an epoch
 */

import { isPretrained } from "../runs/run.pure.js";
import { formatCount } from "../shell/format.pure.js";

/**
 * @import { Frame } from "../network/safetensors.pure.js"
 * @import { Run } from "../runs/run.pure.js"
 */

/**
 * The epochs with a kept checkpoint, and at the right end the newest epoch.
 * @param {number[]} kept in order
 * @param {number} newest
 * @returns {number[]}
 */
export function stopsOf(kept, newest) {
  return [...kept.filter((epoch) => epoch < newest), newest];
}

/**
 * The stop that the slider goes to. It is the nearest one; but a move that is too small to reach
 * another, as by an arrow key, goes to the next one in its direction.
 * @param {number[]} stops in order
 * @param {number} value where the slider was put
 * @param {number} from where it stood
 * @returns {number}
 */
export function stopAt(stops, value, from) {
  const nearest = stops.reduce((best, stop) =>
    Math.abs(stop - value) < Math.abs(best - value) ? stop : best,
  );
  if (nearest !== from || value === from) return nearest;
  return (
    (value > from ? stops.find((stop) => stop > from) : stops.findLast((stop) => stop < from)) ??
    nearest
  );
}

/**
 * @param {Run | null} run
 * @param {number} stops
 * @param {number | null} pastEpoch the past epoch that is shown
 */
export function timeWords(run, stops, pastEpoch) {
  if (run === null) return "";
  const epoch = `epoch ${formatCount(pastEpoch ?? run.epoch)}`;
  if (pastEpoch !== null)
    return pastEpoch === 0
      ? "untrained (epoch 0), looking back"
      : `${epoch} of ${formatCount(run.epoch)}, looking back`;
  if (stops < 2 && !isPretrained(run)) return "train, and you can look back";
  return `live: ${epoch}`;
}
