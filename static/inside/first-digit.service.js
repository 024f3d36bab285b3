/**
 * The digit that is walked through when the pad is empty: one that this network misreads. Its cost is
 * high, so there is something to see on the way back; of a digit that it reads well, nearly nothing.
 */

import { pictureOfMistake } from "../mistakes/mistakes.pure.js";
import { imagesOf } from "../runs/images.pure.js";
import { api, wordsOf } from "../shell/api.js";

/**
 * @import { TestDigitsService } from "../pad/test-digits.service.js"
 * @import { Store } from "../shell/state.js"
 */

/** @param {Store} store @param {TestDigitsService} testDigits where no misread one is known */
export function createFirstDigit(store, testDigits) {
  const { state } = store;

  return async () => {
    const mistake = await misread();
    if (!mistake) await testDigits.next();
    else if (state.strokes.length === 0 && !state.picture) {
      store.set({ picture: pictureOfMistake(mistake, imagesOf(state.run)) });
      store.touch("strokes");
    }
  };

  async function misread() {
    try {
      const { wrong } = await api.mistakes(state.watched, state.pastEpoch?.epoch ?? null);
      return wrong[Math.floor(Math.random() * wrong.length)];
    } catch (error) {
      wordsOf(error); // the server has no test digits for it
      return undefined;
    }
  }
}
