/**
 * The three parts of the page on a phone, one at a time.
 *
 * @typedef {"draw" | "network" | "curves"} Tab
 */

/** @type {Tab[]} */
export const TABS = ["draw", "network", "curves"];

/**
 * @param {string} names the parts that an element is in
 * @param {Tab} open the one that is open
 * @returns {Tab} the part to open, so that the element is in sight
 */
export function tabFor(names, open) {
  const tabs = TABS.filter((tab) => names.split(" ").includes(tab));
  return tabs.includes(open) ? open : (tabs[0] ?? open);
}
