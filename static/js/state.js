/**
 * The one state of the page. Whoever changes it says what changed; whoever shows it subscribes to
 * what it shows. Views know this and nothing of each other.
 *
 * @typedef {import("./pure/epochs.js").Epoch} Epoch
 * @typedef {import("./pure/safetensors.js").Frame} Frame
 * @typedef {import("./pure/fields.js").Spec} Spec
 * @typedef {import("./pure/fields.js").Texts} Texts
 * @typedef {{ id: string, status: string, reason: string | null, spec: Spec, parameters: number,
 *   epoch: number, step: number }} Run
 * @typedef {{ digit: number, confidence: number, outputs: number[], activations: number[][],
 *   image: number[] }} Prediction
 * @typedef {{ x: number, y: number }} Point in 0–1 of the pad's side
 * @typedef {{ texts: Texts, autoRate: boolean, errors: Record<string, string>,
 *   refused: Record<string, string>, attempts: number }} Form
 * @typedef {{ layer: number, neuron: number, cell: number | null }} Pointed
 * @typedef {"connecting" | "open" | "lost" | "gone"} Connection
 * @typedef {{ run: string, defaults: Spec, schema: Record<string, any>,
 *   learning_rates: Record<string, Record<string, number>>, max_dataset_bytes: number }} Page
 * @typedef {{ name: string, title: string, licence: string | null, examples: number,
 *   shape: number[] | null, classes: string[], here: boolean, size: number | null,
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
 * @property {"weights" | "gradient"} show
 * @property {Point[][]} strokes the drawing, changed in place
 * @property {boolean} penDown
 * @property {Prediction | null} prediction
 * @property {string | null} predictionProblem
 * @property {string} reader the id of the run that is asked; "" is the one that is shown
 * @property {Pointed | null} pointed
 * @property {Dataset[]} datasets
 * @property {boolean} offering data of one's own is being chosen
 * @property {{ share: number, problem: null } | { share: null, problem: string } | null} upload
 * @property {"light" | "dark"} theme
 * @property {boolean} visible
 */

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
    strokes: [],
    penDown: false,
    prediction: null,
    predictionProblem: null,
    reader: "",
    datasets: [],
    offering: false,
    upload: null,
    theme: "light",
    visible: true,
  };
}

/** What is known of a run before its first message. */
export function nothingYet() {
  return {
    run: null,
    epochs: /** @type {Epoch[]} */ ([]),
    progress: null,
    frames: { weights: null, gradient: null },
    pointed: null,
  };
}
