/** Surgery: neurons that are silenced, what that does to the reading and to the accuracy of each digit. */

import { addressOf } from "../form/address.pure.js";
import { loadSheets } from "../inside/sheets.js";
import { lastLayer, numbersOf } from "../inside/walk.pure.js";
import { lightOf } from "../network/activations.pure.js";
import { greyPng } from "../pad/png.pure.js";
import { nameOf } from "../pad/prediction.pure.js";
import { wordsOf } from "../shell/api.js";
import { byId, make, setText } from "../shell/dom.js";
import { experiments } from "../shell/experiments.js";
import { formatFigure, formatShare, formatSigned } from "../shell/format.pure.js";
import { oneAtATime } from "../shell/requests.js";
import { atRoot } from "../shell/root.js";
import { createOneParameter } from "./one-parameter.view.js";
import { aboutWords, barsOf, nameOfNeuron, shareOf } from "./surgery.pure.js";

/**
 * @import { Tools } from "../inside/inside.state.js"
 * @import { Walk } from "../inside/walk.pure.js"
 * @import { Absences } from "./surgery.pure.js"
 */

/** @param {Tools} tools */
export async function createSurgery(tools) {
  const { store, own, padImage } = tools;
  await loadSheets(["../surgery/surgery"]);
  const none = byId("surgery-none", HTMLButtonElement);
  const fork = byId("surgery-fork", HTMLButtonElement);
  /** @type {Set<string>} as the API writes them */
  const silenced = new Set();
  /** @type {Walk | null} */
  let shown = null;
  createOneParameter(tools);

  const lens = () => ({
    silence: [...silenced],
    epoch: store.state.pastEpoch?.epoch ?? null,
  });

  const measure = oneAtATime(async () => {
    const { walk } = own.state;
    if (!walk) return;
    try {
      await read(walk);
      const absences = await experiments.absences(walk.run, lens());
      drawBars(absences);
      drawDigits(walk, absences);
      drawConfusion(walk, await experiments.mistakes(walk.run, lens()));
      setText(byId("surgery-problem"), "");
    } catch (error) {
      setText(byId("surgery-problem"), wordsOf(error));
    }
  });

  /** @param {Walk} walk */
  async function read(walk) {
    const shades = padImage();
    if (!shades) return;
    const png = greyPng(shades.values, shades.columns);
    const asked = await experiments.predict(walk.run, png, lens());
    const whole = numbersOf(walk, `activations.${lastLayer(walk)}`)[walk.digit];
    const words = `The network reads ${nameOf(walk.digit, walk.classes)} (${formatFigure(whole, 3)}).`;
    const without = `Without them: ${nameOf(asked.digit, walk.classes)} (${formatFigure(asked.confidence, 3)}).`;
    setText(byId("surgery-reading"), silenced.size ? `${words} ${without}` : words);
  }

  /** A button for each hidden neuron; made once for each network. @param {Walk} walk */
  function drawNeurons(walk) {
    const layers = walk.shapes.slice(0, -1).map(([count], layer) => {
      const box = make("div", "surgery-layer");
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", `layer ${layer + 1}`);
      box.append(make("h4", "", `Layer ${layer + 1}`));
      for (let neuron = 0; neuron < count; neuron += 1) box.append(buttonOf(layer, neuron));
      return box;
    });
    if (layers.length === 0) layers.push(make("p", "", "This network has no hidden neurons."));
    byId("surgery-layers").replaceChildren(...layers);
  }

  /** @param {number} layer @param {number} neuron */
  function buttonOf(layer, neuron) {
    const button = make("button", "surgery-neuron");
    const name = nameOfNeuron(layer, neuron);
    button.type = "button";
    button.dataset.neuron = name;
    button.dataset.testid = `surgery-neuron-${layer}-${neuron}`;
    button.setAttribute("aria-pressed", "false");
    const number = make("span", "", String(neuron + 1));
    button.append(number, make("u"), make("i"), make("b"));
    button.addEventListener("click", () => {
      if (!silenced.delete(name)) silenced.add(name);
      drawPressed();
      measure();
    });
    return button;
  }

  const buttons = () =>
    /** @type {HTMLElement[]} */ ([...byId("surgery-layers").querySelectorAll("button")]);

  function drawPressed() {
    for (const button of buttons()) {
      button.setAttribute("aria-pressed", String(silenced.has(button.dataset.neuron ?? "")));
    }
    none.disabled = fork.disabled = silenced.size === 0;
  }

  /** How active each neuron is for the digit on the pad. @param {Walk} walk */
  function drawLights(walk) {
    const lights = walk.functions.map((name, layer) =>
      lightOf([...numbersOf(walk, `activations.${layer}`)], name),
    );
    for (const button of buttons()) {
      const [layer, neuron] = (button.dataset.neuron ?? "").split(":").map(Number);
      button.style.setProperty("--lit", String(lights[layer][neuron]));
    }
  }

  /** @param {Absences} absences */
  function drawBars(absences) {
    const bars = barsOf(absences);
    for (const button of buttons()) {
      const [layer, neuron] = (button.dataset.neuron ?? "").split(":").map(Number);
      const { adds, share } = bars[layer][neuron];
      const bar = button.querySelector("i");
      const isSilent = silenced.has(button.dataset.neuron ?? "");
      bar?.style.setProperty("--share", String(Math.abs(share)));
      bar?.classList.toggle("falls", share < 0);
      const words = isSilent ? "silent" : formatSigned(adds);
      setText(button.querySelector("b") ?? button, words);
      button.title = `Layer ${layer + 1}, neuron ${neuron + 1}: ${
        isSilent ? "silenced" : `without it the cost changes by ${words}`
      }`;
    }
  }

  /** @param {Walk} walk @param {Absences} absences */
  function drawDigits(walk, absences) {
    const { counts, whole_right, right } = absences;
    const rows = walk.classes.map((name, i) => [name, whole_right[i], right[i], counts[i]]);
    const total = (/** @type {number[]} */ of) => of.reduce((sum, each) => sum + each, 0);
    rows.push(["all", total(whole_right), total(right), total(counts)]);
    byId("surgery-digits").replaceChildren(
      ...rows.map(([name, before, after, count]) => {
        const row = make("tr");
        const head = make("th", "", String(name));
        head.scope = "row";
        row.append(head);
        for (const value of [before, after]) {
          row.append(make("td", "value", formatShare(shareOf(Number(value), Number(count)))));
        }
        row.classList.toggle("worse", Number(after) < Number(before));
        return row;
      }),
    );
    const { run } = store.state;
    const isSeen = Boolean(run?.pretrained) && absences.dataset !== run?.spec.dataset;
    setText(byId("surgery-about"), aboutWords(absences, isSeen));
    setText(byId("surgery-examples"), `${absences.examples.toLocaleString("en")} digits`);
  }

  /** @param {Walk} walk @param {{ confusion: number[][] }} mistakes */
  function drawConfusion(walk, { confusion }) {
    const largest = Math.max(1, ...confusion.flatMap((row, i) => row.filter((_, j) => i !== j)));
    const heads = make("tr");
    heads.append(make("td"), ...walk.classes.map((name) => headOf("col", name)));
    byId("surgery-columns").replaceChildren(heads);
    byId("surgery-rows").replaceChildren(
      ...confusion.map((counts, i) => {
        const row = make("tr");
        const cells = counts.map((count, j) => {
          const cell = make("td", i === j ? "right" : "", String(count));
          if (i !== j) cell.style.setProperty("--share", String(count / largest));
          return cell;
        });
        row.append(headOf("row", walk.classes[i]), ...cells);
        return row;
      }),
    );
  }

  /** @param {"row" | "col"} scope @param {string} name */
  function headOf(scope, name) {
    const head = make("th", "", name);
    head.scope = scope;
    return head;
  }

  function refresh() {
    const { walk } = own.state;
    if (!walk || walk === shown) return;
    if (shown?.run !== walk.run) {
      silenced.clear();
      drawNeurons(walk);
      drawPressed();
    }
    shown = walk;
    drawLights(walk);
    measure();
  }

  none.addEventListener("click", () => {
    silenced.clear();
    drawPressed();
    measure();
  });
  fork.addEventListener("click", async () => {
    const { walk } = own.state;
    if (!walk) return;
    try {
      const run = await experiments.fork(walk.run, lens());
      location.assign(atRoot(addressOf(run.id, "")));
    } catch (error) {
      setText(byId("surgery-problem"), wordsOf(error));
    }
  });
  return { refresh };
}
