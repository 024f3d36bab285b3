/**
 * The runs on the teacher's page: how news about them is merged, how they are sorted, and their
 * texts.
 *
 * @typedef {[epoch: number, cost: number | null, accuracy: number | null]} Point
 * @typedef {{ id: string, name: string | null, who: string, pupil: number, created: string, status: Status,
 *   reason: string | null, place: number | null, spec: Spec, epoch: number, step: number,
 *   cost: number | null, accuracy: number | null, test_accuracy: number | null, curve: Point[],
 *   sweep?: { runs: number, ended: number } }} WallRun or a sweep, with the figures of its best run
 * @typedef {{ runs: (Partial<WallRun> & { id: string })[], gone: string[], shown: string | null,
 *   look: boolean, left_out: number, code: string, held: string | null,
 *   sent: { text: string, link: string | null } | null, guesses: Guesses,
 *   pupils: { pupil: number, nickname: string, task: number | null }[] }} News of a known run, only
 *   what has changed
 * @typedef {Record<string, Record<string, number>>} Guesses for each task how many guessed each answer
 * @typedef {"state" | "name" | "accuracy"} Order
 */

import { thinned } from "../charts/thinning.pure.js";
import { formatCount } from "../shell/format.pure.js";

/**
 * @import { Spec } from "../form/fields.pure.js"
 * @import { Status } from "../runs/run.pure.js"
 */

const POINTS = 120; // of a curve: twice as many as its picture is wide in pixels
const ENDED = 3;
/** @type {Partial<Record<Status, number>>} */
const RANKS = { training: 0, paused: 1, queued: 2 };
/** @type {Record<Status, string>} */
const WORDS = {
  queued: "Waiting",
  training: "Training",
  paused: "Paused",
  finished: "Finished",
  stopped: "Stopped",
  diverged: "Diverged",
  interrupted: "Interrupted",
  failed: "Failed",
};

/**
 * Merges news into the runs.
 * @param {Map<string, WallRun>} runs changed in place
 * @param {Pick<News, "runs" | "gone">} news
 * @returns {WallRun[]} the runs that have changed
 */
export function hear(runs, { runs: changes, gone }) {
  for (const id of gone) runs.delete(id);
  return changes.map((change) => {
    const run = /** @type {WallRun} */ ({ curve: [], ...runs.get(change.id), ...change });
    const { epoch, cost, test_accuracy: accuracy } = run;
    if (epoch > (run.curve.at(-1)?.[0] ?? 0)) run.curve = [...run.curve, [epoch, cost, accuracy]];
    if (run.curve.length > POINTS) run.curve = thinned(run.curve, POINTS / 2, ([, cost]) => cost);
    runs.set(run.id, run);
    return run;
  });
}

/** @param {{ status: Status }} run */
const rankOf = ({ status }) => RANKS[status] ?? ENDED;

/** @param {{ status: Status }} run */
export const hasEnded = (run) => rankOf(run) === ENDED;

/**
 * Sorts the runs. By their state, that is: first those that train, then those that are paused, then
 * those that wait, then those that have ended; within each group the newest first.
 * @param {Iterable<WallRun>} runs
 * @param {Order} [order]
 * @returns {WallRun[]}
 */
export function inOrder(runs, order = "state") {
  const byState = [...runs]
    .reverse() // the server lists the newer of two runs from the same second later
    .sort((a, b) => rankOf(a) - rankOf(b) || Date.parse(b.created) - Date.parse(a.created));
  if (order === "name")
    return byState.sort((a, b) => a.who.localeCompare(b.who, "en", { numeric: true }));
  if (order === "accuracy")
    return byState.sort((a, b) => (b.test_accuracy ?? -1) - (a.test_accuracy ?? -1));
  return byState;
}

/**
 * The runs to show: of each pupil the newest.
 * @param {Iterable<WallRun>} runs
 * @returns {WallRun[]}
 */
export function newestOfEach(runs) {
  /** @type {Map<number, WallRun>} */
  const newest = new Map();
  for (const run of runs) {
    const other = newest.get(run.pupil);
    if (!other || run.created > other.created) newest.set(run.pupil, run);
  }
  return [...newest.values()];
}

