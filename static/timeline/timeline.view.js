/** The slider through the run's epochs: it stops at those that are kept, and its right end is now. */

import { byId, make, setText } from "../shell/dom.js";
import { stopAt, stopsOf, timeWords } from "./timeline.pure.js";

/**
 * @param {import("../shell/state.js").Store} store
 * @param {ReturnType<typeof import("../shell/loop.js").createLoop>} loop
 * @param {ReturnType<typeof import("./timeline.service.js").createPast>} past
 */
export function createTimelineView(store, loop, past) {
  const { state } = store;
  const slider = byId("timeline");
  const marks = byId("timeline-stops");
  let stops = [0];
  let at = 0; // the stop that the slider stands at
  let held = false; // a slider in the hand does not move by itself
  let marked = "";

  function draw() {
    if (held) return;
    const newest = state.run?.epoch ?? 0;
    stops = stopsOf(state.kept, newest);
    at = past.coming() ?? state.past?.epoch ?? newest;
    slider.max = String(Math.max(newest, 1));
    slider.value = String(stops.length > 1 || state.past ? at : slider.max);
    slider.disabled = stops.length < 2;
    drawMarks();
    drawWords();
  }

  function drawWords() {
    const words = timeWords(state.run, stops.length, state.past?.epoch ?? null);
    setText(byId("timeline-words"), words);
    setText(byId("timeline-problem"), state.pastProblem ?? "");
    slider.setAttribute("aria-valuetext", words);
    byId("live").disabled = state.past === null;
    byId("timeline-panel").dataset.past = String(state.past !== null);
  }

  function drawMarks() {
    const key = stops.join();
    if (key === marked) return;
    marked = key;
    marks.replaceChildren(...stops.map((epoch) => {
      const mark = make("option");
      mark.value = String(epoch);
      return mark;
    }));
  }

  slider.addEventListener("input", () => {
    const stop = stopAt(stops, Number(slider.value), at);
    slider.value = String(stop);
    if (stop === at) return;
    at = stop;
    if (stop === stops[stops.length - 1]) past.live();
    else past.seek(stop);
  });
  slider.addEventListener("pointerdown", () => (held = !slider.disabled));
  for (const type of ["pointerup", "pointercancel", "lostpointercapture", "change"]) {
    slider.addEventListener(type, () => {
      held = false;
      loop.request(draw);
    });
  }
  byId("live").addEventListener("click", () => {
    past.live();
    slider.focus(); // the button has nothing more to do
  });
  store.subscribe(["run", "kept"], () => loop.request(draw));
  store.subscribe(["past", "pastProblem"], () => loop.request(held ? drawWords : draw));
  loop.request(draw);
}
