/** The parameters that the cost is most sensitive to, and each layer's share of the gradient. */

/**
 * @param {import("../state.js").Store} store
 * @param {ReturnType<typeof import("../loop.js").createLoop>} loop
 */
export function createSensitiveView(store, loop) {}
