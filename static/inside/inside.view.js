/**
 * Look inside: backpropagation with the digit on the pad, line by line, beside the code that runs. It
 * covers the whole window, and is loaded when it is first opened.
 */

import { byId } from "../shell/dom.js";
import { createBarView } from "./bar.view.js";
import { createBatching } from "./batch.service.js";
import { createBatchView } from "./batch.view.js";
import { createEpochView } from "./epoch.view.js";
import { createFirstDigit } from "./first-digit.service.js";
import { createInsideStore } from "./inside.state.js";
import { followInsideKeys } from "./keys.js";
import { followLessons } from "./lesson.js";
import { followSteps } from "./marks.js";
import { createNumbersView } from "./numbers.view.js";
import { createPanelsView } from "./panels.view.js";
import { createParameterView } from "./parameter.view.js";
import { createPictureView } from "./picture.view.js";
import { createQuestionView } from "./question.view.js";
import { loadSheets } from "./sheets.js";
import { createSourceView } from "./source.view.js";
import { createStepping } from "./stepping.service.js";
import { createTabsView, STEPS } from "./tabs.view.js";
import { createTopView } from "./top.view.js";
import { createWalking } from "./walk.service.js";

/**
 * @import { PadImage } from "../pad/pad-image.js"
 * @import { TestDigitsService } from "../pad/test-digits.service.js"
 * @import { Loop } from "../shell/loop.js"
 * @import { Store } from "../shell/state.js"
 *
 * @typedef {object} Surroundings
 * @property {PadImage} padImage
 * @property {TestDigitsService} testDigits
 * @property {() => void} leave goes back to the playground
 */

/**
 * @param {Store} store
 * @param {Loop} loop
 * @param {Surroundings} surroundings
 */
export async function createInside(store, loop, { padImage, testDigits, leave }) {
  await loadSheets(["tabs", "bar", "inside", "source", "picture", "numbers", "batch"]);
  const { state } = store;
  const root = byId("inside");
  const own = createInsideStore(state.theme);
  const walking = createWalking(store, own, padImage);
  const firstDigit = createFirstDigit(store, testDigits);
  const stepping = createQuestionView(own, loop);
  let isOpen = false;
  let isFetching = false; // a test digit
  /** @type {HTMLElement | null} */
  let cameFrom = null;

  createTopView(store, own, loop, { walking, testDigits, leave });
  createBarView(own, loop, stepping);
  createSourceView(own, loop);
  createPictureView(own, loop);
  createNumbersView(own, loop);
  createParameterView(own, loop);
  createBatchView(own, loop, createBatching(store, own));
  createEpochView(store, own, loop, createStepping(store));
  createPanelsView(own, loop);
  followSteps(own, loop);
  followLessons(store, own);
  const { tab } = createTabsView({
    ...{ store, own, loop, padImage },
    again: () => walking.ask(own.state.walk?.truth ?? null),
  });
  followInsideKeys(own, { stepping, leave, isOpen: () => isOpen, hasSteps: () => tab() === STEPS });

  /** What the pad shows is walked through; an empty pad gets a digit first. */
  async function walk() {
    if (!isOpen || !state.run) return;
    if (padImage()) await walking.ask(null);
    else if (!isFetching && state.datasets.length > 0) {
      isFetching = true;
      await firstDigit();
      isFetching = false;
    }
  }

  store.subscribe(["strokes", "picture", "run", "pastEpoch", "datasets"], () => {
    const isNew = own.state.walk === null || own.state.walk.run !== state.watched;
    if (isOpen && (isNew || padImage() !== walking.walked())) walk();
  });
  store.subscribe(["theme"], () => own.set({ theme: state.theme }));

  return {
    open() {
      if (isOpen) return;
      isOpen = true;
      const { activeElement } = document;
      cameFrom = activeElement instanceof HTMLElement ? activeElement : null;
      root.hidden = false;
      keepOthersAway(root, true);
      byId("inside-title").focus({ preventScroll: true });
      walk();
    },
    close() {
      if (!isOpen) return;
      isOpen = false;
      own.set({ playing: false, hovered: null });
      root.hidden = true;
      keepOthersAway(root, false);
      cameFrom?.focus({ preventScroll: true });
    },
  };
}

/** The rest of the page can't be reached while this covers it; the tour can. @param {HTMLElement} root @param {boolean} away */
function keepOthersAway(root, away) {
  for (const element of document.body.children) {
    const stays = element === root || element.id === "tour";
    if (element instanceof HTMLElement && !stays) element.inert = away;
  }
  document.documentElement.classList.toggle("is-inside", away);
}
