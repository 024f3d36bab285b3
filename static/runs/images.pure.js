/**
 * The images that a run's network reads: their form, how a drawing becomes one, their classes.
 *
 * @typedef {object} Images
 * @property {number[]} shape rows and columns
 * @property {"digits" | "whole"} drawing how a drawing becomes one: as MNIST's authors made theirs, or
 *   scaled with all that is on it in its place
 * @property {"dark" | "light" | null} ground of nearly all of them; null: some have the one, some the
 *   other
 * @property {string[]} class_names
 */

export const DIGITS = Array.from({ length: 10 }, (_, digit) => String(digit));

/** @type {Images} */
const DIGIT_IMAGES = { shape: [28, 28], drawing: "digits", ground: "dark", class_names: DIGITS };

/** Shown where a drawing can't be read. */
export const NO_PICTURES = "This network reads numbers, not pictures.";

/**
 * @param {{ images: Images } | null} run
 * @returns {Images} digits, if the run is not known
 */
export function imagesOf(run) {
  return run?.images ?? DIGIT_IMAGES;
}

/** Whether the images have rows and columns. @param {Images} images */
export function arePictures({ shape }) {
  return Math.min(...shape) > 1;
}

/** Whether the classes are the ten digits. @param {string[]} classes */
export function areDigits(classes) {
  return classes.length === DIGITS.length && classes.every((name, i) => name === DIGITS[i]);
}

/** The word for one image. @param {string[]} classes @returns {"digit" | "picture"} */
export function nounOf(classes) {
  return areDigits(classes) ? "digit" : "picture";
}

/** The texts at the drawing pad. @param {Images} images */
export function drawingWords(images) {
  if (!arePictures(images)) return { title: "Draw", hint: NO_PICTURES };
  return areDigits(images.class_names)
    ? { title: "Draw a digit", hint: "Draw a digit here" }
    : { title: "Draw", hint: "Draw here" };
}

/** Where a pixel is: rows and columns count from 1. @param {number} index @param {number} columns */
export function pixelPlace(index, columns) {
  return `row ${Math.floor(index / columns) + 1}, column ${(index % columns) + 1}`;
}

/**
 * Rows and columns of an image with so many numbers: the run's if they fit.
 * @param {number} count
 * @param {number[] | null | undefined} shape if it is known
 * @returns {[number, number]}
 */
export function pictureShape(count, shape) {
  if (shape?.length === 2 && shape[0] * shape[1] === count) return [shape[0], shape[1]];
  const side = Math.round(Math.sqrt(count));
  return side * side === count ? [side, side] : [1, count];
}
