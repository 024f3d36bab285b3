import assert from "node:assert/strict";
import { test } from "node:test";
import { captionOf } from "../../../static/network/captions.pure.js";

/**
 * @import { Show } from "../../../static/network/captions.pure.js"
 * @import { Prediction } from "../../../static/pad/prediction.pure.js"
 * @import { PastEpoch } from "../../../static/timeline/timeline.pure.js"
 */

/** @type {Prediction} */
const READ = { digit: 7, confidence: 1, outputs: [], activations: [], image: [] };
/** @type {PastEpoch} */
const PAST = { epoch: 3, frame: { epoch: 3, step: 30, tensors: new Map() } };

for (const [show, drawn, past, hasGradient, hasHidden, words] of /** @type {[Show, boolean, boolean,
  boolean, boolean, RegExp][]} */ ([
  [
    "weights",
    false,
    false,
    true,
    true,
    /neuron of layer 1: .* pixel\. Ink on blue .* lowers it\. Each line between/,
  ],
  ["weights", true, false, true, true, /neuron of layer 1: .* pixel\. Your drawing flows through/],
  ["weights", true, false, true, false, /one output: .* pixel\. Ink on blue .* lowers it\.$/],
  ["gradient", false, false, true, true, /^The nudge that the next step makes, −∇C/],
  ["gradient", false, false, false, true, /^There is no gradient yet/],
  ["gradient", false, true, false, true, /^The gradient of past epochs is not kept/],
  ["activations", true, false, true, true, /^The effect of your drawing/],
  ["activations", false, false, true, true, /^Draw a digit first/],
])) {
  test(`the caption of ${show} says: ${words.source}`, () => {
    const state = { show, pastEpoch: past ? PAST : null, prediction: drawn ? READ : null };
    assert.match(captionOf(state, hasGradient, hasHidden), words);
  });
}
