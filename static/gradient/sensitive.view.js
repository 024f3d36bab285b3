/** The parameters that the cost is most sensitive to, and each layer's share of the gradient. */

import { layersOf } from "../network/safetensors.pure.js";
import {
  gradientIn,
  layerName,
  nameOf,
  namesOf,
  shapesOf,
  valueAt,
} from "../network/theta.pure.js";
import { byId, make, setText } from "../shell/dom.js";
import { formatCount, formatShare, formatSigned } from "../shell/format.pure.js";
import { frameShown } from "../shell/state.js";
import { sharesOf, squaredLengths, strongest } from "./sensitive.pure.js";

/**
 * @import { Layers } from "../network/safetensors.pure.js"
 * @import { Loop } from "../shell/loop.js"
 * @import { Store } from "../shell/state.js"
 */

const COUNT = 10;
const BETWEEN_DRAWS = 400; // milliseconds

const CAPTION =
  "The ten parameters that the cost depends on most. Nudge one by a small amount, and the cost changes by about ∂C/∂θ times that amount.";

/**
 * @param {Store} store
 * @param {Loop} loop
 */
export function createSensitiveView(store, loop) {
  const { state } = store;
  const body = byId("sensitive-body");
  const rows = Array.from({ length: COUNT }, buildRow);
  /** @type {{ figure: HTMLElement, words: HTMLElement, bar: HTMLElement }[]} */
  let shares = [];
  /** @type {number[]} the parameters in the list */
  let listed = [];
  let seen = false;
  let timer = 0;

  function draw() {
    const layers = gradientIn(frameShown(state, "gradient"));
    setText(byId("sensitive-caption"), captionFor(layers.length > 0));
    // The rows keep their order while the pointer or the focus is on one of them.
    if (!body.matches(":hover, :focus-within") || !layers.length) {
      listed = strongest(layers, COUNT).map(({ index }) => index);
    }
    const slopes = listed.map((index) => valueAt(layers, index));
    const largest = Math.max(...slopes.map((slope) => Math.abs(slope ?? 0)));
    rows.forEach((row, i) => {
      drawRow(row, listed[i], slopes[i] ?? null, largest);
    });
    drawShares(layers);
  }

  /** @param {boolean} known */
  function captionFor(known) {
    if (known) return CAPTION;
    if (state.pastEpoch)
      return "The gradient of past epochs is not kept. Press Live to see the newest.";
    return "There is no gradient. It appears while a network trains.";
  }

  function buildRow() {
    const row = make("tr");
    const [name, value, slope, action] = [make("th"), make("td"), make("td"), make("td")];
    name.scope = "row";
    const text = make("span", "", "–");
    const bar = make("i", "slope-bar");
    name.append(text, bar);
    const button = make("button", "small", "Choose");
    button.type = "button";
    button.dataset.testid = "sensitive-choose";
    button.addEventListener("click", () =>
      store.set({ chosen: listed[rows.findIndex((one) => one.button === button)] }),
    );
    action.append(button);
    row.append(name, value, slope, action);
    body.append(row);
    return { row, text, bar, value, slope, button };
  }

  /**
   * @param {ReturnType<typeof buildRow>} row
   * @param {number | undefined} index
   * @param {number | null} slope
   * @param {number} largest
   */
  function drawRow({ row, text, bar, value, slope: cell, button }, index, slope, largest) {
    const known = index !== undefined && slope !== null;
    const weights = layersOf(state.frames.weights, "weights");
    const name = known ? nameOf(shapesOf(weights), index, namesOf(state)) : "–";
    setText(text, name);
    setText(value, known ? formatSigned(valueAt(weights, index)) : "–");
    setText(cell, formatSigned(slope));
    bar.style.transform = `scaleX(${known && largest > 0 ? Math.abs(slope) / largest : 0})`;
    bar.dataset.sign = slope !== null && slope > 0 ? "negative" : "positive"; // of −∇C, as everywhere
    button.disabled = !known;
    button.setAttribute(
      "aria-label",
      known ? `Choose ${name} to nudge it` : "Choose this parameter to nudge it",
    );
    row.dataset.chosen = String(known && index === state.chosen);
  }

  /** @param {Layers} layers */
  function drawShares(layers) {
    const shapes = shapesOf(
      layers.length ? layers : layersOf(frameShown(state, "weights"), "weights"),
    );
    if (shares.length !== shapes.length) shares = buildShares(shapes.length);
    const known = sharesOf(squaredLengths(layers));
    shares.forEach(({ figure, words, bar }, layer) => {
      const [neurons, inputs] = shapes[layer];
      setText(
        words,
        `${layerName(shapes, layer)}, ${formatCount(neurons * (inputs + 1))} parameters`,
      );
      setText(figure, formatShare(known.length ? known[layer] : null));
      bar.style.transform = `scaleX(${known[layer] ?? 0})`;
    });
  }

  /** @param {number} count */
  function buildShares(count) {
    const built = Array.from({ length: count }, () => {
      const item = make("li");
      const [words, figure, track, bar] = [
        make("span"),
        make("b"),
        make("div", "share-bar"),
        make("i"),
      ];
      track.append(bar);
      item.append(words, figure, track);
      return { item, words, figure, bar };
    });
    byId("shares").replaceChildren(...built.map(({ item }) => item));
    return built;
  }

  function request() {
    if (timer || !seen) return;
    timer = setTimeout(() => {
      timer = 0;
      loop.request(draw);
    }, BETWEEN_DRAWS);
  }

  const margin = { rootMargin: "-40px" }; // its upper edge alone is not enough
  new IntersectionObserver(([{ isIntersecting }]) => {
    seen = isIntersecting;
    if (seen) loop.request(draw);
  }, margin).observe(byId("sensitive"));
  store.subscribe(["frames", "pastEpoch", "run", "chosen"], request);
}
