/** The dialog that shows this experiment as Python: with nn_core, and in PyTorch. */

import { differences, draftOf, FIELD_NAMES } from "../form/fields.pure.js";
import { isPretrained } from "../runs/run.pure.js";
import { copyFrom } from "../shell/clipboard.js";
import { byId, setText } from "../shell/dom.js";
import { codeOf } from "./code.pure.js";

/**
 * @import { FormService } from "../form/form.service.js"
 * @import { Run } from "../runs/run.pure.js"
 * @import { Loop } from "../shell/loop.js"
 * @import { Store } from "../shell/state.js"
 */

const KINDS = /** @type {const} */ (["nn_core", "pytorch"]);

const OF_FORM = "What the page would train now.";
const OF_RUN =
  "The run that is shown, with its hyperparameters as they are now. What was changed on the way is not in it, nor another network that it began with.";
const WITHOUT =
  "This run trains without some neurons, and may have begun with another run’s network. The code does neither, so it makes another network. To keep this one, export your runs, or download its checkpoints.";
const CHANGED = "What you have changed since is not in it: it is for the next run.";

/**
 * @param {Store} store
 * @param {Loop} loop
 * @param {FormService} form
 */
export function createCodeView(store, loop, form) {
  const { state } = store;
  const dialog = byId("code-dialog", HTMLDialogElement);

  const templates = KINDS.map((kind) => byId(`code-${kind}`).textContent ?? "");
  byId("code-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close()); // beside it
  dialog.addEventListener("close", () => state.dialog === "code" && store.set({ dialog: null }));
  for (const kind of KINDS) {
    copyFrom(
      byId(`copy-${kind}`),
      byId("code-status"),
      () => byId(`code-${kind}`).textContent ?? "",
    );
  }

  /** @returns {Run | null} the run that is shown, if the page has trained it */
  const ownRun = () => (isPretrained(state.run) ? null : state.run);

  function draw() {
    if (state.dialog !== "code") {
      dialog.close();
      return;
    }
    if (dialog.open) return; // it stays as it was when it was opened
    const run = ownRun();
    const spec = run?.spec ?? form.specWithRate();
    if (!spec) return; // something in the form is wrong
    KINDS.forEach((kind, i) => {
      setText(byId(`code-${kind}`), codeOf(spec, templates[i]));
    });
    const isWithout = Boolean(spec.silence?.length);
    setText(byId("code-of"), isWithout ? WITHOUT : run ? wordsOf(run) : OF_FORM);
    byId("code-of").classList.toggle("problem", isWithout);
    for (const kind of KINDS) byId(`code-words-${kind}`).hidden = isWithout;
    dialog.showModal();
  }

  /** @param {Run} run */
  function wordsOf(run) {
    const names = FIELD_NAMES.filter((name) => name !== "steps_per_second");
    return differences(run.spec, draftOf(state.form.texts), names).length
      ? `${OF_RUN} ${CHANGED}`
      : OF_RUN;
  }

  store.subscribe(["dialog"], () => loop.request(draw));
  loop.request(draw);
}
