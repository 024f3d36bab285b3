/**
 * A sweep as the server describes it, what its socket tells, and what is made of that for pictures.
 *
 * @typedef {object} Figures after an epoch; accuracies are 0–1
 * @property {number} epoch
 * @property {number | null} cost
 * @property {number | null} accuracy
 * @property {number | null} test_cost
 * @property {number | null} test_accuracy
 *
 * @typedef {object} Member a run of the sweep
 * @property {string} id
 * @property {Record<string, unknown>} varied
 * @property {Status | "planned" | "deleted"} status
 * @property {string | null} reason
 * @property {number} epoch
 * @property {number | null} cost
 * @property {number | null} test_cost
 * @property {number | null} test_accuracy
 * @property {number} parameters
 * @property {number | null} steps
 * @property {number | null} seconds
 *
 * @typedef {{ from: number, to: number, scale: "linear" | "log", count: number | null,
 *   values?: number[] }} Range
 *
 * @typedef {object} Sweep
 * @property {string | null} id
 * @property {string | null} name
 * @property {boolean} yours
 * @property {Status | "planned"} status
 * @property {string | null} reason
 * @property {Spec} base
 * @property {Record<string, unknown[] | Range>} vary
 * @property {"grid" | "random" | "halving" | "optuna"} search
 * @property {number} at_once
 * @property {number[]} rungs
 * @property {number | null} estimated_seconds
 * @property {Member[]} runs
 *
 * @typedef {object} View what the page knows and shows
 * @property {Sweep | null} sweep
 * @property {Map<string, Figures[]>} curves of each run, in order
 * @property {string | null} hovered a run
 * @property {number | null} epoch that the pictures show; null: the newest of each run
 * @property {Record<string, [number, number]>} brushes shares of an axis between which a run has to be
 * @property {boolean} isLost whether the connection is
 *
 * @typedef {{ type: string, run?: string, sweep?: string | Sweep, runs?: Member[], detail?: string,
 *   epochs?: Record<string, Figures[]>, status?: Status, reason?: string | null } & Partial<Figures>} News
 */

import { asSentence, formatCount, formatFigure } from "../shell/format.pure.js";

/**
 * @import { Spec } from "../form/fields.pure.js"
 * @import { Status } from "../runs/run.pure.js"
 */

/** @returns {View} */
export const emptyView = () => ({
  sweep: null,
  curves: new Map(),
  hovered: null,
  epoch: null,
  brushes: {},
  isLost: false,
});

/**
 * Takes in what the socket tells.
 * @param {View} view changed in place
 * @param {News} news
 */
export function hear(view, news) {
  if (news.type === "hello" && typeof news.sweep === "object") {
    view.sweep = news.sweep;
    view.isLost = false;
    for (const [run, points] of Object.entries(news.epochs ?? {})) view.curves.set(run, points);
    return;
  }
  const { sweep } = view;
  if (!sweep) return;
  if (news.type === "runs") sweep.runs.push(...(news.runs ?? []));
  const member = sweep.runs.find(({ id }) => id === news.run);
  if (news.type === "epoch" && member) {
    const { cost = null, test_cost = null, test_accuracy = null, accuracy = null } = news;
    const figures = { epoch: news.epoch ?? 0, cost, accuracy, test_cost, test_accuracy };
    Object.assign(member, figures);
    const points = view.curves.get(member.id) ?? [];
    points.push(figures);
    view.curves.set(member.id, points);
  }
  if (news.type === "status" && news.status) {
    const told = { status: news.status, reason: news.reason ?? null };
    Object.assign(member ?? sweep, told);
  }
}

/**
 * How a run stood after an epoch, or at its end if that was before.
 * @param {View} view
 * @param {string} run
 * @param {number | null} [epoch] null: now
 * @returns {Figures | null}
 */
export function figuresOf({ curves }, run, epoch = null) {
  const points = curves.get(run) ?? [];
  if (epoch === null) return points.at(-1) ?? null;
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle].epoch <= epoch) low = middle + 1;
    else high = middle;
  }
  return points[low - 1] ?? null;
}

/** @param {View} view @returns {number} the last epoch that any run has come to */
export const lastEpoch = ({ curves }) =>
  Math.max(0, ...[...curves.values()].map((points) => points.at(-1)?.epoch ?? 0));

/**
 * The runs with the best test accuracy after an epoch, the best first.
 * @param {View} view
 * @param {number} count
 * @returns {Member[]}
 */
export function bestOf(view, count) {
  return [...(view.sweep?.runs ?? [])]
    .map((member) => ({ member, accuracy: accuracyOf(view, member) }))
    .filter(({ accuracy }) => accuracy !== null)
    .sort((a, b) => Number(b.accuracy) - Number(a.accuracy))
    .slice(0, count)
    .map(({ member }) => member);
}

/** @param {View} view @param {Member} member @returns {number | null} after the epoch that is shown */
export const accuracyOf = (view, member) =>
  figuresOf(view, member.id, view.epoch)?.test_accuracy ?? null;

/** What a field is called. @param {string} field */
export const titleOf = (field) => field.replaceAll("_", " ");

/** A value of a field in words. @param {unknown} value */
export function valueText(value) {
  if (value === null) return "–";
  if (Array.isArray(value)) return value.length ? value.join("–") : "none";
  if (typeof value !== "number") return String(value);
  return Number.isInteger(value) ? formatCount(value) : String(Number(value.toPrecision(3)));
}

/** What tells a run from the others, in words. @param {Member} member */
export const nameOf = ({ varied }) =>
  Object.entries(varied)
    .map(([field, value]) => `${titleOf(field)} ${valueText(value)}`)
    .join(", ");

/** @param {Status | "planned" | "deleted"} status */
export const hasEnded = (status) => !["queued", "training", "paused", "planned"].includes(status);

/** How the sweep stands, in a sentence. @param {Sweep} sweep */
export function standingOf({ status, reason, runs }) {
  const ended = runs.filter((run) => hasEnded(run.status)).length;
  const now = runs.filter((run) => run.status === "training").length;
  const verb = now === 1 ? "trains" : "train";
  const trains = status === "training" ? `, ${now} ${verb}` : "";
  const why = reason ? ` ${asSentence(reason)}` : "";
  const state = status.slice(0, 1).toUpperCase() + status.slice(1);
  return `${state}: ${ended} of ${runs.length} runs have ended${trains}.${why}`;
}

/** About how long something takes. @param {number | null} seconds */
export function timeText(seconds) {
  if (seconds === null) return "no end of its own";
  if (seconds < 90) return `about ${Math.max(1, Math.round(seconds))} s`;
  return seconds < 5400
    ? `about ${Math.round(seconds / 60)} min`
    : `about ${formatFigure(seconds / 3600, 2)} h`;
}
