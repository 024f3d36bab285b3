/** The hyperparameters' fields: what the state says stands in them, what is typed goes to it. */

import { closeFromOutside } from "../shell/disclosure.js";
import { byId, make, setText } from "../shell/dom.js";
import { doubled, halved } from "./batch.pure.js";
import { FIELDS } from "./fields.pure.js";
import { heldForNextRun, isSteered } from "../training/intent.pure.js";
import { FASTEST, describePace, notchOf, paceAt } from "./pace.pure.js";
import { rateAt, rateNotchOf } from "./rate.pure.js";

/**
 * @param {import("../shell/state.js").Store} store
 * @param {ReturnType<typeof import("../shell/loop.js").createLoop>} loop
 * @param {ReturnType<typeof import("./form.service.js").createHyperparameters>} form
 */
export function createFormView(store, loop, form) {
  const { state } = store;
  const element = byId("hyperparameters");
  const rateSlider = byId("rate-slider");
  const pace = byId("pace");
  /** @type {Map<string, HTMLInputElement | HTMLSelectElement>} */
  const controls = new Map();
  for (const name of Object.keys(FIELDS)) {
    const control = element.elements.namedItem(name);
    if (control) controls.set(name, control);
  }
  let attempts = state.form.attempts;

  for (const [name, control] of controls) {
    if (name === "dataset") continue; // its own view listens to it
    control.addEventListener("input", () => form.edit(name, control.value, control.tagName === "SELECT"));
    control.addEventListener("change", () => form.edit(name, control.value, true));
  }
  element.addEventListener("submit", (event) => event.preventDefault());
  element.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.name) form.edit(event.target.name, event.target.value, true);
  });
  for (const [slider, name, valueAt] of [
    [rateSlider, "learning_rate", rateAt],
    [pace, "steps_per_second", paceAt],
  ]) {
    slider.addEventListener("input", () => form.edit(name, String(valueAt(Number(slider.value))), false));
    slider.addEventListener("change", () => form.edit(name, String(valueAt(Number(slider.value))), true));
  }
  for (const [id, next] of [
    ["batch-halve", halved],
    ["batch-double", doubled],
  ]) {
    byId(id).addEventListener("click", () =>
      form.edit("batch_size", next(state.form.texts.batch_size, form.trainingExamples()), true),
    );
  }
  const more = byId("more");
  closeFromOutside(more, () => !more.querySelector("[aria-invalid]"));

  function draw() {
    const { texts, errors } = state.form;
    const held = heldNames();
    for (const [name, control] of controls) {
      show(control, texts[name]);
      tellError(control, name, errors[name]);
      setText(byId(`next-${name}`), held.includes(name) ? "next run" : "");
    }
    drawSliders(texts);
    tellError(pace, "steps_per_second", errors.steps_per_second);
    if (attempts !== state.form.attempts) {
      attempts = state.form.attempts;
      goToFirstError();
    }
  }

  /** @returns {string[]} */
  function heldNames() {
    const { run } = state;
    return isSteered(run) && run.step > 0 ? heldForNextRun(run, form.spec()) : [];
  }

  /**
   * Leaves alone what already says the same, so that a caret stays where it is.
   * @param {HTMLInputElement | HTMLSelectElement} control
   * @param {string} text
   */
  function show(control, text) {
    if (control instanceof HTMLSelectElement) offer(control, text);
    if (control.value !== text) control.value = text;
  }

  /**
   * Adds a text that a select does not have, as it came from the address or is a list; and takes
   * away the one that was added before.
   * @param {HTMLSelectElement} select
   * @param {string} text
   */
  function offer(select, text) {
    const added = /** @type {HTMLOptionElement | null} */ (select.querySelector("[data-typed]"));
    if (added?.value === text) return;
    added?.remove();
    if ([...select.options].some(({ value }) => value === text)) return;
    const option = make("option", "", text.includes(",") ? "mixed" : text);
    option.value = text;
    option.dataset.typed = "";
    select.append(option);
  }

  /** @param {HTMLElement} control @param {string} name @param {string} [error] */
  function tellError(control, name, error) {
    if (error) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
    setText(byId(`error-${name}`), error ?? "");
  }

  /** @param {import("../shell/state.js").Texts} texts */
  function drawSliders(texts) {
    const rate = Number(texts.learning_rate);
    if (rate > 0 && document.activeElement !== rateSlider) rateSlider.value = String(rateNotchOf(rate));
    rateSlider.setAttribute("aria-valuetext", texts.learning_rate);
    const steps = texts.steps_per_second === "null" ? null : Number(texts.steps_per_second);
    const words = steps === null || steps > 0 ? describePace(steps) : texts.steps_per_second;
    if (document.activeElement !== pace) pace.value = String(steps === null ? FASTEST : notchOf(steps || 1));
    pace.setAttribute("aria-valuetext", words);
    setText(byId("pace-text"), words);
  }

  /** A run's setup has come into the form: its first field is where to change it. */
  function goToFirstField() {
    if (state.copied) element.elements.namedItem("dataset").focus();
  }

  function goToFirstError() {
    const wrong = element.querySelector("[aria-invalid]");
    if (!wrong) return;
    if (more.contains(wrong)) more.open = true;
    wrong.focus();
  }

  store.subscribe(["copied"], () => loop.request(goToFirstField));
  store.subscribe(["form", "run"], () => loop.request(draw));
  loop.request(draw);
}
