/** The dialog in which a sweep is set up, from what the playground's form is set to. */

import { FIELD_NAMES, FIELDS, textOf } from "../form/fields.pure.js";
import { ApiError } from "../shell/api.js";
import { byId, make, setText } from "../shell/dom.js";
import { addPart } from "../shell/parts.js";
import { notTooOften, oneAtATime } from "../shell/requests.js";
import { atRoot } from "../shell/root.js";
import { sweepsApi } from "./api.js";
import { askedFor, PRESETS } from "./setup.pure.js";
import { timeText } from "./sweep.pure.js";

/**
 * @import { FieldName } from "../form/fields.pure.js"
 * @import { FormService } from "../form/form.service.js"
 */

const PAUSE = 300; // milliseconds, after something was typed, until the server is asked
/** @type {FieldName[]} */
const NOT_VARIED = ["dataset", "extra_dataset", "steps_per_second"];

/** @type {ReturnType<typeof createSetup> | null} */
let setup = null;

/** Opens the dialog; the first time it is made. @param {FormService} form */
export async function openSetup(form) {
  if (!setup) {
    await addPart("setup");
    setup = createSetup(form);
  }
  setup.open();
}

/** The value of a field that is not varied. @param {FieldName} name @param {unknown} value */
function shownOf(name, value) {
  if (name === "learning_rate" && value === null) return "a good one";
  return textOf(name, value) || "–";
}

/** @param {FormService} form */
function createSetup(form) {
  const dialog = byId("sweep-setup", HTMLDialogElement);
  const preset = byId("sweep-preset", HTMLSelectElement);
  const search = byId("sweep-search", HTMLSelectElement);
  const runs = byId("sweep-runs", HTMLInputElement);
  const begin = byId("sweep-begin", HTMLButtonElement);
  /** @type {Record<string, unknown>} */
  let base = {};
  const ask = oneAtATime(askForCost);
  const askSoon = notTooOften(() => ask(), PAUSE);
  const rows = new Map(
    FIELD_NAMES.filter((name) => !NOT_VARIED.includes(name)).map((name) => [name, createRow(name)]),
  );

  for (const [name, { title }] of Object.entries(PRESETS)) preset.add(new Option(title, name));
  preset.addEventListener("change", () => {
    const chosen = PRESETS[preset.value];
    base = { ...form.spec(), ...chosen?.base };
    for (const [name, row] of rows) row.set(chosen?.vary[name] ?? null);
    setText(byId("sweep-watch"), chosen?.watch ?? "");
    ask();
  });
  search.addEventListener("change", () => ask());
  runs.addEventListener("input", askSoon);
  byId("sweep-close").addEventListener("click", () => dialog.close());
  byId("sweep-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    begin.disabled = true;
    try {
      const sweep = await sweepsApi.create(asked());
      location.assign(atRoot(`/sweeps/${sweep.id}`));
    } catch (error) {
      tell(error);
    }
  });

  /** A field: its name, its value, whether it is varied, and its values. @param {FieldName} name */
  function createRow(name) {
    const element = make("div", "sweep-field");
    const label = make("label", "", FIELDS[name].title);
    const box = make("input");
    box.type = "checkbox";
    box.id = `vary-${name}`;
    box.dataset.testid = box.id;
    label.htmlFor = box.id;
    const value = make("span", "quiet");
    value.translate = false;
    const values = make("input");
    values.type = "text";
    values.hidden = true;
    values.id = `values-${name}`;
    values.dataset.testid = values.id;
    values.spellcheck = false;
    values.setAttribute("aria-label", `Values of ${FIELDS[name].title}`);
    const problem = make("p", "sweep-problem");
    problem.id = `vary-error-${name}`;
    values.setAttribute("aria-describedby", problem.id);
    element.append(box, label, value, values, problem);
    byId("sweep-fields").append(element);
    box.addEventListener("change", () => {
      const isOpen = base[name] === null || base[name] === undefined;
      if (box.checked) set(isOpen ? "" : textOf(name, base[name]));
      else set(null);
      if (box.checked) values.focus();
      ask();
    });
    values.addEventListener("input", askSoon);

    /** @param {string | null} text null: it is not varied */
    function set(text) {
      box.checked = text !== null;
      values.hidden = text === null;
      value.hidden = text !== null;
      values.value = text ?? "";
      setText(problem, "");
    }
    return {
      set,
      text: () => (box.checked ? values.value : null),
      /** @param {string} words */
      tell: (words) => setText(problem, words),
      show: () => setText(value, shownOf(name, base[name])),
    };
  }

  function asked() {
    /** @type {Partial<Record<FieldName, string>>} */
    const texts = {};
    for (const [name, row] of rows) {
      const text = row.text();
      if (text !== null) texts[name] = text;
    }
    return askedFor(base, texts, { search: search.value, runs: runs.value });
  }

  /** Asks how many runs there would be, and how long they would take. */
  async function askForCost() {
    for (const row of rows.values()) {
      row.show();
      row.tell("");
    }
    const wish = asked();
    begin.disabled = true;
    if (Object.keys(wish.vary).length === 0) {
      setText(byId("sweep-cost"), "Tick what is to be varied.");
      return;
    }
    try {
      const { runs: planned, estimated_seconds } = await sweepsApi.create({ ...wish, dry: true });
      const count = planned.length === 1 ? "1 run" : `${planned.length} runs`;
      setText(byId("sweep-cost"), `${count}, ${timeText(estimated_seconds)}`);
      begin.disabled = false;
    } catch (error) {
      tell(error);
    }
  }

  /** Says what was refused, at its field where it names one. @param {unknown} error */
  function tell(error) {
    if (!(error instanceof ApiError)) throw error;
    for (const [name, row] of rows) row.tell(error.fields[name] ?? "");
    setText(byId("sweep-cost"), error.rest);
  }

  return {
    open() {
      base = form.spec();
      for (const row of rows.values()) row.show();
      dialog.showModal();
      ask();
    },
  };
}
