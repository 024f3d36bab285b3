/** "Learn this one": the network that is shown is taught the visitor's drawings. */

import { imagesOf } from "../runs/images.pure.js";
import { isPretrained, isSomebodyElses } from "../runs/run.pure.js";
import { api, wordsOf } from "../shell/api.js";
import { oneAtATime } from "../shell/requests.js";
import { learnedWords, lessonOf, sentAs } from "./drawings.pure.js";

/**
 * @import { Store } from "../shell/state.js"
 * @import { TrainingService } from "../training/training.service.js"
 */

/**
 * @param {Store} store
 * @param {TrainingService} training
 */
export function createLesson(store, training) {
  const { state } = store;

  /** The run to teach: the visitor's own, or else a copy of the one that is shown. */
  async function pupil() {
    const { run } = state;
    if (run && !isPretrained(run) && !isSomebodyElses(run)) return run;
    return training.copyRun();
  }

  /** Teaches it the drawing that was kept last, and the newest before it. */
  async function learn() {
    store.set({ lesson: { learning: true, words: "Learning…" }, pastEpoch: null });
    let words;
    try {
      const run = await pupil();
      const drawings = lessonOf(state.drawings, imagesOf(run));
      const learned = await api.learn(run.id, sentAs(drawings, imagesOf(run).class_names));
      words = learnedWords(drawings.length, learned);
    } catch (error) {
      words = wordsOf(error);
    }
    store.set({ lesson: { learning: false, words } });
  }

  return {
    learn: oneAtATime(learn),
    /** A new drawing is begun: what was said of the last one no longer applies. */
    forget() {
      if (!state.lesson?.learning) store.set({ lesson: null });
    },
  };
}

/** @typedef {ReturnType<typeof createLesson>} LessonService */
