/**
 * The state of the page. A module that changes it says which keys have changed; a view subscribes
 * to the keys that it shows. Views know only this module, not each other.
 *
 * @typedef {"connecting" | "open" | "lost" | "gone"} Connection
 *
 * @typedef {object} Measured
 * @property {Frame} of the network
 * @property {Frame} gradient
 * @property {Descent} descent the cost along −∇C, or along the step that it was made by
 *
 * @typedef {object} InsideAt a place in Look inside
 * @property {"line" | "parameter" | "batch"} panel
 * @property {string} step the array that it computes; first, last and hidden stand for layers
 *
 * @typedef {object} State
 * @property {Page} page what the server put into the page
 * @property {string} watched the id of the run that is shown
 * @property {Run | null} run
 * @property {Epoch[]} epochs the history, changed in place
 * @property {StepCost[]} steps what the steps have cost, changed in place
 * @property {Progress | null} progress
 * @property {{ weights: Frame | null, gradient: Frame | null }} frames the newest of each kind
 * @property {Connection} connection
 * @property {boolean} silent the connection was lost without being closed: nothing came any more
 * @property {boolean} byHttp no WebSocket gets through: the page asks by HTTP
 * @property {number} statusesHeard how many changes of state the socket has told of
 * @property {string | null} problem what went wrong with the last command, in words
 * @property {boolean} busy a command is on its way
 * @property {Form} form
 * @property {Show} show
 * @property {Stroke[]} strokes the drawing, changed in place
 * @property {Picture | null} picture the one under the strokes
 * @property {Drawing[]} drawings those that the visitor has labelled in this session
 * @property {boolean} useDrawings whether the next run also trains on them
 * @property {{ learning: boolean, words: string } | null} lesson of a drawing that is learned, and what
 *   came of it
 * @property {Pen} pen
 * @property {boolean} penDown
 * @property {boolean} ghost nobody has touched the page: it writes digits by itself
 * @property {Prediction | null} prediction
 * @property {string | null} predictionProblem
 * @property {string} reader the id of a second network to ask; "" is none
 * @property {Opinion | null} opinion the second network's answer
 * @property {Story | null} story of the step that was just made, while it is told
 * @property {Pointed | null} pointed
 * @property {Pointed | null} pinned by a click; it stays in view until it is let go
 * @property {number | null} chosen the parameter to nudge, as an index of θ
 * @property {number} amount to nudge it by
 * @property {number} reach of the nudge, to either side
 * @property {Nudge} nudge the server's answers about it
 * @property {Setting[]} changes by hand, of the run that is watched: what each parameter was before
 * @property {Measured | null} measured of a network that stands still, or is nudged
 * @property {number[]} kept the epochs whose checkpoints the server keeps
 * @property {PastEpoch | null} pastEpoch the past epoch that is shown; null is live
 * @property {string | null} timelineProblem why a past epoch can't be shown
 * @property {Mistakes | null} mistakes
 * @property {string | null} mistakesProblem
 * @property {EarlierRun[]} earlierRuns the last runs of this browser, the newest first
 * @property {"help" | "code" | "runs" | null} dialog
 * @property {Run[] | null} runs the visitor's own, the newest first; null before they have arrived
 * @property {string | null} runsProblem why there is no list, in words
 * @property {string | null} copied the name of the run whose setup was just put into the form
 * @property {string | null} teacherShows the id of a run
 * @property {number | null} tour the lesson of the guided tour, from 1
 * @property {boolean} inside Look inside is open, over the page
 * @property {InsideAt | null} insideAt what the lesson is about, if it is about Look inside
 * @property {boolean} teacherLooks whether it is brought to every screen
 * @property {Sent | null} teacherSent
 * @property {string | null} held why no run may train now, in words
 * @property {{ number: number, guess: number | null } | null} task of the teacher's sheet; guess: which
 *   answer was guessed
 * @property {boolean} present the page is shown to an audience: large, and without the form
 * @property {Tab} tab the part of the page that a phone shows
 * @property {Dataset[]} datasets
 * @property {boolean} offering a file of the visitor's own data is being chosen
 * @property {Upload | null} upload
 * @property {Theme} theme
 * @property {number} density pixels of the screen for each of the page's
 * @property {boolean} visible
 */

import { PEN_WIDTH } from "../pad/stroke.pure.js";
import { REACH } from "../slope/nudge.pure.js";

