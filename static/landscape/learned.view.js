/** Learned when: a curve for each class, and how the last hidden layer parts them, epoch by epoch. */

import { api, wordsOf } from "../shell/api.js";
import { byId, make, setText } from "../shell/dom.js";
import { experiments } from "../shell/experiments.js";
import { oneAtATime } from "../shell/requests.js";
import { curveOf, frameOf, placed, reachedAt } from "./learned.pure.js";

/**
 * @import { Tools } from "../inside/inside.state.js"
 * @import { Learned } from "./learned.pure.js"
 */

const SVG = "http://www.w3.org/2000/svg";
const SIZE = { width: 400, height: 300 };
const MOST = 0.8; // of a class: then it counts as learned

/** @param {Tools} tools */
export function createLearnedView({ store, own }) {
  const slider = byId("learned-epoch", HTMLInputElement);
  /** @type {number[]} */
  let kept = [];
  /** @type {Map<number, Learned>} */
  let known = new Map();
  let run = "";
  /** @type {ReturnType<typeof frameOf> | null} */
  let frame = null;

  const ask = oneAtATime(async () => {
    run = store.state.watched;
    known = new Map();
    try {
      kept = await api.checkpoints(run);
      const last = await experiments.learned(run, { epoch: null });
      known.set(last.epoch, last);
      frame = frameOf(last.points);
      slider.max = String(kept.length - 1);
      slider.value = slider.max;
      drawCurves(last);
      setText(byId("learned-problem"), "");
      await show();
    } catch (error) {
      setText(byId("learned-problem"), wordsOf(error));
    }
  });

  /** @param {Learned} learned */
  function drawCurves({ epochs, dataset, counts }) {
    const classes = own.state.walk?.classes ?? [];
    const curves = epochs.length ? classes.map((name, label) => curveFor(name, label, epochs)) : [];
    byId("learned-curves").replaceChildren(...curves);
    setText(
      byId("learned-about"),
      epochs.length
        ? `The share of each digit that is read right, over the kept epochs (their square root, as most happens early), on ${counts.reduce((sum, n) => sum + n, 0).toLocaleString("en")} test digits of ${dataset}. Under it: the first kept epoch with ${100 * MOST}%. A few dozen digits of a kind make a curve jump by itself.`
        : "MNIST’s test digits are not on this server, and this network has been trained with those that are: a score on them would say nothing.",
    );
  }

  /** @param {string} name @param {number} label @param {Learned["epochs"]} epochs */
  function curveFor(name, label, epochs) {
    const figure = make("figure");
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", "0 0 100 40");
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", curveOf(epochs, label));
    svg.append(path);
    const at = reachedAt(epochs, label, MOST);
    const words = `${name}: ${at === null ? "not yet" : `epoch ${at}`}`;
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", `The accuracy of ${words}`);
    figure.append(svg, make("figcaption", "", words));
    return figure;
  }

  const show = oneAtATime(async () => {
    const epoch = kept[Number(slider.value)];
    if (epoch === undefined) return;
    setText(byId("learned-now"), String(epoch));
    slider.setAttribute("aria-valuetext", `epoch ${epoch}`);
    try {
      const one = known.get(epoch) ?? (await experiments.learned(run, { epoch }));
      known.set(epoch, one);
      if (kept[Number(slider.value)] === epoch) drawPoints(one);
    } catch (error) {
      setText(byId("learned-problem"), wordsOf(error));
    }
  });

  /** @param {Learned} learned */
  function drawPoints({ points, labels }) {
    if (!frame) return;
    const classes = own.state.walk?.classes ?? [];
    byId("learned-points", SVGElement).replaceChildren(
      ...placed(points, frame, SIZE).map(([x, y], i) => {
        const text = document.createElementNS(SVG, "text");
        text.setAttribute("x", x.toFixed(1));
        text.setAttribute("y", y.toFixed(1));
        text.setAttribute("class", `category-${1 + (labels[i] % 6)}`);
        text.textContent = (classes[labels[i]] ?? String(labels[i])).slice(0, 2);
        return text;
      }),
    );
  }

  slider.addEventListener("input", () => show());
  return { ask };
}
