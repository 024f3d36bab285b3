/** The keys: space trains and pauses, s steps, r resets, d goes to the pad, ? helps. */

/**
 * @param {import("./state.js").Store} store
 * @param {ReturnType<typeof import("./session.js").createSession>} session
 */
export function followKeys(store, session) {}
