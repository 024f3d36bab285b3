/** The guided tour: six steps over the page itself. */

/**
 * @param {import("../state.js").Store} store
 * @param {ReturnType<typeof import("../loop.js").createLoop>} loop
 * @param {ReturnType<typeof import("../session.js").createSession>} session
 */
export function createTourView(store, loop, session) {}
