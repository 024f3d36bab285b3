/**
 * Follows what a person changes, from run to run and while one trains, so that the advice for a run
 * that goes wrong looks at that first. It asks the server nothing: it compares what the page shows.
 */

import { textsOf } from "../form/fields.pure.js";
import { goodRate } from "../form/form.pure.js";
import { imagesOf } from "../runs/images.pure.js";
import { isPretrained, isSomebodyElses } from "../runs/run.pure.js";
import { hasLearned } from "./faults.pure.js";
import { suspectChange, suspectDifference, withChanges } from "./suspect.pure.js";

/**
 * @import { Change, Suspect } from "./suspect.pure.js"
 * @import { Spec } from "../form/fields.pure.js"
 * @import { Run } from "../runs/run.pure.js"
 * @import { Store } from "../shell/state.js"
 */

/** @param {Store} store */
export function createSuspicion(store) {
  const { state } = store;
  const { page } = state;
  /** @type {Run | null} the visitor's own run that is shown, or was last */
  let seen = null;
  let seenLearned = false;
  /** @type {Run | null} the last one before it that learned */
  let learned = null;
  /** @type {Change[]} */
  let changes = [];

  function follow() {
    const { run, epochs } = state;
    if (run === null || isPretrained(run) || isSomebodyElses(run)) return;
    if (seen?.id === run.id) {
      const step = Math.max(run.step, state.progress?.step ?? 0);
      changes = withChanges(changes, seen.spec, run.spec, { step, time: Date.now() });
    } else {
      if (seenLearned) learned = seen;
      changes = [];
    }
    seen = run;
    seenLearned = hasLearned(run, epochs, imagesOf(run).class_names.length);
  }

  /** @param {Spec} spec */
  const usualRate = (spec) => Number(goodRate(page, textsOf(spec)));

  /** What was last changed of the run that is shown. @returns {Suspect | null} */
  function suspect() {
    const { run, epochs } = state;
    if (run === null || run.id !== seen?.id) return null;
    const names = page.choice_names;
    const change = suspectChange(changes, epochs, run.spec, names);
    if (change || learned === null || learned.created > run.created) return change;
    return suspectDifference(learned.spec, run.spec, usualRate, names);
  }

  store.subscribe(["run", "epochs"], follow);
  return { suspect };
}

/** @typedef {ReturnType<typeof createSuspicion>} Suspicion */
