/** What this tab keeps, as long as it is open. Where storage is forbidden, until it is reloaded. */

export const kept = {
  /** @param {string} key @returns {string} empty: nothing */
  get: (key) => tried(() => sessionStorage.getItem(key)) ?? "",
  /** @param {string} key @param {string} value */
  set: (key, value) => tried(() => sessionStorage.setItem(key, value)),
};

/** @template T @param {() => T} does @returns {T | null} */
function tried(does) {
  try {
    return does();
  } catch {
    return null;
  }
}
