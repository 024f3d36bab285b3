/** Puts digits on the pad that the network has never learned from: those that it is tested with. */

import { ApiError, api } from "./api.js";
import { classesOf } from "./pure/datasets.js";
import { nounOf, testSource } from "./pure/reading.js";

const FIRST_BELOW = 1000; // every visit begins elsewhere; the server counts round

/** @param {import("./state.js").Store} store */
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
      show(example, source, source === name ? "" : ` of ${source}`);
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
   * @param {string} origin said of it
   */
  function show({ index, label, image }, source, origin) {
    const noun = nounOf(classesOf(state.datasets, source));
    const shape = state.datasets.find((dataset) => dataset.name === source)?.shape;
    state.strokes.length = 0;
    store.set({ picture: { image, label, name: `test ${noun} ${index}${origin}`, shape } });
    store.touch("strokes");
  }

  return { next };
}
