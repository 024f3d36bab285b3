/**
 * The guided tour: a card with text, and a ring around the part of the page that it is about. The
 * page can be used during the tour, and the tour can be left at any time.
 */

import { isSteered } from "../runs/run.pure.js";
import { byId, setText } from "../shell/dom.js";
import { openTabOf } from "../shell/tabs.js";
import { queryWithStep, STEPS, stepOfQuery } from "./tour.pure.js";

/**
 * @import { Loop } from "../shell/loop.js"
 * @import { Store } from "../shell/state.js"
 * @import { TrainingService } from "../training/training.service.js"
 */

const REPLACED =
  "A new network takes the place of yours, which stops training. It stays in your list of runs.";

/**
 * @param {Store} store
 * @param {Loop} loop
 * @param {TrainingService} training
 */
export function createTourView(store, loop, training) {
  const { state } = store;
  const card = byId("tour");
  const ring = byId("tour-ring");
  const narrow = matchMedia("(max-width: 759px)");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  /** @type {HTMLElement | null} the element that had the focus before the tour */
  let cameFrom = null;
  let shownBefore = state.show; // what the network's pictures showed before the tour

  const deeds = {
    reset: () => mayReplace() && training.reset(),
    step: training.step,
    train: training.train,
    inside: () => byId("look-inside").click(),
    pad: () => byId("draw-pad").focus(),
  };

  byId("tour-begin").addEventListener("click", () => go(1));
  byId("help-tour").addEventListener("click", () => {
    store.set({ dialog: null });
    go(1);
  });
  byId("tour-leave").addEventListener("click", () => go(null));
  byId("tour-back", HTMLButtonElement).addEventListener("click", () =>
    go(Math.max(1, (state.tour ?? 1) - 1)),
  );
  byId("tour-next").addEventListener("click", () => {
    const next = (state.tour ?? 0) + 1;
    go(next > STEPS.length ? null : next);
  });
  byId("tour-do").addEventListener("click", () => {
    const deed = STEPS[(state.tour ?? 1) - 1].deed;
    if (deed) deeds[deed.name]();
  });
  card.addEventListener("keydown", ({ key }) => key === "Escape" && go(null));

  /** @param {number | null} step */
  function go(step) {
    const { activeElement } = document;
    if (state.tour === null) {
      cameFrom = activeElement instanceof HTMLElement ? activeElement : null;
      shownBefore = state.show;
    }
    store.set({ tour: step, show: (step && STEPS[step - 1].show) || shownBefore });
    history.replaceState(null, "", location.pathname + queryWithStep(location.search, step));
  }

  /** Whether a new network may take the place of the one that is open; a person is asked. */
  function mayReplace() {
    const isOpen = isSteered(state.run) && (state.run?.step ?? 0) > 0;
    return !isOpen || confirm(REPLACED);
  }

  function drawStep() {
    const { tour } = state;
    card.hidden = tour === null;
    ring.hidden = tour === null;
    if (tour === null) {
      cameFrom?.focus();
      return;
    }
    const { title, words, target, deed } = STEPS[tour - 1];
    setText(byId("tour-place"), `${tour} of ${STEPS.length}`);
    setText(byId("tour-title"), title);
    setText(byId("tour-words"), words);
    byId("tour-do").hidden = !deed;
    setText(byId("tour-do"), deed?.label ?? "");
    byId("tour-back", HTMLButtonElement).disabled = tour === 1;
    setText(byId("tour-next"), tour === STEPS.length ? "Done" : "Next");
    byId("tour-title").focus({ preventScroll: true });
    reveal(target);
  }

  /** @param {string} target */
  function reveal(target) {
    openTabOf(store, document.querySelector(target));
    const block = narrow.matches ? "start" : "nearest"; // on a phone the card covers the lower half
    const behavior = calm.matches ? "auto" : "smooth";
    document.querySelector(target)?.scrollIntoView({ block, behavior });
    placeRing();
  }

  /** Places the ring around the step's target, and the card where it covers the least of it. */
  function placeRing() {
    if (state.tour === null) return;
    const box = document.querySelector(STEPS[state.tour - 1].target)?.getBoundingClientRect();
    if (!box) return;
    const left = Math.max(4, box.left - 4);
    const top = Math.max(4, box.top - 4);
    ring.style.transform = `translate(${left}px, ${top}px)`;
    ring.style.width = `${Math.min(innerWidth - 4, box.right + 4) - left}px`;
    ring.style.height = `${Math.min(innerHeight - 4, box.bottom + 4) - top}px`;
    card.dataset.side = box.left + box.width / 2 > innerWidth / 2 ? "left" : "right";
  }

  const requestRing = () => state.tour !== null && loop.request(placeRing);
  addEventListener("scroll", requestRing, { passive: true, capture: true });
  addEventListener("resize", requestRing);
  store.subscribe(["tour"], () => loop.request(drawStep));

  const first = stepOfQuery(location.search);
  if (first === null) return;
  go(first);
  const stop = store.subscribe(["frames"], () => {
    stop(); // the layout changes when the network arrives
    loop.request(() => loop.request(() => state.tour && reveal(STEPS[state.tour - 1].target)));
  });
}
