/** What an epoch of a run is, in its own numbers. */

import { findDataset } from "../datasets/datasets.pure.js";
import { isPretrained, isSomebodyElses, isSteered, isTraining } from "../runs/run.pure.js";
import { formatCount, formatFigure, formatShare } from "../shell/format.pure.js";

/**
 * @import { Dataset } from "../datasets/datasets.pure.js"
 * @import { Epoch } from "../runs/epochs.pure.js"
 * @import { Run } from "../runs/run.pure.js"
 */

/** How many images a run trains on. @param {Run} run @param {Dataset[]} datasets @returns {number | null} null: not known */
function trainingImages({ spec }, datasets) {
  const all = findDataset(datasets, String(spec.dataset))?.training_examples ?? null;
  if (all === null || spec.extra_dataset) return null;
  return Math.min(Number(spec.train_examples ?? all), all);
}

/** @param {Run} run @param {Dataset[]} datasets */
export function epochWords(run, datasets) {
  const { spec } = run;
  const images = trainingImages(run, datasets);
  const size = spec.batch_size === "full" ? images : Number(spec.batch_size);
  const nudged = `Each step nudges all ${formatCount(run.parameters)} parameters with the mean gradient of its own batch.`;
  const after =
    "Then every training image has been used once: the epoch is over, and the test images are read, from which nothing is learned.";
  if (isPretrained(run)) return `${pretrainedWords(run)} ${nudged} ${after}`;
  if (images === null || size === null)
    return `One such step with each batch of the training set is an epoch. ${nudged} ${after}`;
  const steps = Math.ceil(images / size);
  if (steps === 1)
    return `This run’s batch is its whole training set, ${formatCount(images)} images, so an epoch is a single step. ${nudged} ${after}`;
  const isEven = images % size === 0;
  const exact = isEven ? "" : `${formatFigure(images / size, 4)}, so `;
  const sum = `${formatCount(images)} ÷ ${formatCount(size)} = ${exact}${formatCount(steps)}`;
  const last = isEven ? "" : " (the last one has fewer)";
  return `This run has ${formatCount(images)} training images and a batch size of ${formatCount(size)}. ${sum} steps are an epoch, each with other images${last}. ${nudged} ${after}`;
}

/**
 * Not the data set's size ÷ the batch's: it learned from drawings of the digits, too, and without
 * those that were kept for choosing it.
 * @param {Run} run
 */
function pretrainedWords({ spec, step, epoch }) {
  const sum = `${formatCount(step)} ÷ ${formatCount(epoch)} = ${formatCount(step / epoch)}`;
  return `This network was trained for ${formatCount(epoch)} epochs of digits and of drawings of them, in batches of ${formatCount(Number(spec.batch_size))}. It made ${formatCount(step)} steps: ${sum} steps are an epoch, each with other images.`;
}

/** Whether single steps of the run can be made. @param {Run | null} run */
export const canStep = (run) => isSteered(run) && run?.status === "paused";

/** Why they can't, and what to do. @param {Run} run */
export function whyNoStep(run) {
  if (isSomebodyElses(run))
    return "This run is somebody else’s. Of your own you can make single steps here.";
  if (isTraining(run)) return "It trains now. Pause it, and you can make single steps here.";
  return "To make an epoch step by step, train a network of your own and pause it.";
}

/** What an epoch has come to. @param {Epoch} epoch */
export function endWords({ epoch, cost, test_cost, test_accuracy }) {
  const tested =
    test_cost === null
      ? ""
      : `, and ${formatFigure(test_cost)} of the test images, of which it reads ${formatShare(test_accuracy)} right`;
  return `Epoch ${formatCount(epoch)} is over. The mean cost was ${formatFigure(cost)} in its batches${tested}.`;
}
