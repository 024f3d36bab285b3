/**
 * A task of the teacher's sheet (`?lesson=1` to `4`): its question, which is answered before the run
 * starts, and a place to write what one saw. What is written stays in this browser.
 */

import { classApi } from "../shell/class-api.js";
import { byId, make, setText } from "../shell/dom.js";
import { atRoot } from "../shell/root.js";
import { TASKS, taskOf } from "./tasks.pure.js";

/** @import { Store } from "../shell/state.js" */

/** @param {Store} store */
export function createLessonView(store) {
  const { state } = store;
  const task = taskOf(location.search);
  if (!task) return;
  const { number, title, question, answers, write } = task;
  const panel = byId("lesson");
  const notes = byId("lesson-notes", HTMLTextAreaElement);
  const next = byId("lesson-next", HTMLAnchorElement);
  const key = `nudge.lesson.${number}`;

  store.set({ task: { number, guess: null } });
  panel.hidden = false;
  setText(byId("lesson-title"), `Task ${number} of ${TASKS.length}: ${title}`);
  setText(byId("lesson-question"), question);
  setText(byId("lesson-write"), write);
  byId("lesson-answers").append(
    ...answers.map((answer, place) => {
      const label = make("label", "lesson-answer");
      const choice = make("input");
      Object.assign(choice, { type: "radio", name: "guess", value: String(place) });
      choice.addEventListener("change", () => guess(place));
      label.append(choice, ` ${answer}`);
      return label;
    }),
  );
  next.hidden = number === TASKS.length;
  next.href = atRoot(`/?lesson=${number + 1}`);
  byId("lesson-close").addEventListener("click", () => {
    panel.hidden = true;
    store.set({ task: null });
  });
  try {
    notes.value = sessionStorage.getItem(key) ?? "";
    notes.addEventListener("input", () => sessionStorage.setItem(key, notes.value));
  } catch {
    // Storage is forbidden: what is written is lost at a reload.
  }
  tell(null);

  /** @param {number} place of the answer */
  function guess(place) {
    store.set({ task: { number, guess: place }, problem: null });
    setText(byId("lesson-guessed"), "Now train, and see.");
    tell(place);
  }

  /** Tells the teacher's wall, if this is a pupil of a lesson. @param {number | null} place */
  async function tell(place) {
    try {
      if ((await classApi.lesson()).nickname) await classApi.beAt(number, place);
    } catch {
      // The wall does without: the task does not depend on it.
    }
  }

  store.subscribe(["problem"], () => {
    if (state.problem && state.task?.guess === null) panel.scrollIntoView({ block: "nearest" });
  });
}
