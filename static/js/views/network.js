/**
 * The network: every neuron is the picture of the weights it reads with, one of the nudge they will
 * get, on a canvas in a button; its bias stands beside it, its activation lights it up.
 */

import { byId, setText } from "../dom.js";
import { colourAt, colourIndex, colourTable, lightOf, RAMPS, scaleOf } from "../pure/colour.js";
import { classesOf } from "../pure/datasets.js";
import { formatCount, formatFigure } from "../pure/format.js";
import { frameShown } from "../state.js";
import { layersOf } from "../pure/safetensors.js";
import { buildLayers } from "./network-layout.js";
import { followPointing } from "./network-pointing.js";

const CAPTIONS = {
  weights:
    "In layer 1 each picture is one neuron: a weight for each pixel. Ink on blue excites it, ink on orange silences it. " +
    "Further on each row is one neuron: a weight for each neuron before it. The last cell is always the bias.",
  gradient:
    "The nudge that will be made, −∇C, in the same places: blue parameters will grow, orange ones shrink. " +
    "The stronger the colour, the more the cost depends on that parameter.",
};

/**
 * @param {import("../state.js").Store} store
 * @param {ReturnType<typeof import("../loop.js").createLoop>} loop
 */
export function createNetworkView(store, loop) {
  const { state } = store;
  /** @type {import("./network-layout.js").LayerView[]} */
  let views = [];
  let built = "";
  let colours = colourTable(RAMPS.light);
  /** @type {Map<string, number>} the present scale of each layer: it glides, so that nothing flickers */
  const scales = new Map();

  followPointing(byId("scene"), store);
  for (const choice of byId("show").querySelectorAll("input")) {
    choice.addEventListener("change", () => store.set({ show: choice.value, pointed: state.pointed }));
  }

  function draw() {
    const frame = frameShown(state, state.show) ?? state.frames.weights ?? state.frames.gradient;
    const kind = frameShown(state, state.show) ? state.show : state.frames.weights ? "weights" : "gradient";
    const layers = layersOf(frame, kind);
    if (layers.length) rebuild(layers);
    setText(byId("network-caption"), captionText());
    const known = layersOf(frameShown(state, state.show), state.show);
    views.forEach((view, i) => drawLayer(view, known[i], i));
  }

  function captionText() {
    if (state.show === "gradient" && state.frames.weights && !state.frames.gradient) {
      return "There is no gradient yet: it appears with the first step of training.";
    }
    return CAPTIONS[state.show];
  }

  /** @param {ReturnType<typeof layersOf>} layers */
  function rebuild(layers) {
    const shapes = layers.map(({ weights }) => weights.shape);
    const dataset = state.datasets.find(({ name }) => name === state.run?.spec.dataset);
    const classes = classesOf(state.datasets, state.run?.spec.dataset);
    const key = JSON.stringify([shapes, dataset?.shape, classes]);
    if (key === built) return;
    built = key;
    views = buildLayers(byId("scene"), shapes, dataset?.shape ?? null, classes);
    scales.clear();
    const sizes = [shapes[0][1], ...shapes.map(([neurons]) => neurons)].map(formatCount);
    const count = shapes.reduce((sum, [neurons, inputs]) => sum + neurons * (inputs + 1), 0);
    setText(byId("architecture"), `${sizes.join(" → ")} · ${formatCount(count)} parameters`);
    drawLights();
  }

  /**
   * @param {import("./network-layout.js").LayerView} view
   * @param {ReturnType<typeof layersOf>[number] | undefined} layer
   * @param {number} index
   */
  function drawLayer(view, layer, index) {
    const sign = state.show === "gradient" ? -1 : 1;
    const values = layer?.weights.values;
    const scale = values ? glide(`${state.show}.${index}`, scaleOf(values)) : 1;
    const biasScale = layer ? glide(`${state.show}.b.${index}`, scaleOf(layer.biases.values)) : 1;
    setText(view.scaleText, layer ? `full colour: ±${formatFigure(scale)}` : "");
    view.neurons.forEach(({ context, image, pixels, bias }, neuron) => {
      const start = neuron * pixels.length;
      for (let i = 0; i < pixels.length; i += 1) {
        pixels[i] = colours[colourIndex(sign * (values?.[start + i] ?? 0), scale)];
      }
      context.putImageData(image, 0, 0);
      const share = (sign * (layer?.biases.values[neuron] ?? 0)) / biasScale;
      bias.style.backgroundColor = `rgb(${colourAt(RAMPS[state.theme], share).join(" ")})`;
    });
  }

  /** @param {string} key @param {number} target */
  function glide(key, target) {
    const before = scales.get(key) ?? target;
    const scale = before > 20 * target || target > 20 * before ? target : before + 0.3 * (target - before);
    scales.set(key, scale);
    return scale;
  }

  function drawLights() {
    const { prediction, run } = state;
    views.forEach((view, i) => {
      const activations = prediction?.activations[i];
      const last = i === views.length - 1;
      const lights = activations ? lightOf(activations, activationName(run, i, last)) : [];
      view.neurons.forEach(({ row, bar, figure }, neuron) => {
        row.style.setProperty("--lit", (lights[neuron] ?? 0).toFixed(3));
        if (!bar || !figure) return;
        bar.style.transform = `scaleX(${Math.max(0, Math.min(1, activations?.[neuron] ?? 0))})`;
        setText(figure, activations ? outputText(activations[neuron]) : "");
        row.dataset.read = String(prediction?.digit === neuron);
      });
    });
  }

  /** @param {number} value */
  const outputText = (value) => (Math.abs(value) < 100 ? value.toFixed(2).replace("-", "−") : formatFigure(value));

  function recolour() {
    colours = colourTable(RAMPS[state.theme]);
    loop.request(draw);
  }

  store.subscribe(["theme"], recolour);
  store.subscribe(["frames", "past", "show", "datasets", "run"], () => loop.request(draw));
  store.subscribe(["prediction"], () => loop.request(drawLights));
  recolour();
}

/**
 * @param {import("../state.js").Run | null} run
 * @param {number} layer
 * @param {boolean} last
 * @returns {string}
 */
function activationName(run, layer, last) {
  const { output, activation } = run?.spec ?? {};
  if (last) return String(output);
  return String(Array.isArray(activation) ? activation[layer] : activation);
}
