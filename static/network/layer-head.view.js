/**
 * The head of a layer: its name, the number of its neurons, and buttons that change both. The view of
 * the network listens to them.
 */

import { make } from "../shell/dom.js";

/** @import { ArchitectureService } from "./architecture.service.js" */

/**
 * @param {number} index of the layer
 * @param {string} title
 * @param {string} neurons how many
 * @param {boolean} isOutput its neurons are the classes: nothing to change
 */
export function buildHead(index, title, neurons, isOutput) {
  const head = make("header", "layer-head");
  const name = make("h3", "", title);
  const size = make("p", "layer-size");
  const count = make("span", "", neurons);
  count.dataset.size = "";
  size.append(count);
  head.append(name, size);
  if (isOutput) return head;
  const layer = `layer ${index + 1}`;
  name.append(button("×", "remove", index, `Remove ${layer}`));
  size.prepend(button("−", "narrow", index, `Fewer neurons in ${layer}`));
  size.append(button("+", "widen", index, `More neurons in ${layer}`));
  return head;
}

/**
 * Does what the buttons say.
 * @param {HTMLElement} scene
 * @param {ArchitectureService} architecture
 */
export function followEdits(scene, architecture) {
  scene.addEventListener("click", ({ target }) => {
    const pressed = target instanceof Element ? target.closest("[data-edit]") : null;
    if (!(pressed instanceof HTMLElement)) return;
    const layer = Number(pressed.dataset.place);
    switch (pressed.dataset.edit) {
      case "widen":
        architecture.widen(layer);
        break;
      case "narrow":
        architecture.narrow(layer);
        break;
      case "remove":
        architecture.remove(layer);
        break;
      default:
        architecture.insert(layer);
    }
    const size = pressed.parentElement?.querySelector("[data-size]");
    const neurons = architecture.neuronsOf(layer);
    if (size && neurons) size.textContent = neurons; // until the network is there
  });
}

/**
 * Gives the focus to the button that had it before the scene was built anew.
 * @param {HTMLElement} scene
 * @param {() => void} build
 */
export function keepEditFocus(scene, build) {
  const { activeElement } = document;
  const { edit, place } = activeElement instanceof HTMLElement ? activeElement.dataset : {};
  build();
  /** @type {HTMLElement | null} */
  const again = edit ? scene.querySelector(`[data-edit="${edit}"][data-place="${place}"]`) : null;
  again?.focus();
}

/** The button between two layers. @param {number} index of the layer after it */
export function buildBefore(index) {
  const name = index === 0 ? "Add a layer after the image" : `Add a layer after layer ${index}`;
  const element = button("+", "insert", index, name);
  element.classList.add("layer-before");
  return element;
}

/**
 * @param {string} text
 * @param {string} edit what it does
 * @param {number} layer
 * @param {string} name
 */
function button(text, edit, layer, name) {
  const element = make("button", "layer-edit", text);
  element.type = "button";
  element.dataset.edit = edit;
  element.dataset.place = String(layer);
  element.dataset.testid = `layer-${edit}`;
  element.setAttribute("aria-label", name);
  return element;
}
