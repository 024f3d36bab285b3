/** The list of earlier runs, whose lines stand behind the charts' own; each can be removed from it. */

import { byId, make, setText } from "../shell/dom.js";
import { formatShare } from "../shell/format.pure.js";
import { categoryOfRun, categoryStyle } from "./colours.pure.js";
import { lineSample } from "./key.view.js";

/**
 * @import { EarlierRun } from "./earlier-runs.pure.js"
 * @import { Loop } from "../shell/loop.js"
 * @import { Store } from "../shell/state.js"
 */

/**
 * @param {Store} store
 * @param {Loop} loop
 * @param {(id: string | null) => void} mark highlights a run's lines, or none
 */
export function createEarlierRunsView(store, loop, mark) {
  const { state } = store;
  const details = byId("earlier", HTMLDetailsElement);
  const list = byId("earlier-list");

  function draw() {
    const { earlierRuns } = state;
    const count = earlierRuns.length;
    byId("earlier-none").hidden = count > 0;
    details.hidden = count === 0;
    if (count === 0) details.open = false;
    setText(byId("earlier-count"), count === 1 ? "1 earlier run" : `${count} earlier runs`);
    list.replaceChildren(...earlierRuns.map(itemOf));
  }

  /** @param {EarlierRun} run */
  function itemOf(run) {
    const { id, number, name, epochs } = run;
    const colour = categoryStyle(categoryOfRun(run));
    const item = make("li");
    const last = epochs[epochs.length - 1];
    const forget = make("button", "small", "Forget");
    forget.type = "button";
    forget.setAttribute("aria-label", `Forget run ${number}`);
    forget.addEventListener("click", () => {
      const index = state.earlierRuns.findIndex((run) => run.id === id);
      mark(null);
      store.set({ earlierRuns: state.earlierRuns.filter((run) => run.id !== id) });
      loop.request(() => focusAfter(index));
    });
    for (const type of ["pointerenter", "focusin"]) item.addEventListener(type, () => mark(id));
    for (const type of ["pointerleave", "focusout"]) item.addEventListener(type, () => mark(null));
    item.append(
      lineSample({ colour, dash: "", width: 2 }),
      make("span", "", `run ${number}: ${name}`),
      make("b", "", formatShare(last.test_accuracy)),
      make("span", "quiet", `epoch ${last.epoch}`),
      forget,
    );
    return item;
  }

  /** Moves the focus from a button that was removed to the next one. @param {number} index */
  function focusAfter(index) {
    const buttons = list.querySelectorAll("button");
    buttons[Math.min(index, buttons.length - 1)]?.focus();
  }

  store.subscribe(["earlierRuns"], () => loop.request(draw));
  loop.request(draw);
}
