/** One parameter is given a value, and its old one again. */

import { wordsOf } from "../shell/api.js";
import { byId, setText } from "../shell/dom.js";
import { changeWords, setByHand, takeBack } from "../slope/by-hand.service.js";

/**
 * @import { Tools } from "../inside/inside.state.js"
 * @import { Answer } from "../slope/nudge.pure.js"
 */

/** @param {Tools} tools */
export function createOneParameter({ store, again }) {
  const index = byId("surgery-index", HTMLInputElement);
  const value = byId("surgery-value", HTMLInputElement);
  const undo = byId("surgery-undo", HTMLButtonElement);
  const said = byId("surgery-said");

  /** @param {Promise<{ index: number, told: Answer } | null>} change */
  async function tell(change) {
    try {
      const made = await change;
      if (!made) return;
      setText(said, changeWords(`Parameter ${made.index}`, made.told));
      again();
    } catch (error) {
      setText(said, wordsOf(error));
    }
  }

  async function put() {
    const wish = { index: Number(index.value), value: Number(value.value) };
    return { index: wish.index, told: await setByHand(store, wish) };
  }

  const drawUndo = () => {
    undo.disabled = store.state.changes.length === 0;
  };

  byId("surgery-set").addEventListener("click", () => {
    if (!index.value || !index.reportValidity() || !value.value || !value.reportValidity()) return;
    tell(put());
  });
  undo.addEventListener("click", () => tell(takeBack(store)));
  store.subscribe(["changes"], drawUndo);
  drawUndo();
}
