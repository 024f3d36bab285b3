/** The whole of −∇C as a picture: a small cell for each parameter, in the layout of θ. */

/**
 * @param {import("../state.js").Store} store
 * @param {ReturnType<typeof import("../loop.js").createLoop>} loop
 */
export function createGradientView(store, loop) {}
