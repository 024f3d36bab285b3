/**
 * One run in the list: its texts, its buttons, the field for its name, and the question "Delete?".
 */

import { make, setText } from "../shell/dom.js";
import { formatShare } from "../shell/format.pure.js";
import { atRoot } from "../shell/root.js";
import { titleOf } from "./names.pure.js";
import { createdWords, describeSpec, epochsOf, stateOf } from "./runs.pure.js";

/**
 * @import { Run } from "./run.pure.js"
 * @import { Page } from "../shell/page.js"
 */

const LONGEST_NAME = 80; // as the server takes it

/**
 * @typedef {{ here: boolean, compared: boolean, came: boolean }} Standing
 *   whether the run is shown, stands behind the charts, and has just been imported
 * @typedef {object} Deeds those that can fail return the reason in words, or null
 * @property {(run: Run) => void} open
 * @property {(run: Run) => void} fork
 * @property {(run: Run, name: string | null) => Promise<string | null>} rename
 * @property {(run: Run, on: boolean) => Promise<string | null>} compare
 * @property {(run: Run) => Promise<string | null>} remove
 */

/** @param {string} label @param {string} testid @param {() => void} press */
function button(label, testid, press) {
  const element = make("button", "small", label);
  element.type = "button";
  element.dataset.testid = testid;
  element.addEventListener("click", press);
  return element;
}

/**
 * @param {Run} first
 * @param {Page} page
 * @param {Deeds} deeds
 * @returns {{ element: HTMLLIElement, update: (run: Run, standing: Standing) => void }}
 */
export function createRow(first, page, deeds) {
  let run = first;
  let compared = false;

  const element = make("li", "run");
  element.dataset.testid = "run-row";
  element.dataset.run = run.id;
  const title = make("a", "run-title");
  title.href = atRoot(`/runs/${encodeURIComponent(run.id)}`);
  title.dataset.testid = "run-open";
  const here = make("span", "run-here", "open now");
  const heading = make("p", "run-heading");
  heading.append(title, here);
  const naming = make("form", "run-naming");
  const name = make("input");
  name.maxLength = LONGEST_NAME;
  name.autocomplete = "off";
  name.dataset.testid = "run-name";
  name.setAttribute("aria-label", "Name of the run");
  const save = make("button", "small", "Save");
  naming.append(name, save, button("Cancel", "run-keep-name", endNaming));
  const facts = make("p", "run-facts quiet");
  const accuracy = make("b");
  const facts2 = make("span");
  const setup = make("span");
  facts.append(accuracy, facts2, setup);
  const problem = make("p", "runs-problem");
  problem.setAttribute("role", "status");
  const words = make("div", "run-words");
  words.append(heading, naming, facts, problem);

  const compare = button("Compare", "run-compare", () => tell(deeds.compare(run, !compared)));
  compare.title = "Show its curves in the charts, too";
  const rename = button("Rename", "run-rename", beginNaming);
  const fork = button("Fork", "run-fork", () => deeds.fork(run));
  fork.title = "Put its setup into the form, to change one thing and train again";
  const remove = button("Delete", "run-delete", () => ask(true));
  const buttons = make("div", "run-deeds");
  buttons.append(compare, rename, fork, remove);
  const no = button("No", "run-delete-no", () => ask(false));
  const asking = make("div", "run-deeds");
  asking.setAttribute("role", "group");
  asking.append(
    make("span", "", "Delete?"),
    button("Yes", "run-delete-yes", () => tell(deeds.remove(run))),
    no,
  );
  element.append(words, buttons, asking);
  naming.hidden = true;
  asking.hidden = true;

  title.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // into another tab or window
    event.preventDefault();
    deeds.open(run);
  });
  naming.addEventListener("submit", async (event) => {
    event.preventDefault();
    const typed = name.value.trim() || null;
    if ((await tell(deeds.rename(run, typed))) === null) endNaming();
  });
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || (naming.hidden && asking.hidden)) return;
    event.preventDefault(); // it would close the list
    if (asking.hidden) endNaming();
    else ask(false);
  });

  /** @param {Promise<string | null>} deed */
  async function tell(deed) {
    const why = await deed;
    setText(problem, why ?? "");
    return why;
  }

  function beginNaming() {
    name.value = run.name ?? "";
    name.placeholder = titleOf({ ...run, name: null }, page);
    heading.hidden = true;
    naming.hidden = false;
    name.select();
    name.focus();
  }

  function endNaming() {
    heading.hidden = false;
    naming.hidden = true;
    setText(problem, "");
    rename.focus();
  }

  /** @param {boolean} on */
  function ask(on) {
    buttons.hidden = on;
    asking.hidden = !on;
    setText(problem, "");
    (on ? no : remove).focus();
  }

  /** @param {Run} newest @param {Standing} standing */
  function update(newest, standing) {
    run = newest;
    compared = standing.compared;
    const called = titleOf(run, page);
    setText(title, called);
    here.hidden = !standing.here;
    element.classList.toggle("came", standing.came);
    setText(accuracy, run.test_accuracy === null ? "" : formatShare(run.test_accuracy));
    setText(
      facts2,
      `${stateOf(run)} · ${epochsOf(run)} · ${createdWords(run.created, new Date())}`,
    );
    setText(setup, describeSpec(run.spec, page.choice_names));
    facts2.title = run.reason ?? "";
    compare.setAttribute("aria-pressed", String(compared));
    compare.disabled = standing.here || run.epoch === 0;
    for (const one of [compare, rename, fork, remove])
      one.setAttribute("aria-label", `${one.textContent} ${called}`);
    asking.setAttribute("aria-label", `Delete ${called}?`);
  }

  return { element, update };
}
