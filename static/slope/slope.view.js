/**
 * The cost along a line through θ. Nobody has chosen a parameter: along −∇C, over the learning rate.
 * One is chosen: along that parameter, where it can be dragged.
 */

import { layersOf } from "../network/safetensors.pure.js";
import { countOf, nameOf, namesOf, shapesOf } from "../network/theta.pure.js";
import { isTraining } from "../runs/run.pure.js";
import { byId, setText } from "../shell/dom.js";
import { formatCount, formatFigure, formatSigned } from "../shell/format.pure.js";
import { numberOf, wholeNumberOf } from "../shell/number.pure.js";
import { frameShown } from "../shell/state.js";
import { changesOf, formatChange, REACH, reachFor, whyNotApplied } from "./nudge.pure.js";
import {
  costAt,
  descentWords,
  finite,
  lineOfDescent,
  lowestWords,
  pictureOf,
} from "./slope.pure.js";

/**
 * @import { Line } from "./slope.pure.js"
 * @import { NudgeService } from "./nudge.service.js"
 * @import { Loop } from "../shell/loop.js"
 * @import { Store } from "../shell/state.js"
 */

const FAST =
  "At 20 steps a second or fewer, this shows the cost along each step. Pause to see it now.";

/**
 * @param {Store} store
 * @param {Loop} loop
 * @param {NudgeService} service
 */
