/**
 * The state of the view Look inside: one walk, one step of it, what is chosen and what is pointed at.
 * All its parts draw from it.
 *
 * @typedef {object} InsideState
 * @property {Walk | null} walk
 * @property {string | null} problem why there is none, in words
 * @property {number} step
 * @property {Path} path that is chosen
 * @property {Pointed} followed the parameter on it that is followed
 * @property {Mark | null} hovered
 * @property {boolean} playing
 * @property {Panel} panel
 * @property {number} amount to nudge the followed parameter by
 * @property {boolean} asks questions before the next step is shown
 * @property {Question | null} question that is asked now
 * @property {string} answer what came of the last one, in words
 * @property {Batch} batch
 * @property {Theme} theme
 *
 * @typedef {InsideAt["panel"]} Panel
 *
 * @typedef {object} InsideStore
 * @property {InsideState} state read it, never write to it
 * @property {(changes: Partial<InsideState>) => void} set
 * @property {(keys: (keyof InsideState)[], listener: () => void) => void} subscribe
 *
 * @typedef {object} Tools what a tab works with
 * @property {Store} store
 * @property {InsideStore} own
 * @property {Loop} loop
 * @property {PadImage} padImage
 * @property {() => void} again walks through the network once more, as it is now
 */

import { along, firstPath, fits, through, weightOn } from "./path.pure.js";

/**
 * @import { PadImage } from "../pad/pad-image.js"
 * @import { Pointed } from "../network/neuron.pure.js"
 * @import { Theme } from "../shell/colour.pure.js"
 * @import { Loop } from "../shell/loop.js"
 * @import { InsideAt, Store } from "../shell/state.js"
 * @import { Batch } from "./batch.pure.js"
 * @import { Mark } from "./names.pure.js"
 * @import { Path } from "./path.pure.js"
 * @import { Question } from "./question.pure.js"
 * @import { Walk } from "./walk.pure.js"
 */

/** @param {Theme} theme @returns {InsideStore} */
export function createInsideStore(theme) {
  /** @type {InsideState} */
  const state = {
    walk: null,
    problem: null,
    step: 0,
    path: [],
    followed: { layer: 0, neuron: 0, cell: 0 },
    hovered: null,
    playing: false,
    panel: "line",
    amount: 0,
    asks: false,
    question: null,
    answer: "",
    batch: { members: [], wanted: 0, problem: null },
    theme,
  };
  /** @type {{ keys: (keyof InsideState)[], listener: () => void }[]} */
  const subscriptions = [];
  return {
    state,
    set(changes) {
      const keys = /** @type {(keyof InsideState)[]} */ (Object.keys(changes));
      const changed = keys.filter((key) => !Object.is(state[key], changes[key]));
      Object.assign(state, changes);
      for (const { keys: wanted, listener } of subscriptions) {
        if (wanted.some((key) => changed.includes(key))) listener();
      }
    },
    subscribe(keys, listener) {
      subscriptions.push({ keys, listener });
    },
  };
}

/** Shows a walk, from its first step if it is another network's; what is chosen stays if it can. @param {InsideStore} store @param {Walk} walk */
export function showWalk({ state, set }, walk) {
  const isAlike = state.walk?.steps.length === walk.steps.length && fits(walk, state.path);
  const path = firstPath(walk);
  set({
    walk,
    problem: null,
    path,
    followed: weightOn(path, 0),
    step: isAlike ? state.step : 0,
    amount: 0,
    hovered: null,
    question: null,
    answer: "",
  });
}

/** Chooses a weight or a bias, and the path along it. @param {InsideStore} store @param {Pointed} followed */
export function choose({ state, set }, followed) {
  set({ followed, path: along(state.path, followed), amount: 0 });
}

/** Chooses a neuron, or a pixel. @param {InsideStore} store @param {number} layer −1: the inputs @param {number} neuron */
export function chooseNeuron({ state, set }, layer, neuron) {
  const path = through(state.path, layer, neuron);
  set({ path, followed: weightOn(path, Math.max(0, layer)), amount: 0 });
}

/** Goes to a step. @param {InsideStore} store @param {number} step */
export function goTo({ state, set }, step) {
  const last = (state.walk?.steps.length ?? 1) - 1;
  set({ step: Math.max(0, Math.min(last, step)), question: null, answer: "" });
}
