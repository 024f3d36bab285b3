/** The server's data sets: their list, downloads and their progress, and the visitor's own files. */

import { ApiError, api, wordsOf } from "../shell/api.js";
import { formatMegabytes } from "../shell/format.pure.js";
import { notTooOften, oneAtATime } from "../shell/requests.js";
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
  const load = oneAtATime(loadList);
  const loadSoon = notTooOften(load, BETWEEN_LOOKS);
  let away = false; // whether the server was away

  async function loadList() {
    try {
      store.set({ datasets: datasetsOf(await api.datasets(state.form.texts.dataset)) });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // the form keeps what it knows
    }
    follow();
  }

  /** Looks again soon, while something is being downloaded and the page is visible. */
  function follow() {
    const seen = state.visible && state.connection !== "lost";
    if (seen && state.datasets.some(isDownloading)) loadSoon();
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

  /** Sends the files of a data set, and chooses it. @param {File[]} files */
  async function upload(files) {
    /** @param {string} problem */
    const refuse = (problem) => store.set({ upload: { problem } });
    /** @param {number} share */
    const showSent = (share) => store.set({ upload: { share } });
    const most = state.page.max_dataset_bytes;
    const size = files.reduce((sum, file) => sum + file.size, 0);
    if (size > most) {
      refuse(`This has ${formatMegabytes(size)}; ${formatMegabytes(most)} are allowed.`);
      return;
    }
    showSent(0);
    try {
      const { name, notes } = await api.upload(files, showSent);
      await load();
      const added = `${name} was added. ${notes.join(" ")}`;
      store.set(notes.length ? { upload: { added } } : { upload: null, offering: false });
      form.edit("dataset", name, true);
    } catch (error) {
      refuse(wordsOf(error));
    }
  }

  /**
   * Shares the visitor's own data set by a link.
   * @param {string} name
   * @returns {Promise<void>}
   */
  async function share(name) {
    try {
      await api.shareDataset(name);
    } catch (error) {
      store.set({ problem: wordsOf(error) });
    }
    await load();
  }

  /** Deletes the visitor's own data set. @param {string} name */
  async function remove(name) {
    try {
      await api.removeDataset(name);
      form.edit("dataset", state.page.defaults.dataset, true);
    } catch (error) {
      store.set({ problem: wordsOf(error) });
    }
    await load();
  }

  store.subscribe(["visible"], follow);
  store.subscribe(["connection"], () => {
    if (state.connection === "lost") away = true;
    if (state.connection !== "open" || !away) return;
    away = false;
    load(); // the server may have others now
  });

  return { load, download, upload, share, remove };
}

/** @typedef {ReturnType<typeof createDatasets>} DatasetsService */
