/**
 * The network as one scene: the image, each neuron of the first layer as a picture of its weights,
 * the neurons after it, and the edges between them. What is drawn changes smoothly towards the
 * newest frame.
 */

import { imagesOf, pictureShape } from "../runs/images.pure.js";
import { colourTable, RAMPS } from "../shell/colour.pure.js";
import { byId, setText } from "../shell/dom.js";
import { formatCount } from "../shell/format.pure.js";
import { lightOf } from "./activations.pure.js";
import { captionOf, SHOWS } from "./captions.pure.js";
import { drawBiases, drawImage, drawLights, drawScales, drawStrips } from "./details.view.js";
import { createEdges } from "./edges.view.js";
import { followEdits, keepEditFocus } from "./layer-head.view.js";
import { layoutScene, sampleSize } from "./layout.pure.js";
import { aim, approachAll, createModel, shareOf } from "./model.pure.js";
import { activationName } from "./neuron.pure.js";
import { paintPicture } from "./neuron.view.js";
import { followPointing } from "./pointing.view.js";
import { buildScene, placeScene } from "./scene.view.js";
import { shownOf } from "./shown.js";
import { bringIn } from "./swap.view.js";

/**
 * @import { ArchitectureService } from "./architecture.service.js"
 * @import { Layout } from "./layout.pure.js"
 * @import { LayerModel } from "./model.pure.js"
 * @import { Pointed } from "./neuron.pure.js"
 * @import { Anatomy, LayerView } from "./scene.view.js"
 * @import { Loop } from "../shell/loop.js"
 * @import { Store } from "../shell/state.js"
 */

const BETWEEN_PAINTS = 30; // milliseconds; each time half of the scene is painted
const WHILE_DRAWING = 100; // while the pen is down, because drawing goes first
const BETWEEN_DETAILS = 250; // milliseconds, for the parts that need not move smoothly

/**
 * @param {Store} store
 * @param {Loop} loop
 * @param {ArchitectureService} architecture
 */
