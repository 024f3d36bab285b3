/**
 * The keys of the view: ← and → step, Home and End, space plays, ↑ and ↓ choose another neuron, 1 to 9
 * go to a layer, Escape leaves. While it is open the page's own keys do nothing. In the tour's card
 * only ← and → do something here.
 */

import { byId } from "../shell/dom.js";
import { chooseNeuron, goTo } from "./inside.state.js";
import { neuronOn } from "./path.pure.js";
import { columnAt } from "./shown.pure.js";
import { jumpTo } from "./steps.pure.js";

/** @import { InsideStore } from "./inside.state.js" */

/** @returns {HTMLElement[]} the buttons of the question */
const answers = () => [...byId("inside-choices").querySelectorAll("button")];

const TYPED_INTO = "input:not([type=range], [type=checkbox]), select, textarea";
const PRESSED = "button, a, summary, input[type=checkbox], label";

/**
 * @param {InsideStore} own
 * @param {{ stepping: { on: () => void }, leave: () => void, isOpen: () => boolean,
 *   hasSteps: () => boolean }} deeds hasSteps: whether the tab with the steps is the one that is open
 */
export function followInsideKeys(own, { stepping, leave, isOpen, hasSteps }) {
  const { state } = own;

  /** @type {Record<string, () => void>} */
  const keys = {
    ArrowRight: stepping.on,
    ArrowLeft: () => goTo(own, state.step - 1),
    Home: () => goTo(own, 0),
    End: () => goTo(own, (state.walk?.steps.length ?? 1) - 1),
    ArrowDown: () => another(1),
    ArrowUp: () => another(-1),
    " ": () => own.set({ playing: !state.playing }),
    Escape: () => (state.question ? own.set({ question: null }) : leave()),
  };
  for (let number = 1; number <= 9; number += 1) keys[String(number)] = () => press1to9(number);

  /** A digit answers the question that is asked, or goes to a layer. @param {number} number */
  function press1to9(number) {
    if (!state.question) jump(number - 1);
    else answers()[number - 1]?.click();
  }

  /** @param {number} layer */
  function jump(layer) {
    const step = state.walk && jumpTo(state.walk, state.step, layer);
    if (step !== null) goTo(own, step);
  }

  /** Chooses the next neuron of the layer that the step is about. @param {1 | -1} direction */
  function another(direction) {
    const { walk, step, path } = state;
    if (!walk) return;
    const layer = Math.min(columnAt(walk, step), walk.shapes.length - 1);
    const count = layer < 0 ? walk.shapes[0][1] : walk.shapes[layer][0];
    chooseNeuron(own, layer, (neuronOn(path, layer) + direction + count) % count);
  }

  /** @param {KeyboardEvent} event */
  function press(event) {
    const { target, key, ctrlKey, metaKey, altKey, isComposing } = event;
    if (!isOpen() || !(target instanceof Element)) return;
    const isInTour = target.closest("#tour") !== null;
    if (isInTour && key === "Escape") return; // leaves the tour
    event.stopPropagation();
    if (isInTour && key !== "ArrowRight" && key !== "ArrowLeft") return;
    if (!hasSteps() && key !== "Escape") return;
    if (ctrlKey || metaKey || altKey || isComposing || !Object.hasOwn(keys, key)) return;
    const isRange = target instanceof HTMLInputElement && target.type === "range";
    const isOwnRange = isRange && target.id !== "inside-range";
    if (key !== "Escape" && (target.closest(TYPED_INTO) || isOwnRange)) return;
    if (key === " " && target.closest(PRESSED)) return;
    event.preventDefault();
    if (key !== " ") own.set({ playing: false });
    keys[key]();
  }

  addEventListener("keydown", press, { capture: true });
}
