/**
 * The slider through the run's epochs. It stops at those with a checkpoint, and its right end is
 * the network as it is now.
 */

import { byId, make, setText } from "../shell/dom.js";
import { stopAt, stopsOf, timeWords } from "./timeline.pure.js";

/**
 * @import { Loop } from "../shell/loop.js"
 * @import { Store } from "../shell/state.js"
 * @import { TimelineService } from "./timeline.service.js"
 */

/**
 * @param {Store} store
 * @param {Loop} loop
 * @param {TimelineService} timeline
 */
export function createTimelineView(store, loop, timeline) {
  const { state } = store;
  const slider = byId("timeline", HTMLInputElement);
  const marks = byId("timeline-stops");
  let stops = [0];
  let at = 0; // the stop where the slider is
  let held = false; // the slider doesn't move by itself while it is held
  let marked = "";

  function draw() {
    if (held) return;
    const newest = state.run?.epoch ?? 0;
    stops = stopsOf(state.kept, newest);
    at = timeline.coming() ?? state.pastEpoch?.epoch ?? newest;
    slider.max = String(Math.max(newest, 1));
    slider.value = String(stops.length > 1 || state.pastEpoch ? at : slider.max);
    slider.disabled = stops.length < 2;
    drawMarks();
    drawWords();
  }

  function drawWords() {
    const words = timeWords(state.run, stops.length, state.pastEpoch?.epoch ?? null);
    setText(byId("timeline-words"), words);
    setText(byId("timeline-problem"), state.timelineProblem ?? "");
    slider.setAttribute("aria-valuetext", words);
    byId("live", HTMLButtonElement).disabled = state.pastEpoch === null;
    byId("timeline-panel").dataset.past = String(state.pastEpoch !== null);
  }

  function drawMarks() {
    const key = stops.join();
    if (key === marked) return;
    marked = key;
    marks.replaceChildren(
      ...stops.map((epoch) => {
        const mark = make("option");
        mark.value = String(epoch);
        return mark;
      }),
    );
  }

  slider.addEventListener("input", () => {
    const stop = stopAt(stops, Number(slider.value), at);
    slider.value = String(stop);
    if (stop === at) return;
    at = stop;
    if (stop === stops[stops.length - 1]) timeline.live();
    else timeline.seek(stop);
  });
  slider.addEventListener("pointerdown", () => (held = !slider.disabled));
  for (const type of ["pointerup", "pointercancel", "lostpointercapture", "change"]) {
    slider.addEventListener(type, () => {
      held = false;
      loop.request(draw);
    });
  }
  byId("live", HTMLButtonElement).addEventListener("click", () => {
    timeline.live();
    slider.focus(); // the button is about to be disabled
  });
  store.subscribe(["run", "kept"], () => loop.request(draw));
  store.subscribe(["pastEpoch", "timelineProblem"], () => loop.request(held ? drawWords : draw));
  loop.request(draw);
}