export function createNetworkView(store, loop, architecture) {
  const { state } = store;
  const scene = byId("scene");
  const edges = createEdges(byId("edges", HTMLCanvasElement));
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  /** @type {Anatomy | null} */
  let anatomy = null;
  /** @type {LayerView[]} */
  let views = [];
  /** @type {LayerModel[]} */
  let model = [];
  /** @type {Layout | null} */
  let layout = null;
  let built = "";
  let colours = colourTable(RAMPS.light);
  let outdated = false; // a newer frame than the goal's has come
  let jump = true; // the next drawing shows the goal at once
  let shown = shownOf(state);
  let drawnAt = 0;
  let detailedAt = 0;
  let litAt = 0; // the lights are painted in this frame, the scene in the next
  let picturesNext = false;

  const pauseBetweenPaints = () => (state.penDown ? WHILE_DRAWING : BETWEEN_PAINTS);

  /** @param {number} time */
  function draw(time) {
    if (!jump && (time === litAt || time - drawnAt < pauseBetweenPaints())) {
      loop.request(draw);
      return;
    }
    if (outdated) follow();
    if (!anatomy || !layout) return;
    const share = jump || still.matches ? 1 : shareOf(Math.min(100, time - drawnAt));
    const settled = approachAll(model, share);
    // Only half of the scene is painted at a time, so that a slow machine keeps up.
    if (picturesNext || settled || jump) paintPictures();
    if (!picturesNext || settled || jump) paintEdges();
    picturesNext = !picturesNext;
    drawnAt = time;
    jump = false;
    if (settled || time - detailedAt > BETWEEN_DETAILS) drawDetails(time);
    if (!settled) loop.request(draw);
  }

  /** Sets the goal from what is to be shown. */
  function follow() {
    outdated = false;
    shown = shownOf(state);
    const { weights, gradient, lit, blamed } = shown;
    const known = weights.length ? weights : gradient;
    if (known.length) rebuild(known.map((layer) => layer.weights.shape));
    setText(byId("network-caption"), captionOf(state, gradient.length > 0, model.length !== 1));
    model.forEach((layer, i) => {
      const isGradient = i >= blamed;
      const inputs = state.show === "activations" ? inputsOf(i) : null;
      const hidden = state.show === "activations" && !inputs;
      const tensors = isGradient ? gradient[i] : weights[i];
      aim(layer, hidden ? undefined : tensors, isGradient ? -1 : 1, isGradient ? null : inputs);
      const activations = i < lit ? activationsOf(i) : null;
      const name = activationName(state.run?.spec, i, i === model.length - 1);
      const lights = activations ? lightOf(activations, name) : null;
      layer.shown.forEach((neuron, place) => {
        layer.lightsGoal[place] = lights?.[neuron] ?? 0;
      });
    });
  }

  /** The inputs of layer i for the present drawing, or null. @param {number} i */
  function inputsOf(i) {
    const inputs = i === 0 ? shown.reading?.image : shown.reading?.activations[i - 1];
    return inputs?.length === model[i].inputs ? inputs : null;
  }

  /** @param {number} i */
  function activationsOf(i) {
    const activations = shown.reading?.activations[i];
    return activations?.length === model[i].neurons ? activations : null;
  }

  const isFlowing = () => model.length > 0 && activationsOf(model.length - 1) !== null;

  /** @param {number[][]} shapes */
  function rebuild(shapes) {
    const { shape, class_names: classes } = imagesOf(state.run);
    const picture = pictureShape(shapes[0][1], shape);
    const key = JSON.stringify([shapes, picture, classes]);
    if (key === built) return;
    built = key;
    layout = null;
    jump = true;
    anatomy = {
      shapes,
      samples: shapes.map(([neurons], i) => sampleSize(neurons, i === 0 && shapes.length > 1)),
      picture,
      classes,
      longNames: classes.some((name) => name.length > 2),
    };
    for (const { strip } of views) strip?.dispose();
    const plan = anatomy;
    keepEditFocus(scene, () => {
      views = buildScene(plan);
    });
    model = createModel(shapes, anatomy.samples);
    place();
    const sizes = [shapes[0][1], ...shapes.map(([neurons]) => neurons)].map(formatCount);
    const count = shapes.reduce((sum, [neurons, inputs]) => sum + neurons * (inputs + 1), 0);
    setText(byId("architecture"), `${sizes.join(" → ")} · ${formatCount(count)} parameters`);
    drawSeen();
    loop.request(drawReading);
  }

  function place() {
    if (!anatomy || scene.clientWidth === 0) return; // on a phone, another tab is open
    layout = layoutScene({
      width: scene.clientWidth,
      height: scene.clientHeight,
      shape: anatomy.picture,
      neurons: anatomy.shapes.map(([neurons]) => neurons),
      longNames: anatomy.longNames,
    });
    placeScene(views, layout);
    edges.place(layout);
    jump = true;
    loop.request(draw);
  }

  function paintPictures() {
    const [{ slots }] = views;
    const [{ values, inputs }] = model;
    slots.forEach(({ picture }, slot) => {
      if (picture) paintPicture(picture, values, slot * inputs, 1, colours);
    });
  }

  const paintEdges = () => edges.paint(model, isFlowing(), focusOf());

  /** The pinned or pointed neuron or edge, as places in the scene. */
  function focusOf() {
    const pointed = state.pointed ?? state.pinned;
    const place = pointed ? (model[pointed.layer]?.shown.indexOf(pointed.neuron) ?? -1) : -1;
    if (!pointed || place < 0) return null;
    const { layer, cell } = pointed;
    const source = layer > 0 && cell !== null ? model[layer - 1].shown.indexOf(cell) : -1;
    return { layer, place, source: source < 0 ? null : source };
  }

  /** @param {number} time */
  function drawDetails(time) {
    detailedAt = time;
    const isGradient = shown.blamed === 0;
    const layers = isGradient ? shown.gradient : shown.weights;
    const sign = isGradient ? -1 : 1;
    drawScales(model, layers.length > 0);
    drawBiases(views, model, layers, sign, state.theme);
    drawStrips(views, model, layers, {
      sign,
      colours,
      inputs: state.show === "activations" ? inputsOf(0) : null,
    });
  }

  function drawSeen() {
    if (!anatomy) return;
    const { reading } = shownOf(state);
    drawImage(byId("scene-image", HTMLCanvasElement), reading?.image ?? [], anatomy.picture);
  }

  /** @param {number} time */
  function drawReading(time) {
    litAt = time;
    if (!anatomy) return;
    drawLights(views, model, shownOf(state), state.run?.spec);
  }

  /** The image is painted with the answer, what it sets off in the network in the next frame. */
  function followReading() {
    drawSeen();
    loop.request(drawReading);
    renew();
  }

  function showPinned() {
    const { pinned } = state;
    if (!anatomy || !pinned || !model[pinned.layer]) return;
    const { layer, neuron, cell } = pinned;
    const came = bringIn(views, model, layer, neuron, anatomy.classes);
    const sourceCame =
      layer > 0 && cell !== null && bringIn(views, model, layer - 1, cell, anatomy.classes);
    if (came || sourceCame) {
      loop.request(drawReading);
      renew();
    }
  }

  function renew() {
    outdated = true;
    loop.request(draw);
  }

  const scenery = {
    shapes: () => anatomy?.shapes ?? [],
    /** @param {number} layer */
    columnsOf: (layer) => layout?.layers[layer].columns ?? 1,
    /** @param {number} x @param {number} y @returns {Pointed | null} */
    edgeAt(x, y) {
      const edge = edges.edgeAt(x, y);
      if (!edge || edge.source === null) return null;
      const { layer, place, source } = edge;
      return { layer, neuron: model[layer].shown[place], cell: model[layer - 1].shown[source] };
    },
  };
  followPointing(scene, store, scenery);
  followEdits(scene, architecture);
  for (const show of SHOWS) {
    const choice = byId(`show-${show}`, HTMLInputElement);
    choice.addEventListener("change", () => store.set({ show }));
    store.subscribe(["show"], () => {
      choice.checked = state.show === show;
    });
  }
  new ResizeObserver(() => loop.request(place)).observe(scene);
  store.subscribe(["density"], () => loop.request(place));

  function recolour() {
    colours = colourTable(RAMPS[state.theme]);
    edges.recolour(state.theme);
    jump = true;
    renew();
  }

  store.subscribe(["theme"], recolour);
  store.subscribe(["frames", "pastEpoch", "show", "run", "measured", "amount"], renew);
  store.subscribe(["prediction", "story"], () => loop.request(followReading));
  store.subscribe(["pointed", "pinned"], () => loop.request(draw));
  store.subscribe(["pinned"], showPinned);
  recolour();
}