/**
 * Whether a run is one of those that are looked for.
 * @param {WallRun} run
 * @param {string} words a part of its pupil's name, or of its state
 */
export function isFound({ who, status }, words) {
  const wanted = words.trim().toLowerCase();
  return who.toLowerCase().includes(wanted) || WORDS[status]?.toLowerCase().includes(wanted);
}

/**
 * How far the pupils are, in words.
 * @param {{ task: number | null }[]} pupils
 */
export function tasksLine(pupils) {
  if (pupils.length === 0) return "";
  const here = pupils.length === 1 ? "1 pupil is here" : `${pupils.length} pupils are here`;
  const parts = [1, 2, 3, 4].flatMap((task) => {
    const count = pupils.filter((pupil) => pupil.task === task).length;
    return count ? [`${count} at task ${task}`] : [];
  });
  return [here, ...parts].join(", ");
}

/** The last task that somebody has guessed at; 0: none. @param {Guesses} guesses */
export function newestGuessed(guesses) {
  return Math.max(0, ...Object.keys(guesses).map(Number));
}

/** How many have guessed at a task. @param {Guesses} guesses @param {number} task */
export function countOf(guesses, task) {
  return Object.values(guesses[task] ?? {}).reduce((sum, count) => sum + count, 0);
}

/**
 * What the button does that shows the guesses.
 * @param {Guesses} guesses
 * @param {number} revealed the tasks up to this one are shown
 */
export function revealWords(guesses, revealed) {
  const newest = newestGuessed(guesses);
  if (newest <= revealed) return "Hide the guesses";
  return `Show what was guessed at task ${newest} (${countOf(guesses, newest)} so far)`;
}

/**
 * How many runs of each kind there are, in words.
 * @param {Iterable<{ status: Status }>} runs
 * @param {number} leftOut how many ended too long ago to be on the wall
 */
export function countLine(runs, leftOut) {
  const counts = [0, 0, 0, leftOut];
  for (const run of runs) counts[rankOf(run)] += 1;
  const kinds = ["training", "paused", "waiting in the queue", "ended"];
  const parts = counts.map((count, kind) =>
    count || kind === 0 ? `${formatCount(count)} ${kinds[kind]}` : "",
  );
  return parts.filter(Boolean).join(", ");
}

/** @param {WallRun} run */
export function stateWords({ status, reason, place }) {
  const state = WORDS[status] ?? status;
  const why = reason ?? (place ? `number ${place} in the queue` : "");
  return why ? `${state}: ${why}` : state;
}

/** @param {WallRun} run */
export function epochWords({ epoch, spec, sweep }) {
  if (sweep) return `${formatCount(sweep.ended)} of ${formatCount(sweep.runs)} runs ended`;
  const end = typeof spec.epochs === "number" ? ` of ${formatCount(spec.epochs)}` : "";
  return `Epoch ${formatCount(epoch)}${end}`;
}

/**
 * Reads a message with the pictures of a run's first weights.
 * @param {ArrayBuffer} buffer
 * @returns {{ id: string, count: number, rows: number, columns: number, pixels: Int8Array }} pixels:
 *   −127 to 127, one picture after the other, row by row
 */
export function readPictures(buffer) {
  const [count, rows, columns] = new Uint8Array(buffer, 0, 3);
  const size = count * rows * columns;
  return {
    id: new TextDecoder().decode(new Uint8Array(buffer, 3 + size)),
    count,
    rows,
    columns,
    pixels: new Int8Array(buffer, 3, size),
  };
}

/**
 * The points of a small chart's line. A figure that is not finite leaves a gap.
 * @param {Point[]} curve
 * @param {1 | 2} figure which of a point's figures
 * @param {number} top the figure at the upper edge; zero is at the lower
 * @param {{ width: number, height: number }} box
 * @returns {([number, number] | null)[]}
 */
export function lineOf(curve, figure, top, { width, height }) {
  const first = curve[0]?.[0] ?? 0;
  const span = Math.max(1, (curve.at(-1)?.[0] ?? 0) - first);
  return curve.map((point) => {
    const value = point[figure];
    if (value === null || !Number.isFinite(value)) return null;
    return [((point[0] - first) / span) * width, height - Math.min(1, value / top) * height];
  });
}

/** @typedef {ReturnType<typeof readPictures>} Pictures */
