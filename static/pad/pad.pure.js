/** The pad's size and colours, for the kind of images that the network reads. */

/** @import { Images } from "../runs/images.pure.js" */

/**
 * A canvas of the images' form, in which each of their pixels is a block of whole pixels: so what
 * stands on an example that one draws over stays exactly what it was.
 * @param {number[]} shape rows and columns of the images
 * @param {number} least pixels along the longer side
 * @returns {{ width: number, height: number }}
 */
export function padSize([rows, columns], least) {
  if (Math.min(rows, columns) === 1) return { width: least, height: least }; // nothing to draw
  const block = Math.ceil(least / Math.max(rows, columns));
  return { width: columns * block, height: rows * block };
}

/**
 * Digits have smooth lines, whatever the pixels.
 * @param {Images} images
 * @returns {{ darkInk: boolean, smooth: boolean }}
 */
export function padLook({ drawing, ground }) {
  return { darkInk: ground === "light", smooth: drawing === "digits" };
}
