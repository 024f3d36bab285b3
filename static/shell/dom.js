/** Helpers for the views: elements, texts and canvases. */

/**
 * The element with this id, which must be in the page's template.
 *
 * @overload
 * @param {string} id
 * @returns {HTMLElement}
 */
/**
 * @template {Element} E
 * @overload
 * @param {string} id
 * @param {{ new (): E }} kind
 * @returns {E}
 */
/**
 * @param {string} id
 * @param {{ new (): Element }} [kind]
 */
export function byId(id, kind = HTMLElement) {
  /** @type {Element | null} */
  const element = document.getElementById(id);
  if (element instanceof kind) return element;
  throw new Error(`the page has no ${kind.name} #${id}`);
}

/** @type {WeakMap<Element, string>} */
const texts = new WeakMap();

/**
 * Sets an element's text. If it was set to the same before, the page is left alone, whatever a
 * translator has made of the words since.
 * @param {Element} element
 * @param {string | number} text
 */
export function setText(element, text) {
  const words = String(text);
  if (texts.get(element) === words) return;
  texts.set(element, words);
  if (element.textContent !== words) element.textContent = words;
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} [className]
 * @param {string} [text]
 */
export function make(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {CanvasRenderingContext2DSettings} [settings]
 */
export function contextOf(canvas, settings) {
  const context = canvas.getContext("2d", settings);
  if (!context) throw new Error("this browser does not draw on a canvas");
  return context;
}
