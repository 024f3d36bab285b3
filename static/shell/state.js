/**
 * The one state of the page. Whoever changes it says what changed; whoever shows it subscribes to
 * what it shows. Views know this and nothing of each other.
 *
 * @typedef {import("../runs/epochs.pure.js").Epoch} Epoch
 * @typedef {import("../network/safetensors.pure.js").Frame} Frame
 * @typedef {import("../form/fields.pure.js").Spec} Spec
 * @typedef {import("../form/fields.pure.js").Texts} Texts
 * @typedef {{ id: string, status: string, reason: string | null, spec: Spec, parameters: number,
 *   epoch: number, step: number, name: string | null, created: string, yours: boolean,
 *   place: number | null }} Run place: in the queue, from 1
 * @typedef {{ digit: number, confidence: number, outputs: number[], activations: number[][],
 *   image: number[] }} Prediction
 * @typedef {{ x: number, y: number, pressure: number }} Point x and y in 0–1 of the pad's side
 * @typedef {{ points: Point[], width: number, erase: boolean }} Stroke its width in 0–1, too
 * @typedef {{ image: number[], label: number, name: string, shape?: number[] | null }} Picture a
 *   digit put on the pad: its pixels, 0–1, row by row, what it is, where it comes from, in words,
 *   and its rows and columns, where it is not square
 * @typedef {{ image: number[], label: number }} Drawing that its author has labelled
 * @typedef {{ texts: Texts, autoRate: boolean, errors: Record<string, string>,
 *   refused: Record<string, string>, attempts: number }} Form
 * @typedef {{ layer: number, neuron: number, cell: number | null }} Pointed a neuron, or with a cell
 *   one of its weights: from that pixel, or from that neuron of the layer before (an edge)
 * @typedef {{ index: number, amount: number, cost: number | null, predicted: number | null,
 *   measured: number | null }} Nudged what the server says of a nudge: the cost now, and after it
 * @typedef {{ answer: Nudged | null, samples: [number, number][], applied: Nudged | null,
 *   applying: boolean, problem: string | null }} Nudge samples: amounts and their measured costs
 * @typedef {{ epoch: number, frame: Frame }} Past
 * @typedef {{ index: number, label: number, digit: number, confidence: number, image: string }} Mistake
 * @typedef {{ epoch: number, step: number, examples: number, right: number, confusion: number[][],
 *   wrong: Mistake[] }} Mistakes on the test set; a row of the confusion matrix for each truth
 * @typedef {import("../charts/earlier-runs.pure.js").EarlierRun} EarlierRun
 * @typedef {"connecting" | "open" | "lost" | "gone"} Connection
 * @typedef {{ run: string, defaults: Spec, schema: Record<string, any>,
 *   learning_rates: Record<string, Record<string, number>>, max_dataset_bytes: number }} Page
 * @typedef {{ name: string, title: string, licence: string | null, examples: number,
 *   training_examples: number, shape: number[] | null, classes: string[], here: boolean, size: number | null,
 *   download: Download | null }} Dataset
 * @typedef {{ status: "downloading" | "failed", bytes: number, total_bytes: number | null,
 *   detail: string | null }} Download
 *
 * @typedef {object} State
 * @property {Page} page what the server put into the page
 * @property {string} watched the id of the run that is shown
 * @property {Run | null} run
 * @property {Epoch[]} epochs the history, changed in place
 * @property {{ epoch: number, step: number, steps_per_epoch: number, cost: number } | null} progress
 * @property {{ weights: Frame | null, gradient: Frame | null }} frames the newest of each kind
 * @property {Connection} connection
 * @property {string | null} problem what went wrong with the last command, in words
 * @property {boolean} busy a command is on its way
 * @property {Form} form
 * @property {"weights" | "gradient" | "activations"} show
 * @property {Stroke[]} strokes the drawing, changed in place
 * @property {Picture | null} picture what lies under the strokes
 * @property {Drawing[]} drawings those that their author has labelled, in this session
 * @property {boolean} useDrawings the next run trains on them, too
 * @property {{ width: number, erase: boolean }} pen as strokes have it
 * @property {boolean} penDown
 * @property {Prediction | null} prediction
 * @property {string | null} predictionProblem
 * @property {boolean} unread whether the drawing has changed since the prediction
 * @property {string} reader the id of a second network that is asked, too; "" is none
 * @property {{ digit: number, confidence: number } | null} opinion what that one reads
 * @property {Pointed | null} pointed
 * @property {Pointed | null} pinned by a click: it stays in view until it is let go
 * @property {number | null} chosen the parameter to nudge, as an index of θ
 * @property {number} amount to nudge it by
 * @property {Nudge} nudge what is known of it
 * @property {number[]} kept the epochs whose checkpoints the server keeps
 * @property {Past | null} past the epoch that is looked back at; null is live
 * @property {string | null} pastProblem why an epoch can't be looked back at
 * @property {Mistakes | null} mistakes
 * @property {string | null} mistakesProblem
 * @property {EarlierRun[]} earlier the last runs of this browser, the newest first
 * @property {"help" | "code" | "runs" | null} dialog
 * @property {Run[] | null} runs one's own, the newest first; null before they have been asked for
 * @property {string | null} runsProblem why they can't be told, in words
 * @property {Record<string, { epoch: number, accuracy: number | null }>} accuracies of runs in the
 *   list on the test digits, by their ids
 * @property {string | null} copied what the run is called whose setup has just been put into the form
 * @property {string | null} teacherShows the id of a run
 * @property {number | null} tour the step of the guided tour, from 1
 * @property {Dataset[]} datasets
 * @property {boolean} offering data of one's own is being chosen
 * @property {{ share: number, problem: null } | { share: null, problem: string } | null} upload
 * @property {"light" | "dark"} theme
 * @property {boolean} visible
 */

