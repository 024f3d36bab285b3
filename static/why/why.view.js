/** Why the network reads what it reads: attributions, the least change, wants, and a way between. */

import { loadSheets } from "../inside/sheets.js";
import { lastLayer, numbersOf } from "../inside/walk.pure.js";
import { greyPng } from "../pad/png.pure.js";
import { nameOf } from "../pad/prediction.pure.js";
import { api, wordsOf } from "../shell/api.js";
import { RAMPS } from "../shell/colour.pure.js";
import { byId, make, setText } from "../shell/dom.js";
import { experiments } from "../shell/experiments.js";
import { formatCount, formatFigure } from "../shell/format.pure.js";
import { pictureCanvas } from "../shell/picture.js";
import { oneAtATime } from "../shell/requests.js";
import { createBetweenView } from "./between.view.js";
import { drawSigned } from "./pictures.js";

/**
 * @import { Tools } from "../inside/inside.state.js"
 * @import { Walk } from "../inside/walk.pure.js"
 */

/** @param {Tools} tools */
export async function createWhy({ store, own, padImage }) {
  await loadSheets(["../why/why"]);
  const digit = byId("why-digit", HTMLSelectElement);
  const baseline = byId("why-baseline", HTMLSelectElement);
  const to = byId("why-to", HTMLSelectElement);
  const layer = byId("why-layer", HTMLSelectElement);
  const neuron = byId("why-neuron", HTMLInputElement);
  const use = byId("why-use", HTMLButtonElement);
  const between = createBetweenView(own);
  /** @type {Walk | null} */
  let shown = null;
  /** @type {{ image: number[], digit: number } | null} */
  let flipped = null;

  /** What the neurons are counted from: outputs as digits are, others from 1 as everywhere. */
  const firstNeuron = () => (Number(layer.value) === layer.options.length - 1 ? 0 : 1);
  const epoch = () => store.state.pastEpoch?.epoch ?? null;
  const canvas = (/** @type {string} */ id) => byId(id, HTMLCanvasElement);

  /** The picture on the pad, as it is sent. */
  function png() {
    const shades = padImage();
    return shades && greyPng(shades.values, shades.columns);
  }

  const explain = oneAtATime(async () => {
    const body = png();
    const { walk } = own.state;
    if (!body || !walk) return;
    try {
      const found = await experiments.explain(walk.run, body, {
        digit: Number(digit.value),
        baseline: baseline.value,
        epoch: epoch(),
      });
      const ramp = RAMPS[own.state.theme];
      drawSigned(
        canvas("why-attributions"),
        found.attributions,
        walk.imageShape,
        ramp,
        found.image,
      );
      pictureCanvas(found.baseline, ...walk.imageShape, undefined, canvas("why-ground"));
      setText(byId("why-sum"), formatFigure(found.sum, 4));
      const difference = (found.output ?? NaN) - (found.baseline_output ?? NaN);
      setText(byId("why-difference"), formatFigure(difference, 4));
      setText(byId("why-problem"), "");
    } catch (error) {
      setText(byId("why-problem"), wordsOf(error));
    }
  });

  const find = oneAtATime(async () => {
    const body = png();
    const { walk } = own.state;
    if (!body || !walk) return;
    setText(byId("why-flip-words"), "Looking for it…");
    const wanted = Number(to.value);
    try {
      const found = await experiments.flip(walk.run, body, { to: wanted, epoch: epoch() });
      const bytes = Uint8Array.from(found.image, (value) => Math.round(255 * value));
      const asked = await api.predict(walk.run, greyPng(bytes, walk.imageShape[1]), {
        epoch: epoch(),
      });
      const before = [...numbersOf(walk, "x")];
      const change = found.image.map((value, i) => value - before[i]);
      pictureCanvas(found.image, ...walk.imageShape, undefined, canvas("why-flipped"));
      drawSigned(canvas("why-change"), change, walk.imageShape, RAMPS[own.state.theme]);
      flipped = { image: found.image, digit: wanted };
      use.disabled = false;
      const length = Math.sqrt(before.reduce((sum, value) => sum + value * value, 0));
      setText(
        byId("why-flip-words"),
        `The change has a length of ${formatFigure(found.change, 3)}, where the image itself has ${formatFigure(length, 3)}. Asked again, the network reads ${nameOf(asked.digit, walk.classes)} (${formatFigure(asked.confidence, 3)}).`,
      );
    } catch (error) {
      setText(byId("why-flip-words"), wordsOf(error));
    }
  });

  const ask = oneAtATime(async () => {
    const { walk } = own.state;
    if (!walk) return;
    try {
      const found = await experiments.wants(walk.run, {
        layer: Number(layer.value),
        neuron: chosenNeuron(),
        epoch: epoch(),
      });
      for (const [id, image, excites] of /** @type {const} */ ([
        ["why-noise", found.image, found.excitement],
        ["why-smooth", found.smooth_image, found.smooth_excitement],
        ["why-example", found.example_image, found.example_excitement],
      ])) {
        pictureCanvas(image, ...walk.imageShape, undefined, canvas(id));
        setText(byId(`${id}-excites`), formatFigure(excites, 3));
      }
      setText(byId("why-examples"), formatCount(found.examples));
      setText(byId("why-wants-problem"), "");
    } catch (error) {
      setText(byId("why-wants-problem"), wordsOf(error));
    }
  });

  function putOnPad() {
    const { walk } = own.state;
    if (!flipped || !walk) return;
    const about = `changed to be read as ${nameOf(flipped.digit, walk.classes)}`;
    store.state.strokes.length = 0;
    store.set({ picture: { image: flipped.image, shape: walk.imageShape, about } });
    store.touch("strokes");
  }

  /** Names the classes and the layers of another network. @param {Walk} walk */
  function name(walk) {
    for (const select of [digit, to]) select.replaceChildren(...walk.classes.map(optionOf));
    layer.replaceChildren(
      ...walk.shapes.map((_, i) =>
        optionOf(i === walk.shapes.length - 1 ? "of outputs" : String(i + 1), i),
      ),
    );
    layer.value = String(lastLayer(walk));
    neuron.value = String(walk.digit);
  }

  /** @param {string} text @param {number} value */
  function optionOf(text, value) {
    const option = make("option", "", text);
    option.value = String(value);
    return option;
  }

  /** The neuron that is typed, from 0, or the nearest that the layer has. */
  function chosenNeuron() {
    const count = own.state.walk?.shapes[Number(layer.value)][0] ?? 1;
    const typed = (Math.round(Number(neuron.value)) || 0) - firstNeuron();
    return Math.max(0, Math.min(count - 1, typed));
  }

  function boundNeuron() {
    neuron.value = String(chosenNeuron() + firstNeuron());
  }

  function refresh() {
    const { walk } = own.state;
    if (!walk) return;
    if (shown !== walk) {
      if (shown?.run !== walk.run) name(walk);
      shown = walk;
      flipped = null;
      use.disabled = true;
      digit.value = String(walk.digit);
      to.value = String((walk.digit + 1) % walk.classes.length);
      setText(byId("why-flip-words"), "");
      boundNeuron();
      ask();
    }
    between.draw();
    explain();
  }

  digit.addEventListener("change", explain);
  baseline.addEventListener("change", explain);
  byId("why-find").addEventListener("click", () => find());
  use.addEventListener("click", putOnPad);
  byId("why-ask").addEventListener("click", () => ask());
  for (const field of [layer, neuron]) {
    field.addEventListener("change", () => {
      boundNeuron();
      ask();
    });
  }
  return { refresh };
}
