/** The picture of −∇C, which has a small cell for each parameter. */

import { layersOf } from "../network/safetensors.pure.js";
import {
  countOf,
  gradientIn,
  nameOf,
  namesOf,
  placeOf,
  shapesOf,
  sumLines,
  valueAt,
} from "../network/theta.pure.js";
import { pictureShape } from "../runs/images.pure.js";
import { colourTable, RAMPS, scaleOf } from "../shell/colour.pure.js";
import { byId, contextOf, setText } from "../shell/dom.js";
import { formatCount, formatFigure, formatSigned } from "../shell/format.pure.js";
import { frameShown } from "../shell/state.js";
import { cellOf, largestGroup, paint, rectangleOf, strongestIn } from "./cells.pure.js";
import { layOutCells } from "./cells-layout.pure.js";
import { followCells } from "./pointing.view.js";
import { lengthOf, squaredLengths } from "./sensitive.pure.js";

/**
 * @import { Cell, Sheet } from "./cells.pure.js"
 * @import { Layers } from "../network/safetensors.pure.js"
 * @import { Run } from "../runs/run.pure.js"
 * @import { Shapes } from "../network/theta.pure.js"
 * @import { Loop } from "../shell/loop.js"
 * @import { Store } from "../shell/state.js"
 */

const MANY = 100_000; // parameters: a picture of more than these is drawn less often
const BETWEEN_DRAWS = 120; // milliseconds
const BETWEEN_MANY = 400;
const BETWEEN_LENGTHS = 250;
const SUM_WIDTH = 104; // pixels of the page that are kept free for the sum

/** How many digits a step's gradient is of. @param {Run | null} run */
const batchOf = (run) => (run?.spec.batch_size === "full" ? "all" : (run?.spec.batch_size ?? ""));

/**
 * @param {Store} store
 * @param {Loop} loop
 */
