/** An enlarged picture of one neuron's weights, or a row of bars if it doesn't read the image. */

import { colourAt, colourTable, RAMPS, scaleOf } from "../shell/colour.pure.js";
import { byId, contextOf } from "../shell/dom.js";
import { paintPicture } from "./neuron.view.js";

/**
 * @import { Pointed } from "./neuron.pure.js"
 * @import { Picture } from "./neuron.view.js"
 * @import { Numbers } from "./safetensors.pure.js"
 * @import { Theme } from "../shell/colour.pure.js"
 */

const BARS = { width: 440, height: 120 };

export function createCloseup() {
  const canvas = byId("closeup", HTMLCanvasElement);
  const mark = byId("closeup-mark");
  const context = contextOf(canvas);
  const tables = { light: colourTable(RAMPS.light), dark: colourTable(RAMPS.dark) };
  /** @type {Picture | null} */
  let picture = null;

  /** @param {number} width @param {number} height */
  function resize(width, height) {
    if (canvas.width === width && canvas.height === height) return;
    canvas.width = width;
    canvas.height = height;
    picture = null;
  }

  /** @param {Numbers} row @param {number | null} cell @param {Theme} theme */
  function drawBars(row, cell, theme) {
    resize(BARS.width, BARS.height);
    context.clearRect(0, 0, canvas.width, canvas.height);
    let largest = 1e-12;
    for (const value of row) largest = Math.max(largest, Math.abs(value) || 0);
    const step = canvas.width / row.length;
    const width = Math.max(1, step - Math.min(6, step / 4));
    const middle = canvas.height / 2;
    row.forEach((value, k) => {
      const share = value / largest || 0;
      const height = Math.max(1.5, Math.abs(share) * (middle - 4));
      context.globalAlpha = cell === null || cell === k ? 1 : 0.4;
      context.fillStyle = `rgb(${colourAt(RAMPS[theme], share < 0 ? -1 : 1).join(" ")})`;
      context.fillRect(
        k * step + (step - width) / 2,
        share < 0 ? middle : middle - height,
        width,
        height,
      );
    });
    context.globalAlpha = 1;
  }

  return {
    /**
     * @param {Numbers} row
     * @param {Pointed} pointed
     * @param {[number, number] | null} shape rows and columns, or null for bars
     * @param {Theme} theme
     */
    draw(row, { cell }, shape, theme) {
      canvas.classList.toggle("bars", !shape);
      mark.hidden = cell === null || !shape;
      if (!shape) {
        drawBars(row, cell, theme);
        return;
      }
      const [rows, columns] = shape;
      resize(columns, rows);
      if (!picture) {
        const image = context.createImageData(columns, rows);
        picture = { context, image, pixels: new Uint32Array(image.data.buffer) };
      }
      paintPicture(picture, row, 0, scaleOf(row), tables[theme]);
      if (cell === null) return;
      mark.style.left = `${(100 * (cell % columns)) / columns}%`;
      mark.style.top = `${(100 * Math.floor(cell / columns)) / rows}%`;
      mark.style.width = `${100 / columns}%`;
      mark.style.height = `${100 / rows}%`;
    },
  };
}
