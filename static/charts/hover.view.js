/** Pointing into a chart: a line at the nearest point, with the figures of all lines there. */

import { make, setText } from "../shell/dom.js";
import { epochAt, leftOf } from "./axes.pure.js";

/**
 * @import { Range, Width } from "./axes.pure.js"
 * @import { Loop } from "../shell/loop.js"
 */

/**
 * @typedef {{ name: string, value: string }} Row
 * @typedef {{ epoch: number, title: string, rows: Row[] }} Place
 * @typedef {Width & { range: Range }} Scale of the epochs
 */

/**
 * @param {HTMLElement} element the chart
 * @param {Loop} loop
 * @param {() => Scale | null} scaleOf null while there is nothing to point at
 * @param {(epoch: number) => Place} placeAt the nearest one that has figures
 * @returns {{ draw: () => void }} draws the line and the figures again
 */
export function createChartHover(element, loop, scaleOf, placeAt) {
  const line = make("i", "chart-line");
  const label = make("div", "chart-hover");
  const title = make("b");
  const list = make("dl");
  label.append(title, list);
  line.hidden = true;
  label.hidden = true;
  element.append(line, label);
  /** @type {number | null} pixels from the chart's left */
  let left = null;

  function draw() {
    line.hidden = true;
    label.hidden = true;
    const scale = scaleOf();
    if (left === null || !scale) return;
    const { epoch, title: words, rows } = placeAt(epochAt(left, scale.range, scale));
    if (rows.length === 0) return;
    line.hidden = false;
    label.hidden = false;
    const x = leftOf(epoch, scale.range, scale);
    line.style.transform = `translateX(${x}px)`;
    const toRight = x < scale.width / 2;
    label.style.left = toRight ? `${x + 8}px` : "auto";
    label.style.right = toRight ? "auto" : `${scale.width - x + 8}px`;
    label.style.maxWidth = `${Math.max(x, scale.width - x) - 8}px`;
    setText(title, words);
    fill(rows);
  }

  /** @param {Row[]} rows */
  function fill(rows) {
    if (list.children.length !== 2 * rows.length) {
      list.replaceChildren(...rows.flatMap(() => [make("dt"), make("dd")]));
    }
    rows.forEach(({ name, value }, i) => {
      setText(list.children[2 * i], name);
      setText(list.children[2 * i + 1], value);
    });
  }

  for (const type of /** @type {const} */ (["pointermove", "pointerdown"])) {
    element.addEventListener(type, (event) => {
      left = event.clientX - element.getBoundingClientRect().left;
      loop.request(draw);
    });
  }
  for (const type of ["pointerleave", "pointercancel"]) {
    element.addEventListener(type, () => {
      left = null;
      loop.request(draw);
    });
  }
  return { draw };
}
