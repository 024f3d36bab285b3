/** The source: the function that runs, its comments as prose, its line that has just run. */

import { byId, make, setText } from "../shell/dom.js";
import { otherwiseWords } from "./functions.pure.js";
import { goTo } from "./inside.state.js";
import { followMarks, lightMarks, setMark } from "./marks.js";
import { markOf, tensorOf } from "./names.pure.js";
import { blocksOf, functionAt, notTaken, tokensOf } from "./source.pure.js";
import { roundsOf } from "./steps.pure.js";

/**
 * @import { Loop } from "../shell/loop.js"
 * @import { InsideStore } from "./inside.state.js"
 * @import { Block, Code } from "./source.pure.js"
 * @import { Walk } from "./walk.pure.js"
 */

/** @param {InsideStore} own @param {Loop} loop */
export function createSourceView(own, loop) {
  const { state } = own;
  const box = byId("inside-source");
  /** @type {Walk | null} */
  let walk = null;
  let shown = ""; // the function
  let now = 0; // the line that has just run
  /** @type {Map<number, HTMLElement>} the elements of the lines of code */
  let lines = new Map();

  followMarks(box, own);
  box.addEventListener("click", ({ target }) => {
    const line = target instanceof Element ? target.closest("button") : null;
    if (line) goTo(own, stepAt(Number(line.dataset.line)));
  });

  /** The step that a line means: in the round that is shown, or else the next one. @param {number} line */
  function stepAt(line) {
    if (!walk) return 0;
    const rounds = roundsOf(walk);
    const steps = walk.steps.flatMap((step, i) => (step.line === line ? [i] : []));
    const same = steps.find((step) => rounds[step] === rounds[state.step]);
    return same ?? steps.find((step) => step > state.step) ?? steps[0] ?? state.step;
  }

  function draw() {
    if (!state.walk) return;
    const { line } = state.walk.steps[state.step];
    const part = functionAt(state.walk.source.text, line);
    if (
      walk?.source.sha256 !== state.walk.source.sha256 ||
      shown !== part.name ||
      walk !== state.walk
    ) {
      walk = state.walk;
      shown = part.name;
      build(blocksOf(walk.source.text, part));
    }
    for (const [number, element] of lines) {
      const isNow = number === line;
      if (isNow) element.setAttribute("aria-current", "step");
      else element.removeAttribute("aria-current");
      markNames(element, isNow);
    }
    const words = otherwiseWords(walk);
    setText(byId("inside-otherwise"), words);
    byId("inside-otherwise").hidden = words === "";
    setText(byId("inside-file"), `${walk.source.file}, line ${line}`);
    now = line;
    bringIntoView(lines.get(line));
    light();
  }

  /** @param {Block[]} blocks */
  function build(blocks) {
    const steps = walk?.steps ?? [];
    const skipped = notTaken(blocks, steps);
    const clickable = new Set(steps.map(({ line }) => line));
    lines = new Map();
    const elements = blocks.map((block) => {
      const element =
        block.kind === "prose"
          ? prose(block.paragraphs)
          : lineOf(block, clickable.has(block.line), skipped.has(block.line));
      element.style.setProperty("--indent", String(block.indent));
      element.classList.toggle("skipped", skipped.has(block.line));
      if (block.kind === "code") lines.set(block.line, element);
      return element;
    });
    box.replaceChildren(...elements);
    box.scrollTop = 0;
  }

  /** @param {Code} code @param {boolean} isStep @param {boolean} isSkipped */
  function lineOf({ line, text, remark }, isStep, isSkipped) {
    const element = isStep ? make("button", "inside-line") : make("p", "inside-line");
    if (element instanceof HTMLButtonElement) element.type = "button";
    element.dataset.line = String(line);
    element.append(
      ...tokensOf(text).map((token) => {
        const piece = make("span", token.name ? "name" : "", token.text);
        if (token.name) piece.dataset.name = token.name;
        if (token.index !== null) piece.dataset.index = token.index;
        return piece;
      }),
    );
    const isBranch = isSkipped && text.endsWith(":");
    const words = isBranch ? "not for this network" : remark;
    if (words) element.append(make("span", "remark", words));
    return element;
  }

  /** The names of the line that runs stand for arrays. @param {HTMLElement} line @param {boolean} isNow */
  function markNames(line, isNow) {
    for (const piece of line.querySelectorAll("[data-name]")) {
      if (!(piece instanceof HTMLElement) || !walk) continue;
      const { name = null, index = null } = piece.dataset;
      const token = { text: "", name, index };
      const tensor = isNow ? tensorOf(walk, state.step, token) : null;
      setMark(piece, tensor === null ? null : markOf(tensor));
      if (!isNow) piece.classList.remove("lit");
    }
  }

  /** @param {HTMLElement | undefined} line */
  function bringIntoView(line) {
    if (!line || box.scrollHeight <= box.clientHeight) return;
    const top = line.offsetTop;
    const isSeen =
      top >= box.scrollTop + 8 && top + line.offsetHeight + 8 <= box.scrollTop + box.clientHeight;
    if (isSeen) return;
    // Nothing is cut at the upper edge: it is where a line or a comment begins that leaves room for this one.
    const wanted = top - 0.45 * box.clientHeight;
    const room = top + line.offsetHeight + 8 - box.clientHeight;
    const tops = Array.from(box.children, (one) =>
      one instanceof HTMLElement ? one.offsetTop : 0,
    );
    const before = tops.findLast((each) => each <= wanted && each >= room);
    box.scrollTop = before ?? tops.find((each) => each >= wanted) ?? top;
  }

  const light = () => lightMarks(box, state.hovered);
  new ResizeObserver(() => bringIntoView(lines.get(now))).observe(box);
  own.subscribe(["walk", "step"], () => loop.request(draw));
  own.subscribe(["hovered"], () => loop.request(light));
}

/** Words between pairs of backticks are code. @param {string[]} paragraphs */
function prose(paragraphs) {
  const element = make("div", "inside-prose");
  for (const paragraph of paragraphs) {
    const p = make("p");
    p.append(...paragraph.split("``").map((words, i) => (i % 2 ? make("code", "", words) : words)));
    element.append(p);
  }
  return element;
}
