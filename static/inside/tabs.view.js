/**
 * The tabs of Look inside. Step by step is here from the start; each of the others is loaded when it is
 * first opened, and told to draw whenever it is open and something has changed.
 */

import { byId } from "../shell/dom.js";

/**
 * @import { Tools } from "./inside.state.js"
 *
 * @typedef {{ refresh: () => void }} Tab
 */

export const STEPS = "steps";

/** @type {Record<string, (tools: Tools) => Promise<Tab>>} */
const LATER = {
  why: async (tools) => (await import("../why/why.view.js")).createWhy(tools),
  surgery: async (tools) => (await import("../surgery/surgery.view.js")).createSurgery(tools),
  landscape: async (tools) =>
    (await import("../landscape/landscape.view.js")).createLandscape(tools),
};

/** @param {Tools} tools @returns {{ tab: () => string }} */
export function createTabsView(tools) {
  const { own, store } = tools;
  const root = byId("inside");
  const buttons = [...root.querySelectorAll("[data-inside-tab]")];
  /** @type {Map<string, Promise<Tab>>} */
  const loaded = new Map();

  const tab = () => root.dataset.tab ?? STEPS;

  /** @param {string} name */
  async function open(name) {
    root.dataset.tab = name;
    own.set({ playing: false });
    for (const button of buttons) {
      const of = button.getAttribute("data-inside-tab") ?? "";
      button.setAttribute("aria-pressed", String(of === name));
      if (of !== STEPS) byId(`inside-${of}`).hidden = of !== name;
    }
    await refresh();
  }

  async function refresh() {
    const name = tab();
    if (!Object.hasOwn(LATER, name)) return;
    if (!loaded.has(name)) loaded.set(name, LATER[name](tools));
    try {
      const one = await loaded.get(name);
      if (tab() === name) one?.refresh();
    } catch (error) {
      loaded.delete(name);
      own.set({ problem: "This part of the page could not be loaded." });
      throw error;
    }
  }

  for (const button of buttons) {
    button.addEventListener("click", () => open(button.getAttribute("data-inside-tab") ?? STEPS));
  }
  own.subscribe(["walk", "theme"], refresh);
  store.subscribe(["pastEpoch"], refresh);
  // A lesson of the tour is about a step.
  store.subscribe(["insideAt"], () => store.state.insideAt && tab() !== STEPS && open(STEPS));
  return { tab };
}
