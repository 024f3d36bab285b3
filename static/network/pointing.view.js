/**
 * Finds the neuron or weight that is pointed at, and the one that is pinned, with the mouse, a
 * finger or the keyboard. Arrow keys move from neuron to neuron; Enter pins one, and then the arrow
 * keys move from weight to weight; Escape lets go.
 */

import { byId } from "../shell/dom.js";
import { indexOf } from "./neuron.pure.js";

/**
 * @import { Pointed } from "./neuron.pure.js"
 * @import { Store } from "../shell/state.js"
 */

/**
 * @typedef {object} Scenery where things are in the picture
 * @property {() => number[][]} shapes of the weights: (neurons, inputs) of each layer
 * @property {(layer: number) => number} columnsOf
 * @property {(x: number, y: number) => Pointed | null} edgeAt
 */

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * @param {HTMLElement} scene
 * @param {Store} store
 * @param {Scenery} scenery
 */
export function followPointing(scene, store, scenery) {
  const { state } = store;
  const space = byId("scene-space");
  let inside = false; // the keyboard moves within a neuron's weights

  /** @param {EventTarget | null} target @returns {HTMLElement | null} */
  const neuronOf = (target) => (target instanceof Element ? target.closest(".neuron") : null);

  /** @param {Pointed | null} pointed */
  function point(pointed) {
    if (!isSame(pointed, state.pointed)) store.set({ pointed });
  }

  /** @param {Pointed} pointed */
  function pin(pointed) {
    if (!isSame(pointed, state.pinned))
      store.set({ pinned: pointed, chosen: indexOf(scenery.shapes(), pointed) });
  }

  function letGo() {
    inside = false;
    store.set({ pointed: null, pinned: null });
  }

  /** @param {HTMLElement} button @param {number | null} cell @returns {Pointed} */
  const whole = (button, cell = null) => ({
    layer: Number(button.dataset.layer),
    neuron: Number(button.dataset.neuron),
    cell,
  });

  /** The neuron or weight under the pointer. @param {MouseEvent} event */
  function pointedBy(event) {
    const button = neuronOf(event.target);
    if (button) return whole(button, cellAt(button, event));
    const box = space.getBoundingClientRect();
    return scenery.edgeAt(event.clientX - box.left, event.clientY - box.top);
  }

  /** @param {HTMLElement} button @param {MouseEvent} event */
  function cellAt(button, event) {
    const canvas = button.querySelector("canvas");
    if (!canvas) return null;
    const box = canvas.getBoundingClientRect();
    const column = Math.floor(((event.clientX - box.left) / box.width) * canvas.width);
    const row = Math.floor(((event.clientY - box.top) / box.height) * canvas.height);
    const within = column >= 0 && column < canvas.width && row >= 0 && row < canvas.height;
    return within ? row * canvas.width + column : null;
  }

  scene.addEventListener("pointermove", (event) => {
    if (event.pointerType === "touch") return; // a finger scrolls; only its taps point at something
    const pointed = pointedBy(event);
    space.classList.toggle("over-edge", pointed !== null && !neuronOf(event.target));
    if (pointed) point(pointed);
    else leave();
  });
  scene.addEventListener("pointerleave", (event) => event.pointerType !== "touch" && leave());
  scene.addEventListener("click", (event) => {
    const button = neuronOf(event.target);
    // A press by a screen reader has no position.
    const pointed = button && event.detail === 0 ? whole(button) : pointedBy(event);
    if (button) makeOnlyStop(button);
    if (pointed) pin(pointed);
    else letGo();
  });
  scene.addEventListener("focusin", (event) => {
    const button = neuronOf(event.target);
    if (!button) return;
    makeOnlyStop(button);
    inside = false;
    if (button.matches(":focus-visible")) point(whole(button));
  });
  scene.addEventListener("focusout", () => {
    inside = false;
    point(null);
  });
  scene.addEventListener("keydown", onKey);
  byId("inspector").addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Escape") close();
  });
  byId("inspector-close").addEventListener("click", close);

  /** Lets go, and returns the focus to the neuron that was pinned. */
  function close() {
    const { pinned } = state;
    /** @type {HTMLElement | null} */
    const button =
      pinned &&
      scene.querySelector(`[data-layer="${pinned.layer}"][data-neuron="${pinned.neuron}"]`);
    button?.focus();
    letGo();
  }

  /** When the mouse has left, the focused neuron, if any, is pointed at again. */
  function leave() {
    space.classList.remove("over-edge");
    /** @type {HTMLElement | null} */
    const focused = scene.querySelector(".neuron:focus-visible");
    point(focused && !state.pinned ? whole(focused) : null);
  }

  /** Makes a button the only one of its layer that Tab reaches. @param {HTMLElement} button */
  function makeOnlyStop(button) {
    for (const other of neighbours(button)) other.tabIndex = other === button ? 0 : -1;
  }

  /** @param {HTMLElement} button @returns {HTMLElement[]} */
  const neighbours = (button) => {
    /** @type {NodeListOf<HTMLElement> | undefined} */
    const all = button.closest("ol")?.querySelectorAll(".neuron");
    return [...(all ?? [])];
  };

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const button = neuronOf(event.target);
    if (!button) return;
    if (event.key === "Escape") letGo();
    else if (event.key === "Enter" || event.key === " ") {
      if (inside) letGo();
      else {
        pin(whole(button, 0));
        inside = true; // after pin(), which may have moved the focus
      }
    } else if (event.key in ARROWS) {
      const [right, down] = ARROWS[event.key];
      if (inside) moveCell(button, right, down);
      else moveNeuron(button, right, down);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {HTMLElement} button @param {number} right @param {number} down */
  function moveCell(button, right, down) {
    const { layer } = whole(button);
    const canvas = button.querySelector("canvas");
    const { width, height } = canvas ?? { width: 1, height: scenery.shapes()[layer][1] };
    const cell = state.pinned?.cell ?? 0;
    const limit = (/** @type {number} */ value, /** @type {number} */ count) =>
      Math.max(0, Math.min(count - 1, value));
    // The weights of a neuron in a later layer are a list: every arrow key moves along it.
    if (!canvas) pin(whole(button, limit(cell + right + down, height)));
    else
      pin(
        whole(
          button,
          limit(Math.floor(cell / width) + down, height) * width +
            limit((cell % width) + right, width),
        ),
      );
  }

  /** @param {HTMLElement} button @param {number} right @param {number} down */
  function moveNeuron(button, right, down) {
    const all = neighbours(button);
    const columns = button.closest(".strip") ? all.length : scenery.columnsOf(whole(button).layer);
    all[all.indexOf(button) + right + down * columns]?.focus();
  }
}

/** @param {Pointed | null} one @param {Pointed | null} other */
function isSame(one, other) {
  if (!one || !other) return one === other;
  return one.layer === other.layer && one.neuron === other.neuron && one.cell === other.cell;
}
