import assert from "node:assert/strict";
import { test } from "node:test";
import { captionOf } from "../../../static/network/captions.pure.js";
import { frameWith } from "../examples.js";

/**
 * @import { Show } from "../../../static/network/captions.pure.js"
 * @import { Prediction } from "../../../static/pad/prediction.pure.js"
 * @import { PastEpoch } from "../../../static/timeline/timeline.pure.js"
 */

/** @type {Prediction} */
const READ = { digit: 7, confidence: 1, outputs: [], activations: [], image: [] };
/** @type {PastEpoch} */
const PAST = { epoch: 3, frame: frameWith() };

for (const [show, drawn, past, hasGradient, hasHidden, words] of /** @type {[Show, boolean, boolean,
  boolean, boolean, RegExp][]} */ ([
  ["weights", false, false, true, true, /neuron of layer 1: .* pixel\. Ink on blue .* lowers it\./],
  ["weights", true, false, true, true, /neuron of layer 1: .* pixel\. The more violet/],
  ["weights", false, false, true, false, /one output: .* pixel\. Ink on blue .* lowers it\.$/],
  ["gradient", false, false, true, true, /−∇C: blue parameters are to grow/],
  ["gradient", false, false, false, true, /^There is no gradient yet/],
  ["gradient", false, true, false, true, /on its way/],
  ["activations", true, false, true, true, /^Pixel × weight/],
  ["activations", false, false, true, true, /^Draw a digit first/],
])) {
  test(`the caption of ${show} says: ${words.source}`, () => {
    const state = {
      show,
      story: null,
      pastEpoch: past ? PAST : null,
      prediction: drawn ? READ : null,
    };
    assert.match(captionOf(state, hasGradient, hasHidden), words);
  });
}
