/** The three neurons that the cost depends on most, each with the parameter to nudge. */

import { layersOf } from "../network/safetensors.pure.js";
import { gradientIn, nameOf, namesOf, shapesOf } from "../network/theta.pure.js";
import { byId, make, setText } from "../shell/dom.js";
import { formatSigned } from "../shell/format.pure.js";
import { frameShown } from "../shell/state.js";
import { strongestByNeuron } from "./sensitive.pure.js";

/**
 * @import { Loop } from "../shell/loop.js"
 * @import { Store } from "../shell/state.js"
 */

const COUNT = 3;
const BETWEEN_DRAWS = 400; // milliseconds

/**
 * @param {Store} store
 * @param {Loop} loop
 */
export function createSensitiveView(store, loop) {
  const { state } = store;
  const list = byId("sensitive-list");
  const rows = Array.from({ length: COUNT }, buildRow);
  let timer = 0;

  function buildRow() {
    const item = make("li");
    const button = make("button", "sensitive-choose");
    button.type = "button";
    button.dataset.testid = "sensitive-choose";
    const name = make("span");
    const slope = make("b");
    button.append(name, slope);
    button.addEventListener("click", () => store.set({ chosen: Number(button.dataset.index) }));
    item.append(button);
    list.append(item);
    return { item, button, name, slope };
  }

  function draw() {
    // The rows keep their order while the pointer or the focus is on one of them.
    if (list.matches(":hover, :focus-within")) return;
    const gradient = gradientIn(frameShown(state, "gradient"));
    const shapes = shapesOf(layersOf(frameShown(state, "weights"), "weights"));
    const found = strongestByNeuron(gradient, COUNT);
    const isFlat = gradient.length > 0 && found.length === 0;
    rows.forEach(({ item, button, name, slope }, i) => {
      const isShown = found[i] || (isFlat && i === 0);
      item.style.visibility = isShown ? "visible" : "hidden"; // nothing moves when it comes
      button.disabled = !found[i];
      if (!found[i]) {
        setText(name, "none: ∂C/∂θ is 0 for every parameter");
        setText(slope, "");
        return;
      }
      const { index, value } = found[i];
      button.dataset.index = String(index);
      button.setAttribute("aria-pressed", String(index === state.chosen));
      setText(name, nameOf(shapes, index, namesOf(state)));
      setText(slope, formatSigned(value));
    });
  }

  function request() {
    if (timer) return;
    timer = setTimeout(() => {
      timer = 0;
      loop.request(draw);
    }, BETWEEN_DRAWS);
  }

  store.subscribe(["frames", "pastEpoch", "run", "measured"], request);
  store.subscribe(["chosen"], () => {
    for (const { button } of rows)
      button.setAttribute("aria-pressed", String(Number(button.dataset.index) === state.chosen));
  });
  loop.request(draw);
}
