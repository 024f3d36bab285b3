/**
 * The guided tour: a card with a lesson, and a ring around the part of the page that it is about. The
 * page can be used during the tour, and the tour can be left at any time.
 */

import { byId, setText } from "../shell/dom.js";
import { openTabOf } from "../shell/tabs.js";
import { LESSONS } from "./lessons.js";
import { queryWithStep } from "./tour.pure.js";
import { filledIn } from "./words.pure.js";

/**
 * @import { LookInside } from "../shell/inside.service.js"
 * @import { Loop } from "../shell/loop.js"
 * @import { Store } from "../shell/state.js"
 * @import { TrainingService } from "../training/training.service.js"
 */

/**
 * @param {Store} store
 * @param {Loop} loop
 * @param {{ training: TrainingService, lookInside: LookInside }} services
 */
export function createTourView(store, loop, { training, lookInside }) {
  const { state } = store;
  const card = byId("tour");
  const ring = byId("tour-ring");
  const fold = byId("tour-fold");
  const paragraphs = card.querySelectorAll(".tour-words");
  const narrow = matchMedia("(max-width: 759px)");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  /** @type {HTMLElement | null} the element that had the focus before the tour */
  let cameFrom = null;
  let before = { show: state.show, chosen: state.chosen }; // of the page before the tour
  let isArriving = false; // at a lesson, whose part of the page is not shown yet

  const deeds = {
    nextDigit: () => byId("next-digit").click(),
    step: training.step,
    trainNew: training.trainNew,
    pad: () => byId("draw-pad").focus(),
  };

  byId("tour-leave").addEventListener("click", () => go(null));
  byId("tour-back", HTMLButtonElement).addEventListener("click", () =>
    go(Math.max(1, (state.tour ?? 1) - 1)),
  );
  byId("tour-next").addEventListener("click", () => {
    const next = (state.tour ?? 0) + 1;
    go(next > LESSONS.length ? null : next);
  });
  byId("tour-do").addEventListener("click", () => {
    const { tour } = state;
    const lesson = tour && LESSONS[tour - 1];
    if (!lesson) return;
    if (lesson.inside) go(tour);
    else if (lesson.deed) deeds[lesson.deed.name]();
  });
  fold.addEventListener("click", () => {
    setFolded(card.dataset.folded !== "true");
    placeRing();
  });
  card.addEventListener("keydown", ({ key }) => key === "Escape" && go(null));

  /** @param {number | null} step */
  function go(step) {
    const lesson = step === null ? null : LESSONS[step - 1];
    isArriving = true;
    store.set({
      tour: step,
      show: lesson?.show ?? before.show,
      chosen: lesson?.target === "#nudge-card" ? null : step ? state.chosen : before.chosen,
      insideAt: lesson?.inside ? { ...lesson.inside } : null, // a new one: it is gone to again
    });
    holdAddress();
    if (lesson) lookInside.showInstead(lesson.inside !== undefined);
    setFolded(false);
    loop.request(draw); // also if the state was set before this was loaded
  }

  /** @param {number} lesson an address may ask for one that there is not */
  function begin(lesson) {
    const { activeElement } = document;
    if (card.hidden) {
      cameFrom = activeElement instanceof HTMLElement ? activeElement : null;
      before = { show: state.show, chosen: state.chosen };
    }
    go(lesson <= LESSONS.length ? lesson : null);
  }

  /** Keeps the lesson in the page's address. */
  function holdAddress() {
    const query = queryWithStep(location.search, state.tour);
    history.replaceState(history.state, "", location.pathname + query);
  }

  /** @param {boolean} folded */
  function setFolded(folded) {
    card.dataset.folded = String(folded);
    fold.setAttribute("aria-expanded", String(!folded));
  }

  function draw() {
    const { tour, run, inside } = state;
    card.hidden = tour === null;
    document.documentElement.classList.toggle("has-lesson", tour !== null);
    if (tour === null) {
      ring.hidden = true;
      if (isArriving) cameFrom?.focus();
      isArriving = false;
      return;
    }
    const lesson = LESSONS[tour - 1];
    const isHere = inside === (lesson.inside !== undefined);
    const deed = lesson.inside ? (isHere ? "" : "Look inside") : (lesson.deed?.label ?? "");
    setText(byId("tour-place"), `${tour} of ${LESSONS.length}`);
    setText(byId("tour-title"), filledIn(lesson.title, run));
    paragraphs.forEach((paragraph, i) => {
      setText(paragraph, filledIn(lesson.words[i] ?? "", run));
    });
    setText(byId("tour-attempt"), filledIn(lesson.attempt, run));
    byId("tour-do").hidden = !deed || (inside && !lesson.inside);
    setText(byId("tour-do"), deed);
    byId("tour-back", HTMLButtonElement).disabled = tour === 1;
    setText(byId("tour-next"), tour === LESSONS.length ? "Done" : "Next");
    if (isArriving && isHere) arrive(lesson.target);
    placeRing();
  }

  /** @param {string} target */
  function arrive(target) {
    isArriving = false;
    sizes.disconnect();
    const box = document.querySelector(target);
    for (const part of box?.parentElement?.children ?? []) sizes.observe(part);
    card.scrollTop = 0;
    byId("tour-title").focus({ preventScroll: true });
    reveal(target);
  }

  /** @param {string} target */
  function reveal(target) {
    openTabOf(store, document.querySelector(target));
    const block = narrow.matches ? "start" : "nearest"; // on a phone the card covers the lower half
    const behavior = calm.matches ? "auto" : "smooth";
    // The tab opens with the next frame.
    loop.request(() => document.querySelector(target)?.scrollIntoView({ block, behavior }));
  }

  function revealInside() {
    const { tour, inside, insideAt } = state;
    if (tour !== null && inside && insideAt) reveal(LESSONS[tour - 1].target);
  }

  /** Places the ring around the lesson's target, and the card where it covers the least of it. */
  function placeRing() {
    if (state.tour === null) return;
    const lesson = LESSONS[state.tour - 1];
    const box = document.querySelector(lesson.target)?.getBoundingClientRect();
    const isHere = state.inside === (lesson.inside !== undefined);
    ring.hidden = !isHere || !box || box.width === 0;
    if (ring.hidden || !box) return;
    const left = Math.max(4, box.left - 4);
    const top = Math.max(4, box.top - 4);
    ring.style.transform = `translate(${left}px, ${top}px)`;
    ring.style.width = `${Math.min(innerWidth - 4, box.right + 4) - left}px`;
    ring.style.height = `${Math.min(innerHeight - 4, box.bottom + 4) - top}px`;
    const isLeft = box.left + box.width / 2 > innerWidth / 2;
    card.dataset.side = isLeft ? "left" : "right";
    // What scrolls under the card in Look inside keeps clear of it.
    document.documentElement.style.setProperty("--tour-high", `${card.offsetHeight}px`);
  }

  const requestRing = () => state.tour !== null && loop.request(placeRing);
  const sizes = new ResizeObserver(requestRing); // of the target, and of what pushes it around
  addEventListener("scroll", requestRing, { passive: true, capture: true });
  addEventListener("resize", requestRing);
  addEventListener("popstate", () => {
    if (state.tour !== null) holdAddress(); // the browser's Back goes to other places, not lessons
  });
  store.subscribe(["tour", "inside", "run"], () => loop.request(draw));
  // Twice later: first the view draws the place.
  store.subscribe(["insideAt"], () => loop.request(() => loop.request(revealInside)));

  const stop = store.subscribe(["frames"], () => {
    stop(); // the layout changes when the network arrives
    loop.request(() => loop.request(() => state.tour && reveal(LESSONS[state.tour - 1].target)));
  });
  return { begin };
}
