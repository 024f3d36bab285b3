/**
 * “That's wrong, it was a …”: the visitor labels the drawing. It is kept, and the network can be
 * taught it.
 */

import { imagesOf } from "../runs/images.pure.js";
import { byId, make, setText } from "../shell/dom.js";
import { nameOf } from "./prediction.pure.js";

/**
 * @import { DrawingsService } from "../drawings/drawings.service.js"
 * @import { LessonService } from "../drawings/lesson.service.js"
 * @import { Loop } from "../shell/loop.js"
 * @import { Store } from "../shell/state.js"
 */

/**
 * @param {Store} store
 * @param {Loop} loop
 * @param {DrawingsService} drawings
 * @param {LessonService} lesson
 */
export function createPadWrongView(store, loop, drawings, lesson) {
  const { state } = store;
  const button = byId("wrong", HTMLButtonElement);
  const choices = byId("wrong-choices");
  const learn = byId("learn", HTMLButtonElement);
  let shown = "";

  learn.addEventListener("click", lesson.learn);

  const classes = () => imagesOf(state.run).class_names;

  /** @param {boolean} open */
  function toggle(open) {
    choices.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (open) choices.scrollIntoView({ block: "nearest" });
  }

  /** @param {number} label */
  function choose(label) {
    drawings.keep(label);
    toggle(false);
    button.focus();
    const count = state.drawings.length;
    setText(byId("kept"), `Kept as ${nameOf(label, classes())}.`);
    learn.hidden = false;
    lesson.forget();
    setText(byId("kept-all"), `Your drawings: ${count}`);
    byId("kept-all").hidden = false;
  }

  button.addEventListener("click", () => toggle(choices.hidden === true));
  choices.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    toggle(false);
    button.focus();
  });

  function drawChoices() {
    const names = classes();
    if (names.join("\n") === shown) return;
    shown = names.join("\n");
    choices.replaceChildren(
      ...names.map((name, label) => {
        const choice = make("button", "choice", name);
        choice.type = "button";
        choice.addEventListener("click", () => choose(label));
        return choice;
      }),
    );
  }

  function draw() {
    button.disabled = state.prediction === null;
    if (button.disabled) toggle(false);
  }

  /** After a new drawing, what was said about the last one no longer applies. */
  function forget() {
    setText(byId("kept"), "");
    byId("kept-all").hidden = true;
    learn.hidden = true;
    lesson.forget();
  }

  function drawLesson() {
    if (!state.lesson) return;
    setText(byId("kept"), state.lesson.words);
    learn.disabled = state.lesson.learning;
  }

  store.subscribe(["prediction"], () => loop.request(draw));
  store.subscribe(["strokes", "picture"], () => loop.request(forget));
  store.subscribe(["lesson"], () => loop.request(drawLesson));
  store.subscribe(["run"], () => loop.request(drawChoices));
  loop.request(draw);
  loop.request(drawChoices);
}
