/** The parts of formulas as elements. */

import { make } from "../shell/dom.js";
import { formatFigure, formatSigned } from "../shell/format.pure.js";
import { choose } from "./inside.state.js";
import { setMark } from "./marks.js";

/**
 * @import { InsideStore } from "./inside.state.js"
 * @import { Part, Row } from "./terms.pure.js"
 */

/** A number, exact in its value. @param {number} value @param {string} text */
export function dataOf(value, text) {
  const data = make("data", "", text);
  data.value = String(value);
  return data;
}

/** A letter with its index, a number, or what stands between them. @param {Part} part */
export function partOf({ text, sub, mark }) {
  const element = make("span", sub === undefined ? "" : "letter", text);
  if (sub) element.append(make("sub", "", sub));
  return setMark(element, mark ?? null);
}

/**
 * A row of the table: its name, its formula, its value.
 * @param {InsideStore} own
 * @param {Row} row
 * @param {string} sign before its value, of a factor; a term of a sum has none
 */
export function rowOf(own, { label, parts, value, choose: parameter }, sign) {
  const element = make("tr");
  const head = make("th");
  head.scope = "row";
  if (parameter) {
    const button = make("button", "", label);
    button.type = "button";
    button.title = "Choose this";
    button.addEventListener("click", () => choose(own, parameter));
    head.append(setMark(button, parts.find(({ mark }) => mark)?.mark ?? null));
  } else head.textContent = label;
  const middle = make("td", "parts");
  middle.append(...parts.map(partOf));
  const end = make("td", "value");
  const shown = sign ? formatFigure(value) : formatSigned(value);
  if (value !== null) end.append(sign, dataOf(value, shown));
  element.append(head, middle, end);
  return element;
}