export function createSlopeView(store, loop, service) {
  const { state } = store;
  const indexField = byId("nudge-index", HTMLInputElement);
  const amountField = byId("nudge-amount", HTMLInputElement);
  const slider = byId("nudge-slider", HTMLInputElement);
  const applyButton = byId("nudge-apply", HTMLButtonElement);
  const undoButton = byId("nudge-undo");
  const plot = byId("slope-plot");
  let complaint = "";

  const shapes = () => shapesOf(layersOf(frameShown(state, "weights"), "weights"));

  indexField.addEventListener("input", () => {
    const text = indexField.value;
    const index = wholeNumberOf(text) ?? -1;
    const count = countOf(shapes());
    const fits = Number.isInteger(index) && index >= 0 && index < count;
    complaint =
      fits || text.trim() === ""
        ? ""
        : `Parameters are numbered from 0 to ${formatCount(count - 1)}.`;
    if (fits) store.set({ chosen: index });
    loop.request(draw);
  });
  indexField.addEventListener("blur", () => {
    complaint = "";
    loop.request(draw);
  });
  slider.addEventListener("input", () => store.set({ amount: rounded(Number(slider.value)) }));
  slider.addEventListener("change", () => {
    // It grows where the hand has come to the end; it would shrink under the hand.
    store.set({ reach: Math.max(state.reach, reachFor(state.reach, state.amount)) });
  });
  amountField.addEventListener("input", () => {
    const amount = numberOf(amountField.value);
    if (amount === null || !Number.isFinite(amount) || Math.abs(amount) > REACH.most) return;
    store.set({ amount, reach: reachFor(state.reach, amount) });
  });
  amountField.addEventListener("blur", () => loop.request(draw));
  applyButton.addEventListener("click", service.apply);
  undoButton.addEventListener("click", service.undo);
  byId("slope-all").addEventListener("click", () => {
    store.set({ chosen: null });
    indexField.focus();
  });

  /** A hundredth of the reach is as fine as anybody drags. @param {number} amount */
  const rounded = (amount) => Number(amount.toPrecision(3));

  function draw() {
    const isNudge = state.chosen !== null;
    byId("slope-all").hidden = !isNudge;
    byId("nudge-line").hidden = !isNudge;
    slider.hidden = !isNudge;
    undoButton.hidden = !isNudge || state.changes.length === 0 || whyNotApplied(state) !== null;
    // Leaves a field alone while somebody types in it.
    if (document.activeElement !== indexField) indexField.value = String(state.chosen ?? "");
    if (document.activeElement !== amountField) amountField.value = String(state.amount);
    indexField.placeholder = `of ${formatCount(countOf(shapes()))}`;
    indexField.setAttribute("aria-invalid", String(complaint !== ""));
    if (isNudge) drawNudge(Number(state.chosen));
    else drawDescent();
  }

  function drawDescent() {
    const descent = state.measured?.descent ?? frameShown(state, "weights")?.descent ?? null;
    const isOfStep = descent !== null && "after" in descent;
    const optimizer = String(state.run?.spec.optimizer);
    const isSgd = optimizer === "sgd";
    setText(byId("slope-title"), isOfStep && !isSgd ? "Along this step" : "Downhill, along −∇C");
    drawLine(descent && lineOfDescent(descent));
    setText(byId("slope-empty"), descent ? "" : isTraining(state.run) ? FAST : "");
    setText(byId("slope-axis-name"), descent ? "learning rate" : "");
    const words =
      descent && (isOfStep || isSgd ? descentWords(descent) : lowestWords(descent, optimizer));
    setText(byId("slope-words"), words ?? "");
    tell(complaint);
  }

  /** @param {number} chosen */
  function drawNudge(chosen) {
    const { amount, reach, nudge } = state;
    setText(byId("slope-title"), nameOf(shapes(), chosen, namesOf(state)));
    slider.min = String(-reach);
    slider.max = String(reach);
    slider.value = String(amount);
    slider.setAttribute("aria-valuetext", formatSigned(amount));
    const { answer } = nudge;
    /** @type {Line | null} */
    const line = answer?.curve ? { points: answer.curve, slope: answer.slope, at: amount } : null;
    drawLine(line);
    setText(byId("slope-empty"), "");
    setText(byId("slope-axis-name"), "amount");
    const { predicted, measured } = changesOf(atAmount());
    setText(byId("nudge-cost"), formatFigure(answer?.cost));
    setText(byId("nudge-predicted"), formatChange(predicted));
    setText(byId("nudge-measured"), formatChange(measured));
    const slope = answer ? `∂C/∂θ = ${formatSigned(answer.slope)}` : "";
    const batch = answer ? ` over ${formatCount(answer.examples)} digits. Drag the point.` : "";
    setText(byId("slope-words"), answer ? `${slope}${batch}` : "");
    const whyNot = whyNotApplied(state);
    applyButton.disabled = amount === 0 || nudge.applying || whyNot !== null;
    tell(complaint || nudge.problem, appliedText() || whyNot || "");
  }

  /** The answer for the amount as it is now; between two answers the curve gives one. */
  function atAmount() {
    const { answer } = state.nudge;
    const { amount } = state;
    if (!answer || answer.amount === amount || answer.cost === null) return answer;
    const points = finite(answer.curve ?? []);
    const predicted = answer.slope === null ? null : answer.cost + amount * answer.slope;
    return { ...answer, amount, predicted, measured: costAt(points, amount) };
  }

  /** @param {Line | null} line */
  function drawLine(line) {
    const size = { width: plot.clientWidth, height: plot.clientHeight };
    const picture = line && size.width > 0 ? pictureOf(line, size) : null;
    byId("nudge-picture", SVGElement).classList.toggle("slope-picture-empty", !picture);
    const ends = picture && line ? [line.points[0][0], line.points[line.points.length - 1][0]] : [];
    setText(byId("slope-from"), ends.length ? formatFigure(ends[0], 2) : "");
    setText(byId("slope-to"), ends.length ? formatFigure(ends[1], 2) : "");
    setText(byId("slope-high"), picture ? formatFigure(picture.high[1]) : "");
    setText(byId("slope-low"), picture ? formatFigure(picture.low[1]) : "");
    if (picture && ends.length) {
      // Each stands on the side where its point is not.
      const middle = (ends[0] + ends[1]) / 2;
      byId("slope-high").classList.toggle("right", picture.high[0] < middle);
      byId("slope-low").classList.toggle("right", picture.low[0] < middle);
    }
    if (!picture) return;
    byId("nudge-tangent", SVGElement).setAttribute("d", picture.tangent);
    byId("nudge-curve", SVGElement).setAttribute("d", picture.curve);
    placeDot(byId("nudge-origin", SVGElement), picture.origin);
    placeDot(byId("nudge-point", SVGElement), picture.point);
  }

  /** @param {Element} dot @param {number[]} place */
  function placeDot(dot, [x, y]) {
    dot.setAttribute("cx", x.toFixed(1));
    dot.setAttribute("cy", y.toFixed(1));
  }

  /** @param {string | null} problem @param {string} [words] */
  function tell(problem, words = "") {
    byId("nudge-message").classList.toggle("nudge-problem", Boolean(problem));
    setText(byId("nudge-message"), problem || words);
  }

  function appliedText() {
    const { applied, applying } = state.nudge;
    if (applying) return "Applying it…";
    if (!applied) return "";
    return `Nudged by ${formatSigned(applied.amount)}: the cost changed by ${formatChange(changesOf(applied).measured)}.`;
  }

  new ResizeObserver(() => loop.request(draw)).observe(plot);
  store.subscribe(
    [
      "chosen",
      "amount",
      "reach",
      "nudge",
      "changes",
      "run",
      "pastEpoch",
      "connection",
      "measured",
      "frames",
    ],
    () => loop.request(draw),
  );
  loop.request(draw);
}
