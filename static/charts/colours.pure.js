/**
 * The colours of the charts' lines. Each layer has one in the gradient's chart and each earlier run
 * one in the others. They are told apart in every kind of colour blindness, and are neither the blue
 * and the orange of signs nor the violet of activations. charts.css has them, too, for what is not
 * drawn by Plotly.
 */

/** @import { Theme } from "../shell/colour.pure.js" */

/** @type {Record<Theme, string[]>} */
export const CATEGORIES = {
  light: ["#006d75", "#b80f55", "#7f7504", "#ac35bf", "#27450f", "#5e1660"],
  dark: ["#5cf2dc", "#e0569f", "#dfe08a", "#f79af5", "#5fbf86", "#7f9420"],
};

/** The colours that stand in base.css, too. */
export const COLOURS = {
  light: { ink: "#18202b", quiet: "#5b6573", line: "#e4e0d6", batch: "#b9b3a6" },
  dark: { ink: "#e9edf2", quiet: "#9aa6b5", line: "#29313c", batch: "#525c69" },
};

const COUNT = CATEGORIES.light.length;

/** Where there are more layers than colours, these begin again with another one of the dashes. */
const DASHES = ["", "5 3", "1.5 2.5", "8 2 2 2"];

/** @param {number} index @param {Theme} theme */
export const categoryAt = (index, theme) => CATEGORIES[theme][index % COUNT];

/** The same as a value for a style. @param {number} index */
export const categoryStyle = (index) => `var(--category-${1 + (index % COUNT)})`;

/** @param {number} index */
export const categoryDash = (index) => DASHES[Math.floor(index / COUNT) % DASHES.length];

/** An earlier run keeps its colour when others come and go. Few are drawn, so they need no dashes. @param {{ number: number }} run */
export const categoryOfRun = ({ number }) => Math.max(0, number - 1);