/**
 * @import { EarlierRun } from "../charts/earlier-runs.pure.js"
 * @import { Dataset, Upload } from "../datasets/datasets.pure.js"
 * @import { Drawing } from "../drawings/drawings.pure.js"
 * @import { Form } from "../form/form.pure.js"
 * @import { Nudge, Setting } from "../slope/nudge.pure.js"
 * @import { Mistakes } from "../mistakes/mistakes.pure.js"
 * @import { Show } from "../network/captions.pure.js"
 * @import { Pointed } from "../network/neuron.pure.js"
 * @import { Frame } from "../network/safetensors.pure.js"
 * @import { Opinion, Picture, Prediction } from "../pad/prediction.pure.js"
 * @import { Pen, Stroke } from "../pad/stroke.pure.js"
 * @import { Epoch, Progress } from "../runs/epochs.pure.js"
 * @import { Run } from "../runs/run.pure.js"
 * @import { StepCost } from "../runs/step-costs.pure.js"
 * @import { Descent } from "../story/made.pure.js"
 * @import { Story } from "../story/story.pure.js"
 * @import { PastEpoch } from "../timeline/timeline.pure.js"
 * @import { Sent } from "./class-api.js"
 * @import { Theme } from "./colour.pure.js"
 * @import { Page } from "./page.js"
 * @import { Tab } from "./tabs.pure.js"
 */

/**
 * @typedef {object} Store
 * @property {State} state read it, never write to it
 * @property {(changes: Partial<State>) => void} set
 * @property {(...keys: (keyof State)[]) => void} touch says that values were changed in place
 * @property {(keys: (keyof State)[], listener: () => void) => () => void} subscribe
 */

/**
 * @param {State} state
 * @returns {Store}
 */
export function createStore(state) {
  /** @type {Set<{ keys: (keyof State)[], listener: () => void }>} */
  const subscriptions = new Set();

  /** @param {(keyof State)[]} changed */
  function tell(changed) {
    for (const { keys, listener } of [...subscriptions]) {
      if (keys.some((key) => changed.includes(key))) listener();
    }
  }

  return {
    state,
    set(changes) {
      const keys = /** @type {(keyof State)[]} */ (Object.keys(changes));
      const changed = keys.filter((key) => !Object.is(state[key], changes[key]));
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
    silent: false,
    byHttp: false,
    statusesHeard: 0,
    problem: null,
    busy: false,
    form,
    show: "weights",
    amount: 0,
    reach: REACH.first,
    strokes: [],
    picture: null,
    drawings: [],
    useDrawings: false,
    lesson: null,
    pen: { width: PEN_WIDTH.usual, erase: false },
    penDown: false,
    ghost: false,
    prediction: null,
    predictionProblem: null,
    reader: "pretrained-large",
    opinion: null,
    earlierRuns: [],
    dialog: null,
    runs: null,
    runsProblem: null,
    teacherShows: null,
    teacherLooks: false,
    teacherSent: null,
    held: null,
    task: null,
    tour: null,
    inside: false,
    insideAt: null,
    present: false,
    tab: "draw",
    datasets: [],
    offering: false,
    upload: null,
    theme: "light",
    density: 1,
    visible: true,
  };
}

/** @returns {Nudge} */
export function noNudge() {
  return { answer: null, applied: null, applying: false, problem: null };
}

/** The state of a run before its first message. */
export function nothingYet() {
  return {
    run: null,
    epochs: /** @type {Epoch[]} */ ([]),
    steps: /** @type {StepCost[]} */ ([]),
    progress: null,
    frames: { weights: null, gradient: null },
    story: /** @type {Story | null} */ (null),
    pointed: null,
    pinned: null,
    chosen: null,
    nudge: noNudge(),
    changes: /** @type {Setting[]} */ ([]),
    measured: /** @type {Measured | null} */ (null),
    kept: /** @type {number[]} */ ([]),
    pastEpoch: null,
    timelineProblem: null,
    mistakes: null,
    mistakesProblem: null,
    copied: /** @type {string | null} */ (null),
  };
}

/**
 * The frame that the page shows: that of the past epoch, or else the newest. The gradient is the one
 * that was measured of it, or else that of the newest step.
 * @param {State} state
 * @param {"weights" | "gradient"} kind
 * @returns {Frame | null}
 */
export function frameShown({ pastEpoch, frames, measured }, kind) {
  if (kind === "gradient" && measured) return measured.gradient;
  if (pastEpoch) return kind === "weights" ? pastEpoch.frame : null;
  return frames[kind];
}
