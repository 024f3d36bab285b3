/** Puts real digits on the pad, of those that networks are tested with. */

import { classesOf } from "../datasets/datasets.pure.js";
import { ApiError, api } from "../shell/api.js";
import { nounOf, testSource } from "./prediction.pure.js";

/** @import { Store } from "../shell/state.js" */

const FIRST_BELOW = 1000; // every visit begins elsewhere; the server counts round

/** @param {Store} store */
export function createTestDigits(store) {
  const { state } = store;
  let index = Math.floor(Math.random() * FIRST_BELOW);
  let asking = false;

  async function next() {
    const name = state.run?.spec.dataset;
    if (asking || typeof name !== "string") return;
    asking = true;
    const source = testSource(state.datasets, name);
    try {
      const example = await api.testExample(source, index);
      index = example.index + 1;
      show(example, source);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      store.set({ problem: error.message });
    } finally {
      asking = false;
    }
  }

  /**
   * @param {{ index: number, label: number, image: number[] }} example
   * @param {string} source the name of its data set
   */
  function show({ index, label, image }, source) {
    const noun = nounOf(classesOf(state.datasets, source));
    const name =
      source === state.run?.spec.dataset ? `test ${noun} ${index}` : `${source}, no. ${index}`;
    const shape = state.datasets.find((dataset) => dataset.name === source)?.shape;
    state.strokes.length = 0;
    store.set({ picture: { image, label, name, shape } });
    store.touch("strokes");
  }

  return { next };
}

/** @typedef {ReturnType<typeof createTestDigits>} TestDigitsService */
