/** The list of the visitor's runs, in a dialog: drawn only while it is open. */

import { byId, setText } from "../shell/dom.js";
import { createRow } from "./row.view.js";
import { cameWords } from "./runs.pure.js";

/**
 * @import { EarlierRunsService } from "../charts/earlier-runs.service.js"
 * @import { Deeds } from "./row.view.js"
 * @import { Run } from "./run.pure.js"
 * @import { RunsService } from "./runs.service.js"
 * @import { Loop, View } from "../shell/loop.js"
 * @import { Store } from "../shell/state.js"
 * @import { TrainingService } from "../training/training.service.js"
 */

/**
 * @param {Store} store
 * @param {Loop} loop
 * @param {{ runs: RunsService,
 *   training: TrainingService,
 *   earlierRuns: EarlierRunsService }} services
 */
export function createRunsView(store, loop, { runs, training, earlierRuns }) {
  const { state } = store;
  const dialog = byId("runs-dialog", HTMLDialogElement);
  const list = byId("runs-list", HTMLOListElement);
  const file = byId("runs-import", HTMLInputElement);
  /** @type {Map<string, ReturnType<typeof createRow>>} by the runs' ids */
  const rows = new Map();
  /** @type {Run[]} */
  let came = [];

  byId("runs-open").addEventListener("click", () => store.set({ dialog: "runs" }));
  byId("runs-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close()); // beside it
  dialog.addEventListener("close", () => state.dialog === "runs" && store.set({ dialog: null }));
  file.addEventListener("change", bring);

  /** @type {Deeds} */
  const deeds = {
    open(run) {
      store.set({ dialog: null });
      if (run.id !== state.watched) training.show(run.id);
    },
    fork(run) {
      store.set({ dialog: null });
      earlierRuns.compare(run); // to see what the change does
      training.fork(run);
    },
    rename: (run, name) => runs.rename(run.id, name),
    async compare(run, on) {
      if (on) return earlierRuns.compare(run);
      earlierRuns.forget(run.id);
      return null;
    },
    async remove(run) {
      if (run.id === state.watched) training.showStart();
      const at = [...rows.keys()].indexOf(run.id);
      const problem = await runs.remove(run.id);
      if (problem === null) loop.request(() => focusRow(at));
      return problem;
    },
  };

  /** The row that had the focus is gone: the next one takes it. @param {number} at */
  function focusRow(at) {
    const links = list.querySelectorAll("a");
    (links[Math.min(at, links.length - 1)] ?? byId("runs-close")).focus();
  }

  async function bring() {
    const [chosen] = file.files ?? [];
    if (!chosen) return;
    file.disabled = true;
    setText(byId("runs-said"), "Sending the file…");
    setText(byId("runs-import-problem"), "");
    const answer = await runs.bring(chosen);
    file.disabled = false;
    file.value = ""; // the same file may be chosen again
    came = answer.came;
    setText(byId("runs-said"), answer.problem === null ? cameWords(came, state.page) : "");
    setText(byId("runs-import-problem"), answer.problem ?? "");
    loop.request(drawList);
    loop.request(() => rows.get(came[0]?.id)?.element.scrollIntoView({ block: "nearest" }));
  }

  function draw() {
    const open = state.dialog === "runs";
    if (open && !dialog.open) dialog.showModal();
    else if (!open && dialog.open) dialog.close();
    if (!open) came = [];
    else drawList();
  }

  function drawList() {
    const known = state.runs ?? [];
    for (const [id, { element }] of rows) {
      if (known.some((run) => run.id === id)) continue;
      element.remove();
      rows.delete(id);
    }
    known.forEach((run, i) => {
      const row = rows.get(run.id) ?? add(run);
      if (list.children[i] !== row.element)
        list.insertBefore(row.element, list.children[i] ?? null);
      drawRow(run);
    });
    byId("runs-empty").hidden = state.runs === null || known.length > 0;
    byId("runs-export").hidden = known.length === 0;
    setText(byId("runs-problem"), state.runsProblem ?? "");
  }

  /** @param {Run} run */
  function add(run) {
    const row = createRow(run, state.page, deeds);
    rows.set(run.id, row);
    return row;
  }

  /** @param {Run} run as the list has it; the page knows more about the one that is shown */
  function drawRow(run) {
    const here = run.id === state.watched;
    const newest = here && state.run ? { ...run, ...state.run } : run;
    rows.get(run.id)?.update(newest, {
      here,
      compared: state.earlierRuns.some(({ id }) => id === run.id),
      came: came.some(({ id }) => id === run.id),
    });
  }

  /** The shown run goes on training while the list is open. */
  function drawOpenRun() {
    const run = state.runs?.find(({ id }) => id === state.watched);
    if (run && rows.has(run.id)) drawRow(run);
  }

  const whenOpen = (/** @type {View} */ view) => () =>
    state.dialog === "runs" && loop.request(view);
  store.subscribe(["dialog"], () => loop.request(draw));
  store.subscribe(["runs", "runsProblem", "earlierRuns", "watched"], whenOpen(drawList));
  store.subscribe(["run"], whenOpen(drawOpenRun));
}
