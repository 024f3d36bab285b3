/**
 * The page's only requestAnimationFrame loop. A view that has asked to be drawn is drawn once in
 * the next frame, however often it asked. A hidden tab gets no frames and draws nothing.
 *
 * @typedef {(time: number) => void} View
 */

/** @returns {{ request: (view: View) => void }} */
export function createLoop() {
  /** @type {Set<View>} */
  const waiting = new Set();

  /** @param {number} time */
  function frame(time) {
    const views = [...waiting];
    waiting.clear();
    for (const view of views) view(time);
  }

  return {
    request(view) {
      if (waiting.size === 0) requestAnimationFrame(frame);
      waiting.add(view);
    },
  };
}

/** @typedef {ReturnType<typeof createLoop>} Loop */
