/** What the tour's texts say of the network that is open. They are loaded with the tour. */

import { imagesOf } from "../runs/images.pure.js";
import { isPretrained } from "../runs/run.pure.js";
import { formatCount, formatFigure } from "../shell/format.pure.js";

/** @import { Run } from "../runs/run.pure.js" */

/** What the cost of a network looks at. @param {Run | null} run */
function costWords(run) {
  if (run?.spec.cost === "squared-error")
    return "It adds up the squares of how far each output is from that.";
  return (run?.spec.output ?? "softmax") === "softmax"
    ? "Here the outputs are probabilities that add up to 1, so it looks at one of them alone, that of the right class: C = −ln a."
    : "It has a term for each output: −ln a where it should be 1, −ln(1 − a) where it should be 0.";
}

/** Whose learning rate the point on the curve is. @param {Run | null} run */
function pointWords(run) {
  if (!run) return "";
  const { optimizer, learning_rate } = run.spec;
  if (isPretrained(run))
    return `The point is the rate that this network’s training began with, ${formatFigure(Number(learning_rate))} by ${optimizer}; the rate in the form is for your own.`;
  return optimizer === "sgd"
    ? "The point is the rate of this run."
    : `The point is the rate of this run, whose steps, by ${optimizer}, are others.`;
}

/** What the line of the training cost is, and why it may lie above that of the test images. @param {Run | null} run */
function trainingLineWords(run) {
  const mean = "The solid one is the mean while each epoch went on";
  if (!run) return `${mean}.`;
  const { augment, dropout } = run.spec;
  if (isPretrained(run)) {
    // As nn_core/pretrained/recipe.py made them.
    const harder =
      run.id === "pretrained"
        ? "also of digits drawn again, which are harder, and against a larger network’s answers"
        : "of digits turned, moved and drawn again, which are harder";
    return `${mean}, here ${harder}: so it lies higher.`;
  }
  const changes = [augment && "with images changed a little", dropout && "with neurons left out"];
  const harder = changes.filter(Boolean).join(" and ");
  return harder ? `${mean}, ${harder}: so it may lie higher.` : `${mean}.`;
}

/**
 * A text of a lesson with what is so of the network that is open.
 * @param {string} text with names in braces
 * @param {Run | null} run
 * @returns {string}
 */
export function filledIn(text, run) {
  const { shape, class_names } = imagesOf(run);
  const [rows, columns] = shape;
  /** @type {Record<string, string>} */
  const words = {
    parameters: formatCount(run?.parameters ?? 13_002),
    pixels: formatCount(rows * columns),
    rows: formatCount(rows),
    columns: formatCount(columns),
    outputs: formatCount(class_names.length),
    cost: costWords(run),
    point: pointWords(run),
    solid: trainingLineWords(run),
  };
  return text.replace(/\{(\w+)\}/g, (_, name) => words[name]);
}
