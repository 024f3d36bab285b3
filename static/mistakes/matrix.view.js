/**
 * The confusion matrix as a table of buttons. Tab reaches one of them, and the arrow keys move to
 * the others.
 */

import { make, setText } from "../shell/dom.js";
import { cellColours, cellWords, sharesOf } from "./mistakes.pure.js";

/** @import { Theme } from "../shell/colour.pure.js" */

/** @type {Record<string, [number, number]>} */
const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/**
 * @param {HTMLElement} table
 * @param {(label: number, digit: number) => void} choose
 */
export function createMatrix(table, choose) {
  /** @type {HTMLButtonElement[][]} */
  let cells = [];
  let built = "";

  /** @param {number} size @param {string[]} classes */
  function build(size, classes) {
    const names = Array.from({ length: size }, (_, i) => classes[i] ?? String(i));
    const key = names.join("\n");
    if (key === built) return;
    built = key;
    const caption = make(
      "caption",
      "unseen",
      "Confusion matrix: a row for what each test digit is, a column for what it is read as",
    );
    const head = make("tr");
    const corner = make("th", "", "is ↓ reads →");
    corner.scope = "row";
    head.append(corner, ...names.map((name) => header(name, "col")));
    cells = names.map((_, label) => names.map((__, digit) => cell(label, digit)));
    const rows = cells.map((row, label) => {
      const line = make("tr");
      line.append(
        header(names[label], "row"),
        ...row.map((button) => {
          const box = make("td");
          box.append(button);
          return box;
        }),
      );
      return line;
    });
    const top = make("thead");
    const body = make("tbody");
    top.append(head);
    body.append(...rows);
    table.replaceChildren(caption, top, body);
    if (cells[0]) cells[0][0].tabIndex = 0;
  }

  /** @param {string} name @param {"row" | "col"} scope */
  function header(name, scope) {
    const box = make("th", "", name);
    box.scope = scope;
    return box;
  }

  /** @param {number} label @param {number} digit */
  function cell(label, digit) {
    const button = make("button", label === digit ? "right" : "");
    button.type = "button";
    button.tabIndex = -1;
    button.addEventListener("click", () => {
      focus(label, digit);
      choose(label, digit);
    });
    button.addEventListener("keydown", (event) => {
      const move = MOVES[event.key];
      if (!move) return;
      event.preventDefault();
      focus(label + move[0], digit + move[1]);
    });
    return button;
  }

  /** @param {number} label @param {number} digit */
  function focus(label, digit) {
    const target = cells[label]?.[digit];
    if (!target) return;
    for (const button of cells.flat()) button.tabIndex = button === target ? 0 : -1;
    target.focus();
  }

  /**
   * @param {number[][]} confusion
   * @param {string[]} classes
   * @param {Theme} theme
   * @param {{ label: number, digit: number } | null} chosen
   */
  function draw(confusion, classes, theme, chosen) {
    // The table is there before the first answer, with empty cells, so that nothing moves.
    const size = confusion.length || cells.length || classes.length;
    build(size, classes);
    const shares = sharesOf(confusion);
    for (const [label, row] of cells.entries()) {
      for (const [digit, button] of row.entries()) {
        const count = confusion[label]?.[digit];
        const { ground, ink } = cellColours(shares[label]?.[digit] ?? 0, theme);
        setText(button, count || "");
        button.style.background = ground;
        button.style.color = ink;
        button.setAttribute("aria-label", cellWords(count, label, digit, classes));
        const isChosen = chosen?.label === label && chosen.digit === digit;
        button.setAttribute("aria-pressed", String(isChosen));
      }
    }
  }

  return { draw, focus };
}
