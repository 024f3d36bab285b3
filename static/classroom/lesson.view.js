/** What the teacher does with all: the code, pause all, send something; and how the class is doing. */

import { queryOf } from "../form/address.pure.js";
import { startTexts } from "../form/form.pure.js";
import { PRESETS, textsOfPreset } from "../form/presets.pure.js";
import { TASKS } from "../lesson/tasks.pure.js";
import { classApi } from "../shell/class-api.js";
import { byId, make, setText } from "../shell/dom.js";
import { belowRoot } from "../shell/root.js";
import { addressOf } from "./address.js";
import { paintAll } from "./pictures.view.js";
import { countOf, newestGuessed, revealWords, tasksLine } from "./wall.pure.js";

/**
 * @import { Theme } from "../shell/colour.pure.js"
 * @import { ClassroomPage } from "../shell/page.js"
 * @import { Guesses, News, WallRun } from "./wall.pure.js"
 */

/**
 * @param {ClassroomPage} page
 * @param {(command: () => Promise<unknown>) => Promise<void>} perform shows what goes wrong
 */
export function createLesson(page, perform) {
  const reason = byId("reason", HTMLInputElement);
  const pauseAll = byId("pause-all", HTMLButtonElement);
  const text = byId("send-text", HTMLInputElement);
  const link = byId("send-link", HTMLInputElement);
  const preset = byId("send-preset", HTMLSelectElement);
  /** @type {string | null} */
  let held = null;
  let revealed = 0; // the guesses of tasks up to this one are shown: late ones would copy
  /** @type {Guesses} */
  let guesses = {};

  for (const [name, { title }] of Object.entries(PRESETS)) preset.append(new Option(title, name));
  for (const { number, title } of TASKS)
    preset.append(new Option(`task ${number}: ${title}`, `task ${number}`));

  byId("hold").addEventListener("submit", (event) => {
    event.preventDefault();
    const wanted = held === null ? reason.value.trim() || "one moment, please" : null;
    perform(async () => showHeld((await classApi.hold(wanted)).reason));
  });
  preset.addEventListener("change", () => {
    if (preset.value.startsWith("task ")) link.value = `/?lesson=${preset.value.slice(5)}`;
    else if (preset.value) {
      const start = startTexts(page);
      link.value = `/${queryOf(textsOfPreset(preset.value, start), start)}`;
    }
  });
  byId("send").addEventListener("submit", (event) => {
    event.preventDefault();
    perform(() => classApi.sendToAll({ text: text.value.trim(), link: linkOf(link.value.trim()) }));
  });
  byId("send-none").addEventListener("click", () =>
    perform(() => classApi.sendToAll({ text: "", link: null })),
  );
  const reveal = byId("reveal", HTMLButtonElement);
  reveal.addEventListener("click", () => {
    const newest = newestGuessed(guesses);
    revealed = revealed < newest ? newest : 0;
    drawGuesses();
  });
  byId("end-lesson").addEventListener("click", () => {
    if (confirm("End the lesson? Nicknames and guesses are forgotten, and the code changes."))
      perform(classApi.endLesson);
  });

  /** An address of this server's, as it was pasted, below its root. @param {string} typed */
  function linkOf(typed) {
    if (!typed) return null;
    if (!typed.startsWith(location.origin)) return typed;
    const { pathname, search } = new URL(typed);
    return belowRoot(pathname) + search;
  }

  /** @param {string | null} why all runs are paused, if they are */
  function showHeld(why) {
    held = why;
    setText(pauseAll, held === null ? "Pause all" : "Let all go on");
    pauseAll.setAttribute("aria-pressed", String(held !== null));
    reason.disabled = held !== null;
  }

  /** @param {News} news */
  function hear(news) {
    showHeld(news.held);
    setText(byId("code"), news.code);
    setText(byId("join-address"), `${addressOf(page).replace(/^https?:[/][/]/, "")}class`);
    byId("send-none").hidden = news.sent === null;
    setText(byId("tasks"), tasksLine(news.pupils));
    guesses = news.guesses;
    drawGuesses();
  }

  /** A bar for each answer, once the teacher shows them. */
  function drawGuesses() {
    const newest = newestGuessed(guesses);
    reveal.hidden = newest === 0;
    setText(reveal, revealWords(guesses, revealed));
    const told = TASKS.filter(({ number }) => guesses[number] && number <= revealed);
    const made = told.map(({ number, question, answers }) => {
      const figure = make("figure", "guesses");
      figure.append(make("figcaption", "", `Task ${number}: ${question}`));
      const all = countOf(guesses, number);
      answers.forEach((answer, place) => {
        const count = guesses[number][place] ?? 0;
        const row = make("p", "guess");
        const bar = make("span", "guess-bar");
        bar.style.width = `${(100 * count) / all}%`;
        row.append(make("span", "guess-words", `${answer}: ${count}`), bar);
        figure.append(row);
      });
      return figure;
    });
    byId("guesses").replaceChildren(...made);
  }

  return {
    hear,
    /** @param {WallRun[]} runs @param {Theme} theme */
    drawChart(runs, theme) {
      const drawn = runs.filter((run) => run.curve.length > 0);
      byId("everybody").hidden = drawn.length === 0;
      paintAll(byId("everybody-chart", HTMLCanvasElement), drawn, theme);
    },
  };
}
