/** The confusion matrix of the test digits, and below it the digits that are read wrong. */

import { arePictures, imagesOf, pictureShape } from "../runs/images.pure.js";
import { byId, setText } from "../shell/dom.js";
import { createWrongDigits } from "./digits.view.js";
import { createMatrix } from "./matrix.view.js";
import { complaintOf, pictureOfMistake, scoreWords, wrongWords } from "./mistakes.pure.js";

/**
 * @import { Mistake } from "./mistakes.pure.js"
 * @import { LookInside } from "../shell/inside.service.js"
 * @import { Loop } from "../shell/loop.js"
 * @import { Store } from "../shell/state.js"
 */

/**
 * @param {Store} store
 * @param {Loop} loop
 * @param {LookInside} lookInside
 */
export function createMistakesView(store, loop, lookInside) {
  const { state } = store;
  /**
   * @type {{ label: number, digit: number } | null} the cell whose digits are listed; null for all
   */
  let chosen = null;
  const matrix = createMatrix(byId("confusion"), choose);
  const digits = createWrongDigits(byId("wrong-digits"), { show, lookAt });

  /**
   * Lists a cell's digits, or all digits if they are listed already.
   * @param {number} label
   * @param {number} digit
   */
  function choose(label, digit) {
    const again = chosen?.label === label && chosen.digit === digit;
    chosen = again || label === digit ? null : { label, digit };
    draw();
  }

  function draw() {
    const { run, mistakesProblem, theme } = state;
    const images = imagesOf(run);
    const classes = images.class_names;
    const complaint = complaintOf(state);
    const mistakes = complaint ? null : state.mistakes; // those kept may be of another epoch
    setText(byId("mistakes-score"), mistakesProblem ? "" : scoreWords(mistakes, complaint));
    setText(byId("mistakes-problem"), mistakesProblem ?? "");
    byId("wrong-all").hidden = chosen === null;
    matrix.draw(mistakes?.confusion ?? [], classes, theme, chosen);
    const wrong = (arePictures(images) && mistakes?.wrong) || [];
    const cell = chosen;
    const shown = cell
      ? wrong.filter(({ label, digit }) => label === cell.label && digit === cell.digit)
      : wrong;
    setText(
      byId("wrong-words"),
      mistakes ? wrongWords(mistakes, shown.length, chosen, classes) : "",
    );
    digits.draw(shown, classes, (count) => pictureShape(count, images.shape));
  }

  /** @param {Mistake} mistake */
  function putOnPad(mistake) {
    state.strokes.length = 0;
    store.set({ picture: pictureOfMistake(mistake, imagesOf(state.run)) });
    store.touch("strokes");
  }

  /** @param {Mistake} mistake */
  function show(mistake) {
    putOnPad(mistake);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    byId("pad-panel").scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" });
    byId("draw-pad").focus({ preventScroll: true });
  }

  /** @param {Mistake} mistake */
  function lookAt(mistake) {
    putOnPad(mistake);
    lookInside.show();
  }

  byId("wrong-all").addEventListener("click", () => {
    if (chosen) matrix.focus(chosen.label, chosen.digit);
    chosen = null;
    draw();
  });
  store.subscribe(["watched"], () => (chosen = null));
  store.subscribe(["mistakes", "mistakesProblem", "datasets", "theme", "run", "pastEpoch"], () =>
    loop.request(draw),
  );
  loop.request(draw);
}
