/** Pointing into a chart: a line at the nearest epoch, and the figures of all lines there. */

import { make, setText } from "../shell/dom.js";
import { epochAt, leftOf } from "./axes.pure.js";

/**
 * @typedef {{ name: string, value: string }} Row
 * @typedef {{ range: import("./axes.pure.js").Range, width: number }} Scale of the epochs
 */

/**
 * @param {HTMLElement} element the chart
 * @param {ReturnType<typeof import("../shell/loop.js").createLoop>} loop
 * @param {() => Scale | null} scaleOf null while there is nothing to point at
 * @param {(epoch: number) => Row[]} rowsAt
 * @returns {{ draw: () => void }} draws again what is pointed at
 */
export function createChartHover(element, loop, scaleOf, rowsAt) {
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
    const scale = left === null ? null : scaleOf();
    const rows = scale ? rowsAt(epochAt(left, scale.range, scale.width)) : [];
    line.hidden = rows.length === 0;
    label.hidden = rows.length === 0;
    if (rows.length === 0) return;
    const epoch = epochAt(left, scale.range, scale.width);
    const x = leftOf(epoch, scale.range, scale.width);
    line.style.transform = `translateX(${x}px)`;
    const toRight = x < scale.width / 2;
    label.style.left = toRight ? `${x + 8}px` : "auto";
    label.style.right = toRight ? "auto" : `${scale.width - x + 8}px`;
    label.style.maxWidth = `${Math.max(x, scale.width - x) - 8}px`;
    setText(title, `Epoch ${epoch}`);
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

  for (const type of ["pointermove", "pointerdown"]) {
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
