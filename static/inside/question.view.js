/**
 * Ask me first: a question before a step is shown; it can be answered or skipped. Who asks for it gets
 * the first one at once, or is told where it will come.
 */

import { byId, make, setText } from "../shell/dom.js";
import { goTo } from "./inside.state.js";
import { nextAsked, questionOf } from "./question.pure.js";

/**
 * @import { Loop } from "../shell/loop.js"
 * @import { InsideStore } from "./inside.state.js"
 */

/**
 * @param {InsideStore} own
 * @param {Loop} loop
 * @returns {{ on: () => void }} what steps on: it asks first if that is wanted
 */
export function createQuestionView(own, loop) {
  const { state } = own;
  const card = byId("inside-question");
  const choices = byId("inside-choices");

  byId("inside-skip").addEventListener("click", () => answer(null));

  /** The question before the next step, if there is one. */
  const next = () => state.walk && questionOf(state.walk, state.step + 1, state.path);

  function on() {
    const { step, asks, question } = state;
    const coming = asks && !question ? next() : null;
    if (question) answer(null);
    else if (coming) own.set({ question: coming, answer: "" });
    else goTo(own, step + 1);
  }

  function begin() {
    const { asks, walk, step, path } = state;
    const question = asks ? next() : null;
    const answer = asks && walk && !question ? whereAsked(nextAsked(walk, step, path)) : "";
    own.set({ question, answer });
  }

  /** @param {number | null} step */
  const whereAsked = (step) =>
    step === null
      ? "No step is left to ask about: go back to an earlier one, and step on from there."
      : `The first question will come here, before step ${step + 1}.`;

  /** Shows the step, and what is true. @param {number | null} choice null: skipped */
  function answer(choice) {
    const { question, step } = state;
    if (!question) return;
    const hadFocus = card.contains(document.activeElement);
    goTo(own, step + 1);
    const said = choice === null ? "" : `You said: ${question.choices[choice]}. `;
    own.set({ answer: `${said}${question.truth}` });
    if (hadFocus) byId("inside-on").focus();
  }

  function draw() {
    const { question, answer: words } = state;
    card.hidden = question === null;
    setText(byId("inside-answer"), words);
    byId("inside-answer").hidden = words === "";
    if (!question) return;
    setText(byId("inside-question-words"), question.words);
    choices.replaceChildren(
      ...question.choices.map((choice, i) => {
        const button = make("button", "small", choice);
        button.type = "button";
        button.dataset.testid = "inside-choice";
        button.addEventListener("click", () => answer(i));
        return button;
      }),
    );
    byId("inside-question-words").focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest" }); // on a phone it is further down
  }

  own.subscribe(["asks"], begin);
  own.subscribe(["question", "answer"], () => loop.request(draw));
  return { on };
}
