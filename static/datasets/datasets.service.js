/**
 * The data sets: which there are, downloads that are followed while they are under way, and a file
 * of the visitor's own that is sent to the server.
 */

import { errorsFromAnswer } from "../form/validation.pure.js";
import { ApiError, api } from "../shell/api.js";
import { formatMegabytes } from "../shell/format.pure.js";
import { datasetsOf, isDownloading } from "./datasets.pure.js";

/**
 * @import { FormService } from "../form/form.service.js"
 * @import { Store } from "../shell/state.js"
 */

const BETWEEN_LOOKS = 500; // milliseconds, while something is downloaded

/**
 * @param {Store} store
 * @param {FormService} form
 */
export function createDatasets(store, form) {
  const { state } = store;
  let timer = 0;
  let away = false; // the server was

  async function load() {
    clearTimeout(timer);
    try {
      store.set({ datasets: datasetsOf(await api.datasets()) });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // else the form keeps what it knows
    }
    follow();
  }

  /** Looks again soon, while something is being downloaded and the page is visible. */
  function follow() {
    clearTimeout(timer);
    const seen = state.visible && state.connection !== "lost";
    if (seen && state.datasets.some(isDownloading)) timer = setTimeout(load, BETWEEN_LOOKS);
  }

  /** @param {string} name */
  async function download(name) {
    try {
      await api.download(name);
    } catch (error) {
      store.set({ problem: wordsOf(error) });
    }
    await load();
  }

  /** Sends a file and, once it is taken in, chooses it. @param {File} file */
  async function upload(file) {
    /** @param {number} share */
    const tell = (share) => store.set({ upload: { share, problem: null } });
    const most = state.page.max_dataset_bytes;
    if (file.size > most) {
      const problem = `The file has ${formatMegabytes(file.size)}; ${formatMegabytes(most)} are allowed.`;
      store.set({ upload: { share: null, problem } });
      return;
    }
    tell(0);
    try {
      const dataset = await api.upload(file, tell);
      await load();
      store.set({ upload: null, offering: false });
      form.edit("dataset", dataset.name, true);
    } catch (error) {
      store.set({ upload: { share: null, problem: wordsOf(error) } });
    }
  }

  /** @param {unknown} error */
  function wordsOf(error) {
    if (!(error instanceof ApiError)) throw error;
    const { fields, rest } = errorsFromAnswer(error.detail);
    return [...rest, ...Object.values(fields)].join(" ") || error.message;
  }

  store.subscribe(["visible"], follow);
  store.subscribe(["connection"], () => {
    if (state.connection === "lost") away = true;
    if (state.connection !== "open" || !away) return;
    away = false;
    load(); // the server may have others now
  });

  return { load, download, upload };
}

/** @typedef {ReturnType<typeof createDatasets>} DatasetsService */