export function createGradientView(store, loop) {
  const { state } = store;
  const box = byId("gradient-cells");
  const canvas = byId("gradient-canvas", HTMLCanvasElement);
  const context = contextOf(canvas);
  let colours = colourTable(RAMPS.light);
  let image = context.createImageData(1, 1);
  let pixels = new Uint32Array(1);
  let size = { width: 0, height: 0, unit: 1 };
  let laidOut = "";
  /** @type {Sheet[]} */
  let sheets = [];
  /** @type {Shapes} */
  let shapes = [];
  /** @type {Cell | null} */
  let pointed = null;
  /** @type {Map<string, number>} each tensor's scale; it changes slowly, so that nothing flickers */
  const scales = new Map();
  let timer = 0;
  let drawn = -Infinity;
  let lengthTimer = 0;

  const gradientShown = () => gradientIn(frameShown(state, "gradient"));
  const weightsShown = () => layersOf(frameShown(state, "weights"), "weights");

  /** @param {number} time */
  function draw(time) {
    drawn = time;
    const gradient = gradientShown();
    const weights = weightsShown();
    layOut(shapesOf(gradient.length ? gradient : weights));
    if (!sheets.length) return;
    drawSheets(gradient);
    setText(byId("gradient-empty"), emptyText(gradient.length > 0));
    drawReading();
    placeRing(byId("gradient-chosen"), state.chosen === null ? null : cellOf(sheets, state.chosen));
  }

  function drawLength() {
    const gradient = gradientShown();
    const { measured, run } = state;
    const digits = measured ? formatCount(measured.gradient.examples) : batchOf(run);
    const words = gradient.length
      ? `‖∇C‖ = ${formatFigure(lengthOf(squaredLengths(gradient)))}, ${digits} digits`
      : "";
    setText(byId("gradient-length"), words);
  }

  /** @param {Shapes} newShapes */
  function layOut(newShapes) {
    if (!newShapes.length || size.width < 1 || size.height < 1) return;
    const picture = pictureShape(newShapes[0][1], namesOf(state).inputShape);
    const key = JSON.stringify([newShapes, picture, size]);
    if (key === laidOut) return;
    laidOut = key;
    shapes = newShapes;
    pointed = null;
    scales.clear();
    sheets = layOutCells(shapes, picture, { ...size, reserved: SUM_WIDTH * size.unit });
    canvas.width = size.width;
    canvas.height = size.height;
    image = context.createImageData(size.width, size.height);
    pixels = new Uint32Array(image.data.buffer);
    byId("gradient-sum").replaceChildren(
      ...sumLines(shapes).flatMap((line) => [line, document.createElement("br")]),
    );
    const group = largestGroup(sheets);
    const cells =
      group > 1
        ? `Each cell: the strongest of up to ${formatCount(group)} parameters.`
        : "A cell for each parameter: how much the cost changes when it is turned a little.";
    setText(byId("gradient-caption"), `${cells} Click one to nudge it.`);
  }

  /** @param {Layers} gradient */
  function drawSheets(gradient) {
    const targets = gradient.map(({ weights, biases }, layer) => ({
      weights: glide(`weights.${layer}`, scaleOf(weights.values)),
      biases: glide(`biases.${layer}`, scaleOf(biases.values)),
    }));
    for (const sheet of sheets) {
      const { layer, kind } = sheet;
      paint(
        pixels,
        size.width,
        sheet,
        gradient[layer]?.[kind].values,
        targets[layer]?.[kind] ?? 1,
        colours,
      );
    }
    context.putImageData(image, 0, 0);
  }

  /** @param {string} key @param {number} target */
  function glide(key, target) {
    const before = scales.get(key) ?? target;
    const scale =
      before > 20 * target || target > 20 * before ? target : before + 0.3 * (target - before);
    scales.set(key, scale);
    return scale;
  }

  /** What the picture says when there is no gradient. @param {boolean} known */
  function emptyText(known) {
    return known ? "" : "The gradient appears with the first step.";
  }

  function drawReading() {
    byId("gradient-reading").hidden = !pointed;
    byId("gradient-caption").hidden = Boolean(pointed);
    placeRing(byId("gradient-pointed"), pointed);
    if (!pointed) return;
    const [name, figures] = describe(indexAt(pointed));
    setText(byId("gradient-name"), name);
    setText(byId("gradient-figures"), figures);
  }

  /** The index in θ of the parameter that a cell shows. @param {Cell} cell */
  function indexAt(cell) {
    const { layer, kind, start } = cell.sheet;
    return start + strongestIn(cell, gradientShown()[layer]?.[kind].values);
  }

  /** @param {number} index @returns {[string, string]} its name and its numbers */
  function describe(index) {
    const letter = placeOf(shapes, index)?.cell === null ? "b" : "w";
    const value = `${letter} = ${formatSigned(valueAt(weightsShown(), index))}`;
    const slope = valueAt(gradientShown(), index);
    const name = `${nameOf(shapes, index, namesOf(state))} · number ${formatCount(index)}`;
    return [name, slope === null ? value : `${value}, ∂C/∂${letter} = ${formatSigned(slope)}`];
  }

  /** @param {HTMLElement} ring @param {Cell | null} cell */
  function placeRing(ring, cell) {
    ring.hidden = !cell;
    if (!cell) return;
    const { x, y, width, height } = rectangleOf(cell);
    const place = [x, y, width, height].map((value) => `${value / size.unit}px`);
    [ring.style.left, ring.style.top, ring.style.width, ring.style.height] = place;
  }

  /** Draws in the next frame, or later if the last drawing is too recent. */
  function request() {
    if (timer) return;
    const between = countOf(shapes) > MANY ? BETWEEN_MANY : BETWEEN_DRAWS;
    const wait = drawn + between - performance.now();
    if (wait <= 0) loop.request(draw);
    else {
      timer = setTimeout(() => {
        timer = 0;
        loop.request(draw);
      }, wait);
    }
  }

  /** Draws the length, but no more than four times a second, so that it can be read. */
  function requestLength() {
    if (lengthTimer) return;
    lengthTimer = setTimeout(() => {
      lengthTimer = 0;
      loop.request(drawLength);
    }, BETWEEN_LENGTHS);
  }

  function recolour() {
    colours = colourTable(RAMPS[state.theme]);
    request();
  }

  function resize() {
    const unit = Math.max(1, Math.round(state.density));
    size = {
      width: Math.floor(box.clientWidth * unit),
      height: Math.floor(box.clientHeight * unit),
      unit,
    };
    loop.request(draw);
  }

  new ResizeObserver(resize).observe(box);
  store.subscribe(["density"], resize);
  followCells(canvas, {
    picture: () => ({ sheets, ...size }),
    point(cell, byKeyboard) {
      pointed = cell;
      loop.request(drawReading);
      setText(byId("gradient-said"), cell && byKeyboard ? describe(indexAt(cell)).join(": ") : "");
    },
    choose: (cell) => store.set({ chosen: indexAt(cell) }),
  });
  store.subscribe(["theme"], recolour);
  store.subscribe(["frames", "pastEpoch", "run", "chosen", "measured"], request);
  store.subscribe(["frames", "pastEpoch", "measured"], requestLength);
  recolour();
}
