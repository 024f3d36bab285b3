/** The dialog with the keys, and full screen. */

/**
 * @param {import("../state.js").Store} store
 * @param {ReturnType<typeof import("../loop.js").createLoop>} loop
 */
export function createHelpView(store, loop) {}
