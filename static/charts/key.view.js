/** The key of a chart: for each line a sample of it, its name and a figure. */

import { make, setText } from "../shell/dom.js";

/** @import { Entry } from "./key.pure.js" */

/**
 * @param {HTMLElement} key
 * @param {Entry[]} entries
 */
export function fillKey(key, entries) {
  const names = entries.map(({ name }) => name).join(" ");
  if (key.dataset.names !== names) {
    key.dataset.names = names;
    key.replaceChildren(
      ...entries.map((entry) => {
        const item = make("span", entry.faint ? "faint" : "");
        item.append(lineSample(entry), make("span"), make("b"));
        return item;
      }),
    );
  }
  entries.forEach(({ name, value, faint }, i) => {
    setText(key.children[i].children[1], name);
    setText(key.children[i].children[2], faint ? "" : value); // it changes too fast to be read
  });
}

/** @param {Pick<Entry, "colour" | "dash" | "width">} line */
export function lineSample({ colour, dash, width }) {
  const space = "http://www.w3.org/2000/svg";
  const sample = document.createElementNS(space, "svg");
  const line = document.createElementNS(space, "path");
  sample.classList.add("line-sample");
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
  sample.style.color = colour;
  sample.append(line);
  return sample;
}
