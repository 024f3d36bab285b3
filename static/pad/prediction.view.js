/** What the shown network and a second one read on the pad. */

import { costOf } from "../network/cost.pure.js";
import { imagesOf } from "../runs/images.pure.js";
import { byId, setText } from "../shell/dom.js";
import { formatFigure } from "../shell/format.pure.js";
import { nameOf, opinionWords, secondReader, truthOf } from "./prediction.pure.js";

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

  /** What is on the pad, where that is known, and how wrong the network is about it. */
  function drawTruth() {
    const { prediction, picture, run } = state;
    const truth = truthOf(state);
    const about =
      picture?.about ??
      (truth === null ? "" : `It is ${nameOf(truth, imagesOf(run).class_names)}.`);
    const known = truth !== null && prediction !== null && truth < prediction.outputs.length;
    const cost = known
      ? ` Cost: ${formatFigure(costOf(prediction.outputs, truth, run?.spec))}.`
      : "";
    setText(byId("truth"), about + cost);
  }

  function drawOpinion() {
    setText(
      byId("opinion"),
      opinionWords(secondReader(state.reader, state.watched), state.opinion),
    );
  }

  store.subscribe(["prediction", "predictionProblem", "run"], () => loop.request(draw));
  store.subscribe(["prediction", "picture", "strokes", "run"], () => loop.request(drawTruth));
  store.subscribe(["opinion", "reader", "watched"], () => loop.request(drawOpinion));
  loop.request(draw);
  loop.request(drawOpinion);
}
