/**
 * The misread digits, each with a button that puts it on the pad and one that looks inside. The
 * buttons are reused, so that one keeps its focus.
 */

import { contextOf, make, setText } from "../shell/dom.js";
import { mistakeWords, pixelsOf } from "./mistakes.pure.js";

/** @import { Mistake } from "./mistakes.pure.js" */

/**
 * @typedef {object} Entry
 * @property {HTMLElement} item
 * @property {HTMLButtonElement} button
 * @property {HTMLButtonElement} look
 * @property {HTMLCanvasElement} canvas
 * @property {HTMLElement} label
 * @property {Mistake | null} mistake the one that is shown
 */

/**
 * @param {HTMLElement} list
 * @param {{ show: (mistake: Mistake) => void, lookAt: (mistake: Mistake) => void }} deeds puts it on
 *   the pad; looks inside with it
 */
export function createWrongDigits(list, { show, lookAt }) {
  /** @type {Entry[]} */
  const items = [];

  function add() {
    const item = make("li");
    const button = make("button");
    const canvas = make("canvas");
    const label = make("span");
    const look = make("button", "look", "inside");
    button.type = "button";
    look.type = "button";
    canvas.setAttribute("aria-hidden", "true");
    button.append(canvas, label);
    item.append(button, look);
    list.append(item);
    /** @type {Entry} */
    const entry = { item, button, look, canvas, label, mistake: null };
    button.addEventListener("click", () => entry.mistake && show(entry.mistake));
    look.addEventListener("click", () => entry.mistake && lookAt(entry.mistake));
    items.push(entry);
  }

  /**
   * @param {Mistake[]} mistakes
   * @param {string[]} classes
   * @param {(count: number) => [number, number]} shapeOf a picture with this number of pixels
   */
  function draw(mistakes, classes, shapeOf) {
    while (items.length < mistakes.length) add();
    items.forEach((entry, i) => {
      const mistake = mistakes[i] ?? null;
      entry.item.hidden = mistake === null;
      if (mistake === null || mistake === entry.mistake) return;
      entry.mistake = mistake;
      const words = mistakeWords(mistake, classes);
      entry.button.setAttribute("aria-label", words);
      entry.button.title = `${words}: put it on the pad`;
      entry.look.setAttribute("aria-label", `Look inside: ${words}`);
      entry.look.title = "Look inside with it, line by line";
      setText(
        entry.label,
        `${classes[mistake.label] ?? mistake.label} → ${classes[mistake.digit] ?? mistake.digit}`,
      );
      paint(entry.canvas, pixelsOf(mistake.image), shapeOf);
    });
  }

  return { draw };
}

/**
 * Draws light ink on dark ground, as on the pad.
 * @param {HTMLCanvasElement} canvas
 * @param {Uint8Array} pixels
 * @param {(count: number) => [number, number]} shapeOf
 */
function paint(canvas, pixels, shapeOf) {
  const [rows, columns] = shapeOf(pixels.length);
  canvas.width = columns;
  canvas.height = rows;
  const image = new ImageData(columns, rows);
  pixels.forEach((value, i) => {
    image.data.set([value, value, value, 255], 4 * i);
  });
  contextOf(canvas).putImageData(image, 0, 0);
}
