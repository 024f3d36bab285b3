/** The dialog that shows this experiment as Python: with nn_core, and in PyTorch. */

import { copyFrom } from "../shell/clipboard.js";
import { byId, setText } from "../shell/dom.js";
import { codeOf } from "./code.pure.js";
import { differences, FIELDS } from "../form/fields.pure.js";
import { isPretrained } from "../training/intent.pure.js";

const KINDS = /** @type {const} */ (["nn_core", "pytorch"]);

const OF_FORM = "What the page would train now.";
const OF_RUN = "The run that is shown, with its hyperparameters as they are now.";
const CHANGED = "What you have changed since is not in it: it is for the next run.";

/**
 * @param {import("../shell/state.js").Store} store
 * @param {ReturnType<typeof import("../shell/loop.js").createLoop>} loop
 * @param {ReturnType<typeof import("../form/form.service.js").createHyperparameters>} form
 */
export function createCodeView(store, loop, form) {
  const { state } = store;
  const dialog = /** @type {HTMLDialogElement} */ (byId("code-dialog"));

  byId("as-code").addEventListener("click", () => {
    if (ownRun() || form.ready()) store.set({ dialog: "code" });
  });
  byId("code-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close()); // beside it
  dialog.addEventListener("close", () => state.dialog === "code" && store.set({ dialog: null }));
  for (const kind of KINDS) {
    const button = dialog.querySelector(`[data-kind="${kind}"]`);
    copyFrom(button, byId("code-status"), () => byId(`code-${kind}`).textContent);
  }

  /** @returns {import("../shell/state.js").Run | null} the run that is shown, if the page has trained it */
  const ownRun = () => (isPretrained(state.run) ? null : state.run);

  function draw() {
    if (state.dialog !== "code") {
      dialog.close();
      return;
    }
    if (dialog.open) return; // it stays as it was when it was opened
    const run = ownRun();
    const spec = run?.spec ?? form.specWithRate();
    for (const kind of KINDS) setText(byId(`code-${kind}`), codeOf(spec, kind));
    setText(byId("code-of"), run ? wordsOf(run) : OF_FORM);
    dialog.showModal();
  }

  /** @param {import("../shell/state.js").Run} run */
  function wordsOf(run) {
    const names = Object.keys(FIELDS).filter((name) => name !== "steps_per_second");
    return differences(run.spec, form.specWithRate(), names).length ? `${OF_RUN} ${CHANGED}` : OF_RUN;
  }

  store.subscribe(["dialog"], () => loop.request(draw));
}
