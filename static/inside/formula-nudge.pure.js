/** The formula of the nudge. */

import { formatFigure } from "../shell/format.pure.js";
import { markOf } from "./names.pure.js";
import { figure, letter, plainText } from "./terms.pure.js";
import { neuronWords, numbersOf, parameterOf } from "./walk.pure.js";

/**
 * @import { Pointed } from "../network/neuron.pure.js"
 * @import { Formula } from "./terms.pure.js"
 * @import { Walk } from "./walk.pure.js"
 */

/** θ after the nudge, of one parameter. @param {Walk} walk @param {Pointed} followed @returns {Formula} */
export function nudge(walk, followed) {
  const { layer, neuron, cell } = followed;
  const { value, slope, index } = parameterOf(walk, followed);
  const kind = cell === null ? "biases" : "weights";
  const marks = {
    before: markOf(`${kind}.${layer}`, neuron, cell),
    slope: markOf("gradient.theta", index),
    after: markOf("parameters.theta", index),
  };
  const sub = index.toLocaleString("en");
  const what = cell === null ? "The bias" : `The weight from ${neuronWords(walk, layer - 1, cell)}`;
  return {
    title: `${what} ${cell === null ? "of" : "to"} ${neuronWords(walk, layer, neuron)}`,
    rule: [
      letter("θ", sub, marks.after),
      plainText(" ← "),
      letter("θ", sub, marks.before),
      plainText(" − rate · "),
      letter("∂C/∂θ", sub, marks.slope),
    ],
    rows: [
      { label: "as it was", parts: [figure(value, marks.before)], value },
      {
        label: "the nudge",
        parts: [plainText(`−${formatFigure(walk.rate)} · `), figure(slope, marks.slope)],
        value: -walk.rate * slope,
      },
    ],
    rest: null,
    result: [letter("θ", sub, marks.after)],
    value: value - walk.rate * slope,
    words: `All ${numbersOf(walk, "gradient.theta").length.toLocaleString("en")} parameters are nudged at once, each against its own slope: so this image’s cost becomes smaller, unless the step is too long. The rate is the learning rate that this run has, or was trained with: ${formatFigure(walk.rate)}. The one shown is parameter ${sub} of θ, counted from 0.`,
  };
}
