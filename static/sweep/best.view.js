/** The best five runs, each with the weights of its first neurons as pictures. */

import { parseSafetensors } from "../network/safetensors.pure.js";
import { colourIndex, colourTable, RAMPS, scaleOf } from "../shell/colour.pure.js";
import { byId, contextOf, make, setText } from "../shell/dom.js";
import { formatShare } from "../shell/format.pure.js";
import { oneAtATime } from "../shell/requests.js";
import { atRoot } from "../shell/root.js";
import { sweepsApi } from "./api.js";
import { accuracyOf, bestOf, figuresOf, nameOf } from "./sweep.pure.js";

/**
 * @import { Tensor } from "../network/safetensors.pure.js"
 * @import { Hands } from "./hands.js"
 * @import { Member, View } from "./sweep.pure.js"
 */

const BEST = 5;
const ACROSS = 8;
const NEURONS = 16;
const GAP = 2;
const PAUSE = 1500; // milliseconds between two looks at networks that train
const KEPT = 60; // pictures that are remembered

/** @typedef {{ weights: Tensor, epoch: number }} Network */

/** @param {View} view @param {Hands} hands */
export function createBest(view, hands) {
  const holder = byId("best");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const tables = { light: colourTable(RAMPS.light), dark: colourTable(RAMPS.dark) };
  /** @type {Map<string, Network | null>} by run and epoch */
  const networks = new Map();
  /** @type {Map<string, number[]>} the epochs that are kept of each run that has ended */
  const keptEpochs = new Map();
  const cards = Array.from({ length: BEST }, createCard);
  const load = oneAtATime(loadAll);
  let last = 0;
  let timer = 0;

  function createCard() {
    const element = make("li", "best-one");
    const link = make("a");
    const accuracy = make("strong");
    accuracy.translate = false;
    const canvas = make("canvas");
    canvas.setAttribute("role", "img");
    const epoch = make("span", "quiet");
    element.append(accuracy, link, canvas, epoch);
    element.hidden = true;
    let run = "";
    let drawn = "";
    element.addEventListener("pointerenter", () => hands.point(run));
    element.addEventListener("pointerleave", () => hands.point(null));
    holder.append(element);

    /** @param {Member | undefined} member */
    function draw(member) {
      element.hidden = !member;
      if (!member) return;
      run = member.id;
      element.classList.toggle("stands", run === view.hovered);
      link.href = atRoot(`/runs/${run}`);
      setText(link, nameOf(member));
      setText(accuracy, formatShare(accuracyOf(view, member)));
      const network = networks.get(keyOf(member));
      const key = network ? `${run} ${network.epoch} ${dark.matches}` : "";
      if (!network || key === drawn) return;
      drawn = key;
      const [rows, columns] = [28, 28];
      setText(epoch, `after epoch ${network.epoch}`);
      canvas.setAttribute(
        "aria-label",
        `Weights of the first neurons after epoch ${network.epoch}`,
      );
      paint(canvas, network.weights, rows, columns);
    }
    return { draw };
  }

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {Tensor} weights
   * @param {number} rows
   * @param {number} columns
   */
  function paint(canvas, { shape: [neurons, pixels], values }, rows, columns) {
    const shown = Math.min(neurons, NEURONS);
    const [high, wide] = rows * columns === pixels ? [rows, columns] : [1, pixels];
    canvas.width = ACROSS * (wide + GAP) - GAP;
    canvas.height = Math.ceil(shown / ACROSS) * (high + GAP) - GAP;
    const image = new ImageData(canvas.width, canvas.height);
    const painted = new Uint32Array(image.data.buffer);
    const table = tables[dark.matches ? "dark" : "light"];
    const scale = scaleOf(values.subarray(0, shown * pixels));
    for (let neuron = 0; neuron < shown; neuron += 1) {
      const left = (neuron % ACROSS) * (wide + GAP);
      const top = Math.floor(neuron / ACROSS) * (high + GAP);
      for (let i = 0; i < high * wide; i += 1) {
        const place = (top + Math.floor(i / wide)) * canvas.width + left + (i % wide);
        painted[place] = table[colourIndex(values[neuron * pixels + i], scale)];
      }
    }
    contextOf(canvas).putImageData(image, 0, 0);
  }

  /** A run's network after the epoch that is shown. @param {Member} member */
  const keyOf = ({ id }) => `${id} ${figuresOf(view, id, view.epoch)?.epoch ?? 0}`;

  function draw() {
    const best = bestOf(view, BEST);
    for (const [i, card] of cards.entries()) card.draw(best[i]);
    if (best.every((member) => networks.has(keyOf(member))) || timer) return;
    timer = setTimeout(
      () => {
        timer = 0;
        last = performance.now();
        load();
      },
      view.epoch === null ? Math.max(0, last + PAUSE - performance.now()) : 0,
    );
  }

  async function loadAll() {
    for (const member of bestOf(view, BEST)) {
      const key = keyOf(member);
      if (networks.has(key)) continue;
      networks.set(key, await networkOf(member));
      const [oldest] = networks.keys();
      if (networks.size > KEPT) networks.delete(oldest);
    }
    draw();
  }

  /** @param {Member} member @returns {Promise<Network | null>} null: none is kept */
  async function networkOf({ id, status }) {
    try {
      let epoch = null;
      if (view.epoch !== null) {
        const kept = keptEpochs.get(id) ?? (await sweepsApi.keptEpochs(id));
        if (status === "finished" || status === "stopped") keptEpochs.set(id, kept);
        epoch = kept.filter((each) => each <= Number(view.epoch)).at(-1) ?? null;
      }
      const file = parseSafetensors(await sweepsApi.network(id, epoch));
      const weights = file.tensors.get("weights.0");
      return weights ? { weights, epoch: file.epoch } : null;
    } catch {
      return null; // it has just been deleted, or has no network yet
    }
  }

  return { draw };
}