import { PEN_WIDTH } from "../pad/stroke.pure.js";

/**
 * @typedef {object} Store
 * @property {State} state read it, never write to it
 * @property {(changes: Partial<State>) => void} set
 * @property {(...keys: (keyof State)[]) => void} touch tells of something changed in place
 * @property {(keys: (keyof State)[], listener: () => void) => () => void} subscribe
 */

/**
 * @param {State} state
 * @returns {Store}
 */
export function createStore(state) {
  /** @type {Set<{ keys: (keyof State)[], listener: () => void }>} */
  const subscriptions = new Set();

  /** @param {string[]} changed */
  function tell(changed) {
    for (const { keys, listener } of [...subscriptions]) {
      if (keys.some((key) => changed.includes(key))) listener();
    }
  }

  return {
    state,
    set(changes) {
      const changed = Object.keys(changes).filter((key) => !Object.is(state[key], changes[key]));
      Object.assign(state, changes);
      if (changed.length) tell(changed);
    },
    touch(...keys) {
      tell(keys);
    },
    subscribe(keys, listener) {
      const subscription = { keys, listener };
      subscriptions.add(subscription);
      return () => subscriptions.delete(subscription);
    },
  };
}

/**
 * @param {Page} page
 * @param {Form} form
 * @returns {State}
 */
export function firstState(page, form) {
  return {
    page,
    watched: page.run,
    ...nothingYet(),
    connection: "connecting",
    problem: null,
    busy: false,
    form,
    show: "weights",
    amount: 0.1,
    strokes: [],
    picture: null,
    drawings: [],
    useDrawings: false,
    pen: { width: PEN_WIDTH.usual, erase: false },
    penDown: false,
    prediction: null,
    predictionProblem: null,
    unread: false,
    reader: "pretrained-large",
    opinion: null,
    earlier: [],
    dialog: null,
    runs: null,
    runsProblem: null,
    accuracies: {},
    teacherShows: null,
    tour: null,
    datasets: [],
    offering: false,
    upload: null,
    theme: "light",
    visible: true,
  };
}

/** @returns {Nudge} */
export function noNudge() {
  return { answer: null, samples: [], applied: null, applying: false, problem: null };
}

/** What is known of a run before its first message. */
export function nothingYet() {
  return {
    run: null,
    epochs: /** @type {Epoch[]} */ ([]),
    progress: null,
    frames: { weights: null, gradient: null },
    pointed: null,
    pinned: null,
    chosen: null,
    nudge: noNudge(),
    kept: /** @type {number[]} */ ([]),
    past: null,
    pastProblem: null,
    mistakes: null,
    mistakesProblem: null,
    copied: /** @type {string | null} */ (null),
  };
}

/**
 * The frame that the page shows: of the epoch that is looked back at, or the newest. No gradient is
 * kept of past epochs.
 * @param {State} state
 * @param {"weights" | "gradient"} kind
 * @returns {Frame | null}
 */
export function frameShown({ past, frames }, kind) {
  if (past) return kind === "weights" ? past.frame : null;
  return frames[kind];
}
