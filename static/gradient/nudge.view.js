/** The card for nudging one parameter: the predicted change of the cost and the measured one. */

import { layersOf } from "../network/safetensors.pure.js";
import { countOf, nameOf, namesOf, shapesOf } from "../network/theta.pure.js";
import { byId, setText } from "../shell/dom.js";
import { formatCount, formatFigure, formatSigned } from "../shell/format.pure.js";
import { numberOf, wholeNumberOf } from "../shell/number.pure.js";
import { changesOf, formatChange, pictureOf, whyNotApplied } from "./nudge.pure.js";

/**
 * @import { Nudged } from "./nudge.pure.js"
 * @import { NudgeService } from "./nudge.service.js"
 * @import { Loop } from "../shell/loop.js"
 * @import { Store } from "../shell/state.js"
 */

const PICTURE = { width: 56, height: 30, margin: 4 }; // as in the template

/**
 * @param {Store} store
 * @param {Loop} loop
 * @param {NudgeService} service
 */
export function createNudgeView(store, loop, service) {
  const { state } = store;
  const indexField = byId("nudge-index", HTMLInputElement);
  const amountField = byId("nudge-amount", HTMLInputElement);
  const slider = byId("nudge-slider", HTMLInputElement);
  const applyButton = byId("nudge-apply", HTMLButtonElement);
  let complaint = "";
  let parameters = 0; // of the network that is drawn

  const shapes = () => shapesOf(layersOf(state.frames.weights, "weights"));

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
  slider.addEventListener("input", () => setAmount(Number(slider.value)));
  amountField.addEventListener("input", () => {
    const amount = numberOf(amountField.value);
    if (amount !== null && Number.isFinite(amount)) setAmount(amount);
  });
  amountField.addEventListener("blur", () => loop.request(draw));
  applyButton.addEventListener("click", service.apply);

  /** @param {number} amount */
  function setAmount(amount) {
    store.set({ amount });
  }

  function draw() {
    const { chosen, amount, nudge } = state;
    parameters = countOf(shapes());
    // Leaves a field alone while somebody types in it.
    if (document.activeElement !== indexField)
      indexField.value = chosen === null ? "" : String(chosen);
    if (document.activeElement !== amountField) amountField.value = String(amount);
    slider.value = String(amount);
    setText(
      byId("nudge-name"),
      chosen === null
        ? "Choose a cell, or type its number"
        : nameOf(shapes(), chosen, namesOf(state)),
    );
    drawCosts(state.pastEpoch ? null : nudge.answer);
    const whyNot = whyNotApplied(state);
    applyButton.disabled = chosen === null || amount === 0 || nudge.applying || whyNot !== null;
    indexField.setAttribute("aria-invalid", String(complaint !== ""));
    const bad = complaint || nudge.problem;
    byId("nudge-message").classList.toggle("nudge-problem", Boolean(bad));
    setText(byId("nudge-message"), bad || appliedText() || (chosen === null ? "" : whyNot) || "");
  }

  /** @param {Nudged | null} answer */
  function drawCosts(answer) {
    const { predicted, measured } = changesOf(answer);
    setText(byId("nudge-cost"), formatFigure(answer?.cost));
    setText(byId("nudge-predicted"), formatChange(predicted));
    setText(byId("nudge-measured"), formatChange(measured));
    const picture = answer && pictureOf(answer, state.nudge.samples, PICTURE);
    byId("nudge-picture", SVGElement).classList.toggle("nudge-picture-empty", !picture);
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

  function appliedText() {
    const { applied, applying } = state.nudge;
    if (applying) return "Applying it…";
    if (!applied) return "";
    return `Nudged by ${formatSigned(applied.amount)}: the cost changed by ${formatChange(changesOf(applied).measured)}.`;
  }

  store.subscribe(["chosen", "amount", "nudge", "run", "pastEpoch", "connection"], () =>
    loop.request(draw),
  );
  store.subscribe(["frames"], () => {
    if (parameters !== countOf(shapes())) loop.request(draw);
  });
  loop.request(draw);
}
