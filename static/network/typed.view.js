/** The value of the pinned weight or bias as a field: a run of one's own takes what is typed there. */

import { wordsOf } from "../shell/api.js";
import { byId, setText } from "../shell/dom.js";
import { formatCount, formatSigned } from "../shell/format.pure.js";
import { numberOf } from "../shell/number.pure.js";
import { frameShown } from "../shell/state.js";
import { changeWords, setByHand, takeBack } from "../slope/by-hand.service.js";
import { whyNotApplied } from "../slope/nudge.pure.js";
import { indexOf } from "./neuron.pure.js";
import { layersOf } from "./safetensors.pure.js";
import { nameOf, namesOf, shapesOf, valueAt } from "./theta.pure.js";

/**
 * @import { Loop } from "../shell/loop.js"
 * @import { Store } from "../shell/state.js"
 */

const MOST = 1e6; // as the server allows

/** @param {Store} store @param {Loop} loop */
export function createTypedView(store, loop) {
  const { state } = store;
  const field = byId("inspector-value", HTMLInputElement);
  const undo = byId("inspector-undo");
  const said = byId("inspector-typed");

  const layers = () => layersOf(frameShown(state, "weights"), "weights");
  const name = (/** @type {number} */ index) => nameOf(shapesOf(layers()), index, namesOf(state));

  /** The pinned parameter; null where nothing can be typed. */
  function indexTyped() {
    const shapes = shapesOf(layers());
    const { pinned } = state;
    return pinned && shapes[pinned.layer] && !whyNotApplied(state) ? indexOf(shapes, pinned) : null;
  }

  function draw() {
    const index = indexTyped();
    field.hidden = index === null;
    undo.hidden = index === null || state.changes.length === 0;
    if (index === null) {
      setText(said, "");
      return;
    }
    field.setAttribute("aria-label", `The value of ${name(index)}`);
    // Leaves the field alone while somebody types in it.
    if (document.activeElement !== field) field.value = formatSigned(valueAt(layers(), index));
  }

  /** @param {string} words */
  function tell(words) {
    setText(said, words);
    said.scrollIntoView({ block: "nearest" });
  }

  async function put() {
    const index = indexTyped();
    const value = numberOf(field.value);
    const fits = value !== null && Math.abs(value) <= MOST;
    field.setAttribute("aria-invalid", String(!fits));
    if (index === null || !fits) {
      tell(`Type a number from −${formatCount(MOST)} to ${formatCount(MOST)}.`);
      return;
    }
    try {
      tell(changeWords("It", await setByHand(store, { index, value })));
    } catch (error) {
      tell(wordsOf(error));
    }
  }

  async function takeLastBack() {
    try {
      const made = await takeBack(store);
      if (made) tell(changeWords(name(made.index), made.told));
    } catch (error) {
      tell(wordsOf(error));
    }
  }

  field.addEventListener("focus", () => field.select());
  field.addEventListener("change", put);
  field.addEventListener("blur", () => {
    field.removeAttribute("aria-invalid");
    loop.request(draw);
  });
  field.addEventListener("keydown", ({ key }) => {
    if (key === "Enter") field.select();
  });
  undo.addEventListener("click", takeLastBack);
  store.subscribe(["pinned"], () => {
    field.removeAttribute("aria-invalid");
    setText(said, "");
  });
  store.subscribe(["pinned", "frames", "run", "pastEpoch", "connection", "changes"], () =>
    loop.request(draw),
  );
  draw();
}
