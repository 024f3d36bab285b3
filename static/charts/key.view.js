/** The key of a chart: for each line a sample of it, its name and a figure. */

import { make, setText } from "../shell/dom.js";

/** @import { Entry } from "./key.pure.js" */

/**
 * @param {HTMLElement} key
 * @param {Entry[]} entries
 */
export function fillKey(key, entries) {
  if (key.children.length !== entries.length || key.dataset.first !== entries[0]?.name) {
    key.dataset.first = entries[0]?.name ?? "";
    key.replaceChildren(
      ...entries.map(({ dash, width, faint }) => {
        const entry = make("span", faint ? "faint" : "");
        entry.append(lineSample(dash, width), make("span"), make("b"));
        return entry;
      }),
    );
  }
  entries.forEach(({ name, value, faint }, i) => {
    setText(key.children[i].children[1], name);
    setText(key.children[i].children[2], faint ? "" : value); // it changes too fast to be read
  });
}

/** @param {string} dash @param {number} width */
function lineSample(dash, width) {
  const space = "http://www.w3.org/2000/svg";
  const sample = document.createElementNS(space, "svg");
  const line = document.createElementNS(space, "path");
  sample.setAttribute("viewBox", "0 0 14 6");
  sample.setAttribute("aria-hidden", "true");
  for (const [name, value] of [
    ["d", "M0 3H14"],
    ["stroke", "currentColor"],
    ["stroke-width", String(width)],
    ["stroke-dasharray", dash],
  ]) {
    line.setAttribute(name, value);
  }
  sample.append(line);
  return sample;
}
