/**
 * The list of the hidden layers, where they are added and removed, and each gets its
 * activation.
 */

import { byId, make, setText } from "../shell/dom.js";
import { numberOf } from "../shell/number.pure.js";
import { inserted, layersOf, nextWidth, textsOfLayers, withChange } from "./layers.pure.js";

/**
 * @import { FormService } from "./form.service.js"
 * @import { Layer } from "./layers.pure.js"
 * @import { Loop } from "../shell/loop.js"
 * @import { Store } from "../shell/state.js"
 */

/**
 * @param {Store} store
 * @param {Loop} loop
 * @param {FormService} form
 */
export function createLayersView(store, loop, form) {
  const { state } = store;
  const list = byId("layer-list");
  const add = byId("add-layer");
  /** @type {{ row: HTMLElement, neurons: HTMLInputElement, activation: HTMLSelectElement }[]} */
  const rows = [];

  add.addEventListener("click", () => {
    const more = inserted(layers(), layers().length, state.form.texts.activation);
    put(more);
    say(`Layer ${more.length} added.`);
  });

  const layers = () => layersOf(state.form.texts.hidden, state.form.texts.activation);

  /**
   * @param {Layer[]} changed
   * @param {boolean} settled false while somebody is still typing
   */
  function put(changed, settled = true) {
    const { hidden, activation } = textsOfLayers(changed, state.form.texts.activation);
    form.edit("hidden", hidden, false);
    form.edit("activation", activation, settled);
  }

  /** @param {number} layer */
  function remove(layer) {
    put(layers().filter((_, i) => i !== layer));
    say(`Layer ${layer + 1} removed.`);
    (rows[layer + 1] ? rows[layer].neurons : add).focus(); // the next layer has this number now
  }

  /** @param {number} layer @param {1 | -1} direction */
  function widen(layer, direction) {
    const neurons = nextWidth(numberOf(layers()[layer].neurons) ?? 0, direction);
    put(withChange(layers(), layer, { neurons: String(neurons) }));
    say(`Layer ${layer + 1}: ${neurons} neurons.`);
  }

  /**
   * Takes what is typed. A layer whose field is emptied is kept, and the field shows it again when
   * it loses the focus.
   * @param {number} layer
   * @param {string} text
   * @param {boolean} settled
   */
  function type(layer, text, settled) {
    const neurons = text.replace(/[\s,]+/g, "");
    if (neurons) put(withChange(layers(), layer, { neurons }), settled);
    else if (settled) draw();
  }

  /** @param {string} words for a screen reader */
  const say = (words) => setText(byId("layers-status"), words);

  /** @param {number} layer */
  function makeRow(layer) {
    const number = layer + 1;
    const row = make("li", "layer-row");
    const neurons = make("input");
    neurons.type = "text";
    neurons.inputMode = "numeric";
    neurons.autocomplete = "off";
    neurons.dataset.testid = "layer-neurons";
    neurons.setAttribute("aria-label", `Neurons of layer ${number}`);
    neurons.setAttribute("aria-describedby", "error-hidden");
    neurons.addEventListener("input", () => type(layer, neurons.value, false));
    neurons.addEventListener("change", () => type(layer, neurons.value, true));
    const activation = activationSelect(layer);
    const removal = button("×", `Remove layer ${number}`, () => remove(layer));
    removal.dataset.testid = "remove-layer";
    const width = make("span", "joined");
    width.append(
      button("−", `Fewer neurons in layer ${number}`, () => widen(layer, -1)),
      neurons,
      button("+", `More neurons in layer ${number}`, () => widen(layer, 1)),
    );
    row.append(make("span", "quiet", String(number)), width, activation, removal);
    return { row, neurons, activation };
  }

  /** @param {number} layer @returns {HTMLSelectElement} with the names that the form's select has */
  function activationSelect(layer) {
    const select = make("select");
    select.dataset.testid = "layer-activation";
    select.setAttribute("aria-label", `Activation of layer ${layer + 1}`);
    select.title =
      "The function that turns the weighted input z of this layer's neurons into their activations";
    for (const { value, text, dataset } of byId("field-activation", HTMLSelectElement).options) {
      if (!dataset.typed) select.add(new Option(text, value));
    }
    select.addEventListener("change", () =>
      put(withChange(layers(), layer, { activation: select.value })),
    );
    return select;
  }

  /** @param {string} text @param {string} name @param {() => void} press @returns {HTMLButtonElement} */
  function button(text, name, press) {
    const element = make("button", "square", text);
    element.type = "button";
    element.title = name;
    element.setAttribute("aria-label", name);
    element.addEventListener("click", press);
    return element;
  }

  function draw() {
    const now = layers();
    while (rows.length > now.length) rows.pop()?.row.remove();
    while (rows.length < now.length) {
      rows.push(makeRow(rows.length));
      list.append(rows[rows.length - 1].row);
    }
    now.forEach(({ neurons, activation }, layer) => {
      const row = rows[layer];
      if (row.neurons.value !== neurons) row.neurons.value = neurons;
      if (row.activation.value !== activation) row.activation.value = activation;
      if (/^[1-9]\d*$/.test(neurons)) row.neurons.removeAttribute("aria-invalid");
      else row.neurons.setAttribute("aria-invalid", "true");
    });
  }

  store.subscribe(["form"], () => loop.request(draw));
  loop.request(draw);
}
