/** What the shown network and a second one read on the pad, and the image that the network sees. */

import { imagesOf } from "../runs/images.pure.js";
import { byId, setText } from "../shell/dom.js";
import { formatCount, formatFigure } from "../shell/format.pure.js";
import { PAD_COLOURS, pictureCanvas } from "../shell/picture.js";
import { opinionWords, secondReader } from "./prediction.pure.js";

/**
 * @import { Prediction } from "./prediction.pure.js"
 * @import { Run } from "../runs/run.pure.js"
 * @import { Loop } from "../shell/loop.js"
 * @import { Store } from "../shell/state.js"
 */

/**
 * @param {Store} store
 * @param {Loop} loop
 */
export function createPredictionView(store, loop) {
  const { state } = store;
  const reader = byId("reader", HTMLSelectElement);
  reader.addEventListener("change", () => store.set({ reader: reader.value, opinion: null }));

  function draw() {
    const { prediction, predictionProblem, run } = state;
    const answer = byId("prediction");
    answer.ariaLive = state.ghost ? "off" : "polite"; // a screen reader says what a person draws
    setText(answer, prediction ? prediction.digit : "");
    const words = byId("confidence");
    words.dataset.tone = predictionProblem ? "bad" : "plain";
    setText(
      words,
      predictionProblem ?? (prediction ? wordsOf(prediction, run) : "Nothing is drawn yet."),
    );
    drawSeen(prediction?.image ?? []);
  }

  /**
   * @param {Prediction} prediction
   * @param {Run | null} run
   */
  function wordsOf({ digit, outputs }, run) {
    const names = imagesOf(run).class_names;
    const name = names[digit] && names[digit] !== String(digit) ? `${names[digit]}: ` : "";
    const order = outputs.map((_, i) => i).sort((one, other) => outputs[other] - outputs[one]);
    const next = order[1];
    return `${name}its output is ${formatFigure(outputs[digit])}. Next comes ${names[next] ?? next} with ${formatFigure(outputs[next])}.`;
  }

  /** @param {number[]} image 0–1, row by row */
  function drawSeen(image) {
    const [rows, columns] = imagesOf(state.run).shape;
    const numbers = formatCount(rows * columns);
    setText(byId("seen-caption"), `All that the network sees: ${numbers} numbers from 0 to 1.`);
    const nothing = image.length !== rows * columns;
    pictureCanvas(
      nothing ? new Float32Array(rows * columns) : image,
      rows,
      columns,
      PAD_COLOURS,
      byId("seen", HTMLCanvasElement),
    );
  }

  function drawOpinion() {
    setText(
      byId("opinion"),
      opinionWords(secondReader(state.reader, state.watched), state.opinion),
    );
  }

  store.subscribe(["prediction", "predictionProblem", "run"], () => loop.request(draw));
  store.subscribe(["opinion", "reader", "watched"], () => loop.request(drawOpinion));
  loop.request(draw);
  loop.request(drawOpinion);
}
