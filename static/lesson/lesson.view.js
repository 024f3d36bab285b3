/**
 * A task of the teacher's sheet (`?lesson=1` to `4`): its question, which is answered before the run
 * starts, and a place to write what one saw. What is written stays in this browser.
 */

import { classApi } from "../shell/class-api.js";
import { byId, make, setText } from "../shell/dom.js";
import { kept } from "../shell/kept.js";
import { atRoot } from "../shell/root.js";
import { openTabOf } from "../shell/tabs.js";
import { TASKS, taskOf } from "./tasks.pure.js";

/** @import { Store } from "../shell/state.js" */

/** @param {Store} store */
export function createLessonView(store) {
  const { state } = store;
  const task = taskOf(location.search) ?? taskOf(`?lesson=${kept.get("nudge.task")}`);
  if (!task) return;
  const { number, title, question, answers, go, write } = task;
  const panel = byId("lesson");
  const notes = byId("lesson-notes", HTMLTextAreaElement);
  const next = byId("lesson-next", HTMLAnchorElement);
  const key = `nudge.lesson.${number}`;

  kept.set("nudge.task", String(number)); // a reload, or the address of the run, leads back to it
  store.set({ task: { number, guess: null } });
  panel.hidden = false;
  const heading = `Task ${number} of ${TASKS.length}: ${title}`;
  setText(byId("lesson-title"), heading);
  setText(byId("lesson-question"), question);
  setText(byId("lesson-write"), write);
  byId("lesson-answers").append(
    ...answers.map((answer, place) => {
      const label = make("label", "lesson-answer");
      const choice = make("input");
      Object.assign(choice, { type: "radio", name: "guess", value: String(place) });
      choice.checked = kept.get(`${key}.guess`) === choice.value;
      choice.addEventListener("change", () => guess(place));
      label.append(choice, ` ${answer}`);
      return label;
    }),
  );
  next.hidden = number === TASKS.length;
  next.href = atRoot(`/?lesson=${number + 1}`);
  const change = byId("lesson-change");
  change.hidden = !task.changesRate;
  change.addEventListener("click", () => {
    const rate = byId("field-learning_rate", HTMLInputElement);
    openTabOf(store, rate);
    requestAnimationFrame(() => rate.focus()); // once its tab is there
  });
  byId("lesson-close").addEventListener("click", () => {
    panel.hidden = true;
    kept.set("nudge.task", "");
    store.set({ task: null });
  });
  notes.value = kept.get(key);
  notes.addEventListener("input", () => kept.set(key, notes.value));
  const before = kept.get(`${key}.guess`);
  if (before) guess(Number(before));
  else tell(null);

  /** @param {number} place of the answer */
  function guess(place) {
    store.set({ task: { number, guess: place }, problem: null });
    setText(byId("lesson-guessed"), go);
    kept.set(`${key}.guess`, String(place));
    tell(place);
  }

  /** Tells the teacher's wall, if this is a pupil of a lesson. @param {number | null} place */
  async function tell(place) {
    try {
      const { nickname } = await classApi.lesson();
      if (nickname) {
        setText(byId("lesson-title"), `${heading} · ${nickname}`);
        await classApi.beAt(number, place);
      }
    } catch {
      // The wall does without: the task does not depend on it.
    }
  }

  store.subscribe(["problem"], () => {
    if (state.problem && state.task?.guess === null) panel.scrollIntoView({ block: "nearest" });
  });
}
