/** The slider through the run's epochs. */

/**
 * @param {import("../state.js").Store} store
 * @param {ReturnType<typeof import("../loop.js").createLoop>} loop
 * @param {ReturnType<typeof import("../past.js").createPast>} past
 */
export function createTimelineView(store, loop, past) {}
