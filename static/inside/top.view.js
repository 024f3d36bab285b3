/** The top of the view: the image, what the network reads in it, what it is, and the way back. */

import { nameOf } from "../pad/prediction.pure.js";
import { imagesOf, nounOf } from "../runs/images.pure.js";
import { byId, make, setText } from "../shell/dom.js";
import { formatFigure } from "../shell/format.pure.js";
import { pictureCanvas } from "../shell/picture.js";
import { lastLayer, numbersOf } from "./walk.pure.js";

/**
 * @import { TestDigitsService } from "../pad/test-digits.service.js"
 * @import { Loop } from "../shell/loop.js"
 * @import { Store } from "../shell/state.js"
 * @import { InsideStore } from "./inside.state.js"
 * @import { Walking } from "./walk.service.js"
 */

/**
 * @param {Store} store
 * @param {InsideStore} own
 * @param {Loop} loop
 * @param {{ walking: Walking, testDigits: TestDigitsService, leave: () => void }} services
 */
export function createTopView(store, own, loop, { walking, testDigits, leave }) {
  const { state } = own;
  const truth = byId("inside-truth", HTMLSelectElement);
  const asks = byId("inside-asks", HTMLInputElement);
  let named = "";

  byId("inside-leave").addEventListener("click", leave);
  byId("inside-next-digit").addEventListener("click", testDigits.next);
  byId("inside-again").addEventListener("click", () => walking.ask(state.walk?.truth ?? null));
  truth.addEventListener("change", () => walking.ask(Number(truth.value)));
  asks.addEventListener("change", () => own.set({ asks: asks.checked }));

  function draw() {
    const { walk, problem } = state;
    byId("inside-problem").hidden = problem === null;
    setText(byId("inside-problem"), problem ?? "");
    if (!walk) return;
    const { classes, digit } = walk;
    const names = classes.join("\n");
    if (names !== named) {
      named = names;
      truth.replaceChildren(
        ...classes.map((name, i) => {
          const option = make("option", "", name);
          option.value = String(i);
          return option;
        }),
      );
    }
    truth.value = String(walk.truth);
    const [rows, columns] = walk.imageShape;
    pictureCanvas(
      numbersOf(walk, "x"),
      rows,
      columns,
      undefined,
      byId("inside-digit", HTMLCanvasElement),
    );
    const output = numbersOf(walk, `activations.${lastLayer(walk)}`)[digit];
    setText(
      byId("inside-reads"),
      `The network reads ${nameOf(digit, classes)} (${formatFigure(output)}).`,
    );
    drawAgain();
  }

  /** A network that trains has gone on since the walk. */
  function drawAgain() {
    const { run, pastEpoch } = store.state;
    const hasMoved = pastEpoch === null && (run?.step ?? 0) > (state.walk?.trained ?? Infinity);
    byId("inside-again").hidden = !hasMoved;
    const noun = nounOf(imagesOf(run).class_names);
    setText(byId("inside-next-digit"), `Next test ${noun}`);
  }

  own.subscribe(["walk", "problem"], () => loop.request(draw));
  store.subscribe(["run", "pastEpoch"], () => loop.request(drawAgain));
}
