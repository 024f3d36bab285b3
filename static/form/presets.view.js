/**
 * The list of presets, the buttons for the defaults and for a link, and the note on what to watch.
 */

import { isPretrained, isSomebodyElses } from "../runs/run.pure.js";
import { copyFrom } from "../shell/clipboard.js";
import { byId, setText } from "../shell/dom.js";
import { atRoot } from "../shell/root.js";
import { heldForNextRun } from "../training/intent.pure.js";
import { addressOf } from "./address.pure.js";
import { PRESETS } from "./presets.pure.js";

/**
 * @import { FormService } from "./form.service.js"
 * @import { Run } from "../runs/run.pure.js"
 * @import { Loop } from "../shell/loop.js"
 * @import { Store } from "../shell/state.js"
 * @import { TrainingService } from "../training/training.service.js"
 */

/**
 * @param {Store} store
 * @param {Loop} loop
 * @param {FormService} form
 * @param {TrainingService} training
 */
export function createPresetsView(store, loop, form, training) {
  const { state } = store;
  const note = byId("preset-note");
  const select = byId("preset", HTMLSelectElement);
  for (const [name, { title }] of Object.entries(PRESETS)) select.add(new Option(title, name));

  select.addEventListener("change", () => {
    if (select.value) begin(() => form.choosePreset(select.value));
    else draw();
  });
  byId("defaults").addEventListener("click", () => begin(form.chooseDefaults));
  copyFrom(
    byId("copy-link"),
    byId("copy-status"),
    () => location.origin + atRoot(addressOf(null, form.query())),
  );

  /**
   * Fills in another experiment. A run that was shown keeps what it trains with: a new one takes
   * its place.
   * @param {() => void} choose
   */
  function begin(choose) {
    choose();
    if (ownRun()) training.reset();
  }

  /** @returns {Run | null} the run that is shown, if it is the visitor's own */
  const ownRun = () => (isPretrained(state.run) || isSomebodyElses(state.run) ? null : state.run);

  function draw() {
    const preset = form.preset();
    select.value = preset ?? "";
    const run = ownRun();
    const trains = run !== null && heldForNextRun(run, form.spec()).length > 0;
    const { copied } = state;
    const watch = preset && !trains ? PRESETS[preset].watch : "";
    setText(
      note,
      copied === null
        ? watch
        : `This is the setup of “${copied}”: change one thing, then press Train.`,
    );
    note.classList.toggle("of-copy", copied !== null);
  }

  store.subscribe(["form", "run", "copied"], () => loop.request(draw));
  loop.request(draw);
}
