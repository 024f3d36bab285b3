/** The fields of the hyperparameters: they show the state's texts, and pass on what is typed. */

import { isSteered } from "../runs/run.pure.js";
import { closeFromOutside } from "../shell/disclosure.js";
import { byId, make, setText } from "../shell/dom.js";
import { numberOf } from "../shell/number.pure.js";
import { heldForNextRun } from "../training/intent.pure.js";
import { doubled, halved } from "./batch.pure.js";
import { FIELD_NAMES, isFieldName } from "./fields.pure.js";
import { describePace, FASTEST, notchOf, paceAt } from "./pace.pure.js";
import { rateAt, rateNotchOf } from "./rate.pure.js";

/**
 * @import { FieldName, Texts } from "./fields.pure.js"
 * @import { FormService } from "./form.service.js"
 * @import { Loop } from "../shell/loop.js"
 * @import { Store } from "../shell/state.js"
 */

/**
 * @param {Store} store
 * @param {Loop} loop
 * @param {FormService} form
 */
export function createFormView(store, loop, form) {
  const { state } = store;
  const element = byId("hyperparameters", HTMLFormElement);
  const rateSlider = byId("rate-slider", HTMLInputElement);
  const pace = byId("pace", HTMLInputElement);
  /** @type {Map<FieldName, HTMLInputElement | HTMLSelectElement>} */
  const controls = new Map();
  for (const name of FIELD_NAMES) {
    const control = element.elements.namedItem(name);
    if (isControl(control)) controls.set(name, control);
  }
  let attempts = state.form.attempts;

  for (const [name, control] of controls) {
    if (name === "dataset") continue; // the view of the data sets listens to it
    control.addEventListener("input", () =>
      form.edit(name, control.value, control.tagName === "SELECT"),
    );
    control.addEventListener("change", () => form.edit(name, control.value, true));
  }
  element.addEventListener("submit", (event) => event.preventDefault());
  element.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (key === "Enter" && isControl(target) && isFieldName(target.name))
      form.edit(target.name, target.value, true);
  });
  followSlider(rateSlider, "learning_rate", rateAt);
  followSlider(pace, "steps_per_second", paceAt);
  byId("batch-halve").addEventListener("click", () => stepBatchSize(halved));
  byId("batch-double").addEventListener("click", () => stepBatchSize(doubled));
  const more = byId("more", HTMLDetailsElement);
  closeFromOutside(more, () => !more.querySelector("[aria-invalid]"));

  /**
   * @param {HTMLInputElement} slider
   * @param {FieldName} name
   * @param {(notch: number) => number | null} valueAt
   */
  function followSlider(slider, name, valueAt) {
    const text = () => String(valueAt(Number(slider.value)));
    slider.addEventListener("input", () => form.edit(name, text(), false));
    slider.addEventListener("change", () => form.edit(name, text(), true));
  }

  /** @param {(text: string, examples: number) => string} next */
  function stepBatchSize(next) {
    form.edit("batch_size", next(state.form.texts.batch_size, form.trainingExamples()), true);
  }

  function draw() {
    const { texts, errors } = state.form;
    const held = heldNames();
    for (const [name, control] of controls) {
      show(control, texts[name]);
      tellError(control, name, errors[name]);
      setText(byId(`next-${name}`), held.includes(name) ? "for the next network" : "");
    }
    drawSliders(texts);
    tellError(pace, "steps_per_second", errors.steps_per_second);
    if (attempts !== state.form.attempts) {
      attempts = state.form.attempts;
      goToFirstError();
    }
  }

  /** @returns {FieldName[]} */
  function heldNames() {
    const { run } = state;
    return run && isSteered(run) && run.step > 0 ? heldForNextRun(run, form.spec()) : [];
  }

  /**
   * Sets a control's text only if it differs, so that the caret stays where it is.
   * @param {HTMLInputElement | HTMLSelectElement} control
   * @param {string} text
   */
  function show(control, text) {
    if (control instanceof HTMLSelectElement) offer(control, text);
    if (control.value !== text) control.value = text;
  }

  /**
   * Adds an option for a text that a select doesn't offer, such as a list from the address, and
   * removes the one that was added before.
   * @param {HTMLSelectElement} select
   * @param {string} text
   */
  function offer(select, text) {
    /** @type {HTMLOptionElement | null} */
    const added = select.querySelector("[data-typed]");
    if (added?.value === text) return;
    added?.remove();
    if ([...select.options].some(({ value }) => value === text)) return;
    const option = make("option", "", text.includes(",") ? "mixed" : text);
    option.value = text;
    option.dataset.typed = "";
    select.append(option);
  }

  /** @param {HTMLElement} control @param {FieldName} name @param {string} [error] */
  function tellError(control, name, error) {
    if (error) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
    setText(byId(`error-${name}`), error ?? "");
  }

  /** @param {Texts} texts */
  function drawSliders(texts) {
    const rate = numberOf(texts.learning_rate) ?? 0;
    if (rate > 0 && document.activeElement !== rateSlider)
      rateSlider.value = String(rateNotchOf(rate));
    rateSlider.setAttribute("aria-valuetext", texts.learning_rate);
    const steps =
      texts.steps_per_second === "null" ? null : (numberOf(texts.steps_per_second) ?? 0);
    const words = steps === null || steps > 0 ? describePace(steps) : texts.steps_per_second;
    if (document.activeElement !== pace)
      pace.value = String(steps === null ? FASTEST : notchOf(steps || 1));
    pace.setAttribute("aria-valuetext", words);
    setText(byId("pace-text"), words);
  }

  /**
   * Focuses the first field after a run's setup was copied into the form, so that it can be
   * changed.
   */
  function goToFirstField() {
    if (state.copied) controls.get("dataset")?.focus();
  }

  function goToFirstError() {
    const wrong = element.querySelector("[aria-invalid]");
    if (!(wrong instanceof HTMLElement)) return;
    if (more.contains(wrong)) more.open = true;
    wrong.focus();
  }

  store.subscribe(["copied"], () => loop.request(goToFirstField));
  store.subscribe(["form", "run"], () => loop.request(draw));
  loop.request(draw);
}

/**
 * @param {unknown} element
 * @returns {element is HTMLInputElement | HTMLSelectElement}
 */
function isControl(element) {
  return element instanceof HTMLInputElement || element instanceof HTMLSelectElement;
}
