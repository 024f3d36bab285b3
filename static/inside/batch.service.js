/** Fetches a batch: sixteen test examples, and the walk through each. */

import { greyPng } from "../pad/png.pure.js";
import { testSource } from "../pad/prediction.pure.js";
import { imagesOf, pictureShape } from "../runs/images.pure.js";
import { api, wordsOf } from "../shell/api.js";
import { SIZE } from "./batch.pure.js";
import { patiently } from "./patience.js";
import { walkOf } from "./walk.pure.js";

/**
 * @import { Store } from "../shell/state.js"
 * @import { Member } from "./batch.pure.js"
 * @import { InsideStore } from "./inside.state.js"
 */

const AT_ONCE = 4; // requests
const APART = 61; // between two examples: those beside each other are often of one class

/** @param {Store} store @param {InsideStore} own */
export function createBatching(store, own) {
  const { state } = store;
  let first = 0;

  /** Fetches another batch; one that is on its way is given up. */
  async function fetchBatch() {
    const { run, watched } = state;
    if (!run) return;
    /** @type {Member[]} */
    const members = [];
    own.set({ batch: { members, wanted: SIZE, problem: null } });
    const isCurrent = () => own.state.batch.wanted > 0 && own.state.batch.members === members;
    const source = testSource(state.datasets, run.spec.dataset);
    const start = first;
    first += SIZE * APART;
    let next = 0;

    async function fetchSome() {
      while (next < SIZE && isCurrent() && state.watched === watched) {
        const index = start + APART * next;
        next += 1;
        const member = await memberOf(watched, source, index);
        if (!isCurrent()) return;
        members.push(member);
        own.set({ batch: { ...own.state.batch, members } });
      }
    }

    try {
      await Promise.all(Array.from({ length: AT_ONCE }, fetchSome));
    } catch (error) {
      if (isCurrent()) own.set({ batch: { members, wanted: 0, problem: wordsOf(error) } });
    }
  }

  /** @param {string} run @param {string} source @param {number} index @returns {Promise<Member>} */
  async function memberOf(run, source, index) {
    const images = imagesOf(state.run);
    const { image, label } = await patiently(() => api.testExample(source, index));
    const [, columns] = pictureShape(image.length, images.shape);
    const png = greyPng(
      Uint8Array.from(image, (value) => Math.round(255 * value)),
      columns,
    );
    const epoch = state.pastEpoch?.epoch ?? null;
    const file = await patiently(() => api.walk(run, png, { truth: label, epoch }));
    return { label, walk: walkOf(run, file, images) };
  }

  return { fetch: fetchBatch };
}

/** @typedef {ReturnType<typeof createBatching>} Batching */
