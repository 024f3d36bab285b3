/** One parameter is given a value, and its old one again. */

import { wordsOf } from "../shell/api.js";
import { byId, setText } from "../shell/dom.js";
import { experiments } from "../shell/experiments.js";
import { formatFigure } from "../shell/format.pure.js";

/** @import { Tools } from "../inside/inside.state.js" */

/** @param {Tools} tools */
export function createOneParameter({ own, again }) {
  const index = byId("surgery-index", HTMLInputElement);
  const value = byId("surgery-value", HTMLInputElement);
  const undo = byId("surgery-undo", HTMLButtonElement);
  /** @type {{ run: string, index: number, value: number }[]} what each changed parameter was */
  const before = [];

  /** @param {{ run: string, index: number, value: number }} wish @param {boolean} isUndo */
  async function put({ run, index, value }, isUndo) {
    try {
      const told = await experiments.set(run, { index, value });
      if (isUndo) before.pop();
      else before.push({ run, index, value: told.before });
      undo.disabled = before.length === 0;
      setText(
        byId("surgery-said"),
        `Parameter ${index} was ${formatFigure(told.before, 6)} and is ${formatFigure(told.after, 6)}; the cost went from ${formatFigure(told.cost, 5)} to ${formatFigure(told.measured, 5)}.`,
      );
      again();
    } catch (error) {
      setText(byId("surgery-said"), wordsOf(error));
    }
  }

  byId("surgery-set").addEventListener("click", () => {
    const { walk } = own.state;
    if (!walk) return;
    if (!index.value || !index.reportValidity() || !value.value || !value.reportValidity()) return;
    put({ run: walk.run, index: Number(index.value), value: Number(value.value) }, false);
  });
  undo.addEventListener("click", () => {
    const last = before.at(-1);
    if (last) put(last, true);
  });
}
