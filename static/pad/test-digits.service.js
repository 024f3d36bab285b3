/** Puts test digits on the pad, one after the other. */

import { classesOf, findDataset } from "../datasets/datasets.pure.js";
import { nounOf } from "../runs/images.pure.js";
import { api, wordsOf } from "../shell/api.js";
import { oneAtATime } from "../shell/requests.js";
import { testSource, truthWords } from "./prediction.pure.js";

/** @import { Store } from "../shell/state.js" */

const FIRST_BELOW = 1000; // each visit begins with another; after the last the server begins again

/** @param {Store} store */
export function createTestDigits(store) {
  const { state } = store;
  let index = Math.floor(Math.random() * FIRST_BELOW);

  async function showNext() {
    const name = state.run?.spec.dataset;
    if (name === undefined) return;
    const source = testSource(state.datasets, name);
    try {
      const example = await api.testExample(source, index);
      index = example.index + 1;
      show(example, source);
    } catch (error) {
      store.set({ problem: wordsOf(error) });
    }
  }

  /**
   * @param {{ index: number, label: number, image: number[] }} example
   * @param {string} source the name of its data set
   */
  function show({ index, label, image }, source) {
    const classes = classesOf(state.datasets, source);
    const origin =
      source === state.run?.spec.dataset
        ? `test ${nounOf(classes)} ${index}`
        : `${source}, no. ${index}`;
    const shape = findDataset(state.datasets, source)?.shape;
    state.strokes.length = 0;
    store.set({ picture: { image, shape, about: truthWords(label, classes, origin), label } });
    store.touch("strokes");
  }

  return { next: oneAtATime(showNext) };
}

/** @typedef {ReturnType<typeof createTestDigits>} TestDigitsService */
