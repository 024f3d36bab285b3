/** An epoch: what it is in the run’s own numbers, and its steps, where they can be made. */

import { byId, setText } from "../shell/dom.js";
import { canStep, endWords, epochWords, whyNoStep } from "./epoch.pure.js";

/**
 * @import { Loop } from "../shell/loop.js"
 * @import { Store } from "../shell/state.js"
 * @import { InsideStore } from "./inside.state.js"
 * @import { Stepping } from "./stepping.service.js"
 */

/** @param {Store} store @param {InsideStore} own @param {Loop} loop @param {Stepping} stepping */
export function createEpochView({ state, subscribe }, own, loop, stepping) {
  const one = byId("inside-epoch-step", HTMLButtonElement);
  const all = byId("inside-epoch-end", HTMLButtonElement);
  let said = "";
  let isGoing = false;
  let began = 0; // the epochs that were complete when the steps began

  one.addEventListener("click", () => go(true));
  all.addEventListener("click", () => (isGoing ? stepping.stop() : go(false)));

  /** @param {boolean} isOne */
  async function go(isOne) {
    began = state.run?.epoch ?? 0;
    isGoing = true;
    requestDraw();
    await stepping.make(isOne, (words) => {
      said = words;
      requestDraw();
    });
    isGoing = false;
    requestDraw();
  }

  function draw() {
    const { run, datasets, pastEpoch, epochs } = state;
    if (!run || own.state.panel !== "batch") return;
    const isOpen = pastEpoch === null && (canStep(run) || isGoing);
    const ended = said ? epochs.findLast(({ epoch }) => epoch === began + 1) : undefined;
    setText(byId("inside-epoch-words"), epochWords(run, datasets));
    byId("inside-epoch-deeds").hidden = !isOpen;
    one.disabled = isGoing;
    setText(all, isGoing ? "Stop" : "Go on to the end of the epoch");
    setText(
      byId("inside-epoch-said"),
      ended ? `${said} ${endWords(ended)}` : said || (isOpen ? "" : whyNoStep(run)),
    );
  }

  const requestDraw = () => loop.request(draw);
  subscribe(["watched"], () => {
    said = "";
  });
  subscribe(["run", "datasets", "epochs", "pastEpoch"], requestDraw);
  own.subscribe(["panel", "walk"], requestDraw);
}
