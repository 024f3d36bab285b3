/** What the network reads, and the image that it sees. */

import { byId, setText } from "../dom.js";
import { classesOf, pictureShape } from "../pure/datasets.js";
import { formatCount, formatFigure } from "../pure/format.js";

/**
 * @param {import("../state.js").Store} store
 * @param {ReturnType<typeof import("../loop.js").createLoop>} loop
 */
export function createPredictionView(store, loop) {
  const { state } = store;
  const seen = byId("seen");
  const context = seen.getContext("2d");
  const reader = /** @type {HTMLSelectElement} */ (byId("reader"));
  reader.addEventListener("change", () => store.set({ reader: reader.value }));

  function draw() {
    const { prediction, predictionProblem, run } = state;
    setText(byId("prediction"), prediction ? prediction.digit : "");
    const words = byId("confidence");
    words.dataset.tone = predictionProblem ? "bad" : "plain";
    setText(words, predictionProblem ?? (prediction ? wordsOf(prediction, run) : "Nothing is drawn yet."));
    drawSeen(prediction?.image ?? []);
  }

  /**
   * @param {import("../state.js").Prediction} prediction
   * @param {import("../state.js").Run | null} run
   */
  function wordsOf({ digit, outputs }, run) {
    const names = classesOf(state.datasets, state.reader ? "mnist" : run?.spec.dataset);
    const name = names[digit] && names[digit] !== String(digit) ? `${names[digit]}: ` : "";
    const order = outputs.map((_, i) => i).sort((one, other) => outputs[other] - outputs[one]);
    const next = order[1];
    return `${name}its output is ${formatFigure(outputs[digit])}. Next comes ${names[next] ?? next} with ${formatFigure(outputs[next])}.`;
  }

  /** @param {number[]} image 0–1, row by row */
  function drawSeen(image) {
    const shown = state.reader ? "mnist" : state.run?.spec.dataset;
    const dataset = state.datasets.find(({ name }) => name === shown);
    const [rows, columns] = dataset?.shape ?? pictureShape(image.length || 784, null);
    const numbers = formatCount(rows * columns);
    setText(byId("seen-caption"), `All that the network sees: ${numbers} pixels, each a number from 0 to 1.`);
    seen.width = columns;
    seen.height = rows;
    if (image.length !== rows * columns) return;
    const pixels = context.createImageData(columns, rows);
    image.forEach((value, i) => pixels.data.set([245 * value, 245 * value, 240 * value, 255], 4 * i));
    context.putImageData(pixels, 0, 0);
  }

  store.subscribe(["prediction", "predictionProblem", "datasets", "run", "reader"], () => loop.request(draw));
  loop.request(draw);
}
