/** When to ask the server: one request at a time, and not too often. */

/**
 * Makes a function that asks one question at a time. It may be called at any time, also by the
 * question itself: while one is open, the latest call is remembered, and asked when that is answered.
 * @template {unknown[]} Wish
 * @param {(...wish: Wish) => Promise<void>} question
 * @returns {(...wish: Wish) => Promise<void>} resolves when nothing is left to ask
 */
export function oneAtATime(question) {
  /** @type {Wish | null} */
  let next = null;
  /** @type {Promise<void> | null} */
  let open = null;

  async function askAll() {
    await null; // calls of the same moment are one question
    try {
      while (next) {
        const wish = next;
        next = null;
        await question(...wish);
      }
    } finally {
      open = null;
    }
  }

  return (...wish) => {
    next = wish;
    open ??= askAll();
    return open;
  };
}

/**
 * Makes a function that acts after a pause, once for all calls that came during it.
 * @param {() => void} action
 * @param {number} pause milliseconds
 * @returns {() => void}
 */
export function notTooOften(action, pause) {
  let isDue = false;
  return () => {
    if (isDue) return;
    isDue = true;
    setTimeout(() => {
      isDue = false;
      action();
    }, pause);
  };
}
