/** How the numbers of an array are coloured: the image grey, activations violet, all else by its sign. */

import { colourAt, RAMPS, scaleOf } from "../shell/colour.pure.js";

/** @import { Theme } from "../shell/colour.pure.js" */

/** The colours of an activation of 0 and of 1, as --dark and --light in shell/base.css. */
const LIGHTS = {
  light: { dark: [235, 232, 242], light: [91, 63, 160] },
  dark: { dark: [41, 40, 58], light: [183, 156, 255] },
};
const PAD = { black: [10, 13, 18], white: [245, 245, 240] };

/**
 * @param {string} tensor
 * @param {ArrayLike<number>} values
 * @param {Theme} theme
 * @returns {(value: number) => number[]} red, green, blue
 */
export function shadesOf(tensor, values, theme) {
  if (tensor === "x") return (value) => mixed(PAD.black, PAD.white, value);
  const isActive = tensor.startsWith("activations.") || tensor === "truth";
  if (isActive && !hasNegative(values)) {
    const most = Math.max(1, largestOf(values));
    const { dark, light } = LIGHTS[theme];
    return (value) => mixed(dark, light, value / most);
  }
  const scale = values.length > 64 ? scaleOf(values) : Math.max(largestOf(values), 1e-300);
  return (value) => colourAt(RAMPS[theme], value / scale);
}

/** @param {ArrayLike<number>} values */
function largestOf(values) {
  let most = 0;
  for (let i = 0; i < values.length; i += 1) {
    const size = Math.abs(values[i]);
    if (size > most && size < Infinity) most = size;
  }
  return most;
}

/** @param {ArrayLike<number>} values */
function hasNegative(values) {
  for (let i = 0; i < values.length; i += 1) if (values[i] < 0) return true;
  return false;
}

/** @param {number[]} from @param {number[]} to @param {number} share */
function mixed(from, to, share) {
  const limited = Math.max(0, Math.min(1, share)) || 0;
  return from.map((start, i) => Math.round(start + (to[i] - start) * limited));
}

/** @param {number[]} colour */
export const cssOf = (colour) => `rgb(${colour.join(" ")})`;

/** Black or white, whichever stands out more on a colour. @param {number[]} colour */
export function inkOn(colour) {
  const [red, green, blue] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return luminance > 0.179 ? "#000000" : "#ffffff";
}
