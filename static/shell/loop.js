/**
 * The page's only requestAnimationFrame loop. A view that has asked to be drawn is drawn once in
 * the next frame, however often it asked. What is to be computed first is prepared before: the views
 * that it makes ask are drawn in the same frame. A hidden tab gets no frames and draws nothing.
 *
 * @typedef {(time: number) => void} View
 * @typedef {() => void} Preparation
 */

export function createLoop() {
  /** @type {Set<View>} */
  const views = new Set();
  /** @type {Set<Preparation>} */
  const preparations = new Set();
  let isDue = false;

  /** @param {number} time */
  function frame(time) {
    for (const prepare of taken(preparations)) prepare();
    isDue = false;
    for (const view of taken(views)) view(time);
  }

  function askForFrame() {
    if (!isDue) requestAnimationFrame(frame);
    isDue = true;
  }

  return {
    /** @param {View} view */
    request(view) {
      views.add(view);
      askForFrame();
    },
    /** @param {Preparation} preparation it asks for no other one */
    prepare(preparation) {
      preparations.add(preparation);
      askForFrame();
    },
  };
}

/**
 * Empties a set. @template T @param {Set<T>} set @returns {T[]} what was in it
 */
function taken(set) {
  const all = [...set];
  set.clear();
  return all;
}

/** @typedef {ReturnType<typeof createLoop>} Loop */
