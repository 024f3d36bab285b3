/** The bar of all steps: scrub, play, step on, step back, jump; and the step in words. */

import { byId, make, setText } from "../shell/dom.js";
import { goTo } from "./inside.state.js";
import { groupsOf, PHASE_NAMES, signOf, wordsOf } from "./steps.pure.js";

/**
 * @import { Loop } from "../shell/loop.js"
 * @import { InsideStore } from "./inside.state.js"
 * @import { Group, Phase } from "./steps.pure.js"
 * @import { Walk } from "./walk.pure.js"
 */

const PACE = 2200; // milliseconds for a step that is played
const NARROWEST = 24; // pixels of a cell with its sign
const WIDE = 40; // pixels of a cell, so that two have room for a name

/** @type {Record<Phase, string>} */
const ARROWS = { forward: "→", cost: "", backward: "←", nudge: "" };

/**
 * @param {InsideStore} own
 * @param {Loop} loop
 * @param {{ on: () => void }} stepping goes to the next step, or asks first
 */
export function createBarView(own, loop, stepping) {
  const { state } = own;
  const track = byId("inside-track");
  const range = byId("inside-range", HTMLInputElement);
  /** @type {Walk | null} */
  let walk = null;
  let timer = 0;

  byId("inside-first").addEventListener("click", () => goTo(own, 0));
  byId("inside-back").addEventListener("click", () => goTo(own, state.step - 1));
  byId("inside-on").addEventListener("click", stepping.on);
  byId("inside-play").addEventListener("click", () => own.set({ playing: !state.playing }));
  range.addEventListener("input", () => {
    own.set({ playing: false });
    goTo(own, Number(range.value));
  });

  function build() {
    walk = state.walk;
    if (!walk) return;
    const groups = groupsOf(walk);
    track.style.setProperty("--steps", String(walk.steps.length));
    range.max = String(walk.steps.length - 1);
    byId("inside-groups").replaceChildren(...groups.map(jump));
    const signs = walk.steps.map((_, i) => make("span", "", signOf(/** @type {Walk} */ (walk), i)));
    for (const { first } of groups) signs[first].classList.add("first");
    byId("inside-cells").replaceChildren(...signs);
    measure();
  }

  /** @param {Group} group */
  function jump({ phase, layer, first, count }) {
    const button = make("button");
    button.type = "button";
    button.dataset.first = String(first);
    button.dataset.phase = phase;
    button.style.gridColumn = `span ${count}`;
    const name = PHASE_NAMES[phase];
    const label = layer === null ? name : `layer ${layer + 1}`;
    button.append(make("span", "long", layer === null ? name : `${name} ${layer + 1}`));
    if (layer !== null) button.append(make("span", "arrow", `${ARROWS[phase]} `));
    const short = phase === "nudge" ? "θ" : name; // where its one step is too narrow
    button.append(make("span", "short", layer === null ? short : String(layer + 1)));
    button.setAttribute("aria-label", layer === null ? name : `${name}, ${label}`);
    button.addEventListener("click", () => goTo(own, first));
    return button;
  }

  function measure() {
    const steps = walk?.steps.length ?? 1;
    const cell = track.clientWidth / steps;
    track.style.setProperty("--cell", `${cell}px`);
    track.classList.toggle("narrow", cell < NARROWEST);
    track.classList.toggle("tight", cell < WIDE);
  }

  function draw() {
    if (state.walk !== walk) build();
    if (!walk) return;
    const { step, playing } = state;
    const count = walk.steps.length;
    const words = `Step ${step + 1} of ${count}: ${wordsOf(walk, step)}`;
    range.value = String(step);
    range.setAttribute("aria-valuetext", words);
    setText(byId("inside-said"), words);
    const cells = [...byId("inside-cells").children];
    cells.forEach((cell, i) => {
      cell.classList.toggle("now", i === step);
      cell.classList.toggle("past", i < step);
    });
    for (const button of byId("inside-groups").children) {
      if (!(button instanceof HTMLElement)) continue;
      const first = Number(button.dataset.first);
      const next = button.nextElementSibling;
      const end = next instanceof HTMLElement ? Number(next.dataset.first) : count;
      if (step >= first && step < end) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
    byId("inside-first", HTMLButtonElement).disabled = step === 0;
    byId("inside-back", HTMLButtonElement).disabled = step === 0;
    byId("inside-on", HTMLButtonElement).disabled = step === count - 1;
    const play = byId("inside-play");
    play.setAttribute("aria-label", playing ? "Pause" : "Play");
    play.dataset.playing = String(playing);
  }

  function playOn() {
    clearTimeout(timer);
    const count = state.walk?.steps.length ?? 0;
    if (!state.playing) return;
    if (state.step >= count - 1) {
      own.set({ playing: false });
      return;
    }
    timer = setTimeout(stepping.on, PACE);
  }

  new ResizeObserver(() => loop.request(measure)).observe(track);
  own.subscribe(["walk", "step", "playing"], () => loop.request(draw));
  own.subscribe(["playing"], () => {
    const isAtEnd = state.step === (state.walk?.steps.length ?? 0) - 1;
    if (state.playing && isAtEnd) goTo(own, 0);
  });
  own.subscribe(["step", "playing", "walk", "question"], () => !state.question && playOn());
}
