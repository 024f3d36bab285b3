/**
 * The choice of data: data sets that are here, that can be downloaded, and the visitor's own. A box
 * under the field says what can be done about the chosen one.
 */

import { byId, make, setText } from "../shell/dom.js";
import { formatMegabytes } from "../shell/format.pure.js";
import { complaintOfDataset, findDataset, isDownloading, progressOf } from "./datasets.pure.js";

/**
 * @import { Dataset } from "./datasets.pure.js"
 * @import { DatasetsService } from "./datasets.service.js"
 * @import { FormService } from "../form/form.service.js"
 * @import { Loop } from "../shell/loop.js"
 * @import { Store } from "../shell/state.js"
 */

const OWN = "…"; // the value of an option; no data set has this name

/**
 * @param {Store} store
 * @param {Loop} loop
 * @param {FormService} form
 * @param {DatasetsService} datasets
 */
export function createDatasetsView(store, loop, form, datasets) {
  const { state } = store;
  const select = byId("field-dataset", HTMLSelectElement);
  const box = byId("dataset-box");
  const file = byId("own-file", HTMLInputElement);

  select.addEventListener("change", () => {
    const own = select.value === OWN;
    store.set({ offering: own, upload: null });
    if (own) {
      select.value = state.form.texts.dataset;
      loop.request(() => file.focus());
    } else form.edit("dataset", select.value, true);
  });
  byId("dataset-download").addEventListener("click", () => datasets.download(select.value));
  byId("own-close").addEventListener("click", close);
  box.addEventListener("keydown", ({ key }) => key === "Escape" && close());
  file.addEventListener("change", () => {
    const chosen = [...(file.files ?? [])];
    if (chosen.length) datasets.upload(chosen);
    file.value = ""; // so that the same file can be chosen again after it is corrected
  });

  function close() {
    store.set({ offering: false, upload: null });
    select.focus();
  }

  function draw() {
    drawOptions();
    const { offering } = state;
    const dataset = findDataset(state.datasets, state.form.texts.dataset);
    const missing = dataset && !dataset.here && !offering ? dataset : undefined;
    const hadFocus = box.contains(document.activeElement);
    byId("dataset-missing").hidden = !missing;
    byId("own-data").hidden = !offering;
    byId("error-dataset").hidden = offering;
    if (missing) drawMissing(missing);
    drawUpload();
    if (hadFocus && !missing && !offering) select.focus();
  }

  function drawOptions() {
    for (const { name, title, here } of state.datasets) {
      const option = optionFor(name);
      option.title = title;
      setText(option, here ? name : `${name} (download)`);
    }
    if (state.datasets.length) {
      const own = optionFor(OWN);
      setText(own, "your own data…");
      select.append(own); // keeps it last
    }
    if (select.value !== state.form.texts.dataset) select.value = state.form.texts.dataset;
  }

  /** @param {string} name @returns {HTMLOptionElement} */
  function optionFor(name) {
    const known = [...select.options].find(({ value }) => value === name);
    if (known) return known;
    const option = make("option");
    option.value = name;
    select.append(option);
    return option;
  }

  /** @param {Dataset} dataset that must be downloaded first */
  function drawMissing(dataset) {
    const { title, licence, size, download } = dataset;
    const busy = isDownloading(dataset);
    const { share, words } = progressOf(dataset);
    setText(byId("dataset-words"), licence ? `${title}. Licence: ${licence}.` : `${title}.`);
    const button = byId("dataset-download");
    button.hidden = busy;
    setText(button, `${download ? "Try again" : "Download"} (${formatMegabytes(size ?? 0)})`);
    byId("dataset-progress", HTMLProgressElement).hidden = !busy;
    byId("dataset-progress", HTMLProgressElement).value = share;
    setText(byId("dataset-far"), busy ? words : "");
    setText(byId("dataset-problem"), busy ? "" : (download?.detail ?? dataset.missing ?? ""));
  }

  function drawUpload() {
    const { upload } = state;
    const share = upload && "share" in upload ? upload.share : null;
    file.disabled = share !== null;
    const progress = byId("own-progress", HTMLProgressElement);
    progress.hidden = share === null;
    if (share !== null && share < 1) progress.value = share;
    else progress.removeAttribute("value"); // it has been sent, and is being checked
    const sending = share === null ? "" : share < 1 ? "Sending the file…" : "Checking the file…";
    setText(byId("own-far"), upload && "added" in upload ? upload.added : sending);
    setText(byId("own-problem"), upload && "problem" in upload ? upload.problem : "");
  }

  /** Checks the form again when data sets have come or gone, as its error may no longer hold. */
  function review() {
    if (
      complaintOfDataset(state.datasets, state.form.texts.dataset) !==
      (state.form.errors.dataset ?? null)
    ) {
      form.review();
    }
  }

  store.subscribe(["datasets"], review);
  store.subscribe(["datasets", "form", "offering", "upload"], () => loop.request(draw));
}
