/** The misread digits, each a button. The buttons are reused, so that one keeps its focus. */

import { contextOf, make, setText } from "../shell/dom.js";
import { mistakeWords, pixelsOf } from "./mistakes.pure.js";

/** @import { Mistake } from "./mistakes.pure.js" */

/**
 * @typedef {object} Entry
 * @property {HTMLElement} item
 * @property {HTMLButtonElement} button
 * @property {HTMLCanvasElement} canvas
 * @property {HTMLElement} label
 * @property {Mistake | null} mistake the one that is shown
 * @property {string} words that describe it
 */

/**
 * @param {HTMLElement} list
 * @param {(mistake: Mistake, image: number[], words: string) => void} put on the pad
 */
export function createWrongDigits(list, put) {
  /** @type {Entry[]} */
  const items = [];

  function add() {
    const item = make("li");
    const button = make("button");
    const canvas = make("canvas");
    const label = make("span");
    button.type = "button";
    canvas.setAttribute("aria-hidden", "true");
    button.append(canvas, label);
    item.append(button);
    list.append(item);
    /** @type {Entry} */
    const entry = { item, button, canvas, label, mistake: null, words: "" };
    button.addEventListener("click", () => {
      if (!entry.mistake) return;
      put(
        entry.mistake,
        Array.from(pixelsOf(entry.mistake.image), (byte) => byte / 255),
        entry.words,
      );
    });
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
      entry.words = mistakeWords(mistake, classes);
      entry.button.setAttribute("aria-label", entry.words);
      entry.button.title = `${entry.words}: put it on the pad`;
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
