import assert from "node:assert/strict";
import { test } from "node:test";
import {
  cellColours,
  cellWords,
  complaintOf,
  mistakeWords,
  pixelsOf,
  scoreWords,
  sharesOf,
  withArticle,
  wrongWords,
} from "../../../static/mistakes/mistakes.pure.js";
import { DIGITS, datasetWith, frameWith, runWith } from "../examples.js";

/**
 * @import { Mistake, Mistakes } from "../../../static/mistakes/mistakes.pure.js"
 * @import { Theme } from "../../../static/shell/colour.pure.js"
 */

/** @type {Mistakes} */
const MISTAKES = {
  epoch: 3,
  step: 1234,
  examples: 1000,
  right: 916,
  confusion: [
    [3, 2],
    [0, 5],
  ],
  wrong: [],
};

/** @param {number} label @param {number} digit @param {number} confidence @returns {Mistake} */
const mistake = (label, digit, confidence) => ({ index: 0, label, digit, confidence, image: "" });

/** Relative luminance, as WCAG defines it. @param {number[]} rgb */
function luminance(rgb) {
  return rgb
    .map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
}

for (const theme of /** @type {Theme[]} */ (["light", "dark"])) {
  test(`every cell can be read in ${theme}`, () => {
    for (let percent = 0; percent <= 100; percent += 1) {
      const { ground, ink } = cellColours(percent / 100, theme);
      const lights = [
        luminance((ground.match(/\d+/g) ?? []).map(Number)),
        luminance(ink === "#000" ? [0, 0, 0] : [255, 255, 255]),
      ];
      const contrast = (Math.max(...lights) + 0.05) / (Math.min(...lights) + 0.05);
      assert.ok(contrast >= 4.5, `${ink} on ${ground}`);
    }
  });
}

test("a mistake has words", () => {
  assert.equal(mistakeWords(mistake(8, 3, 0.974), DIGITS), "an 8 read as 3, output 0.97");
  const boots = ["boat", "ankle boot"];
  assert.equal(mistakeWords(mistake(1, 0, -1), boots), "an ankle boot read as boat, output −1.00");
  assert.equal(mistakeWords(mistake(7, 2, NaN), boots), "a 7 read as 2, output –");
});

for (const [shown, chosen, words] of /** @type {const} */ ([
  [48, null, "48 of 84, the most confident first; choose one to put it on the pad."],
  [84, null, "84, the most confident first; choose one to put it on the pad."],
  [1, { label: 0, digit: 1 }, "1 of 2, a 0 read as 1."],
  [1, { label: 1, digit: 0 }, "None is a 1 read as 0."],
  [1, { label: 7, digit: 0 }, "None is a 7 read as 0."],
])) {
  test(`what is said above the digits that are read wrong: ${words}`, () => {
    assert.equal(wrongWords(MISTAKES, shown, chosen, DIGITS), words);
  });
}

test("a network that makes no mistake is told so", () => {
  const words = wrongWords({ ...MISTAKES, right: 1000 }, 0, null, DIGITS);
  assert.equal(words, "None: the network reads every test digit correctly.");
});

test("shares are of a row, and of nothing, nothing", () => {
  const shares = sharesOf([
    [3, 1],
    [0, 0],
  ]);
  assert.deepEqual(shares, [
    [0.75, 0.25],
    [0, 0],
  ]);
});

test("names have their article", () => {
  assert.deepEqual(
    ["8", "11", "18", "80", "1", "110", "ankle boot", "Ear", "shirt"].map(withArticle),
    ["an 8", "an 11", "an 18", "an 80", "a 1", "a 110", "an ankle boot", "an Ear", "a shirt"],
  );
});

test("the score stands above the matrix", () => {
  assert.equal(scoreWords(MISTAKES, null), "916 of 1,000 test digits read right after step 1,234.");
  assert.equal(scoreWords(null, null), "The test digits are read when this panel is in view.");
  assert.equal(scoreWords(MISTAKES, "It is gone."), "It is gone.");
});

const DATASETS = [datasetWith(), datasetWith({ name: "mnist", here: false })];
const OF_MNIST = runWith({}, { dataset: "mnist" });
const PRETRAINED = runWith({ pretrained: true }, { dataset: "mnist" });
const PAST = { epoch: 1, frame: frameWith({ epoch: 1, step: 10 }) };
const NO_DIGITS = "There are no test digits. mnist is not here yet: download it first.";

for (const [name, state, complaint] of /** @type {const} */ ([
  ["no run", { run: null, pastEpoch: null, datasets: DATASETS }, null],
  ["a run of digits that are here", { run: runWith(), pastEpoch: null, datasets: DATASETS }, null],
  [
    "a run of digits that are not here",
    { run: OF_MNIST, pastEpoch: null, datasets: DATASETS },
    `${NO_DIGITS} Or train your own network.`,
  ],
  ["digits of which nothing is known yet", { run: OF_MNIST, pastEpoch: null, datasets: [] }, null],
  ["a pretrained network", { run: PRETRAINED, pastEpoch: null, datasets: DATASETS }, null],
  [
    "a pretrained network's past",
    { run: PRETRAINED, pastEpoch: PAST, datasets: DATASETS },
    `${NO_DIGITS} Or press Live.`,
  ],
])) {
  test(`what is missing for the mistakes: ${name}`, () => {
    assert.equal(complaintOf({ ...state, datasets: [...state.datasets] }), complaint);
  });
}

test("a cell says what it counts", () => {
  assert.equal(cellWords(1200, 8, 3, DIGITS), "1,200: an 8 read as 3");
  assert.equal(cellWords(undefined, 0, 1, ["shirt"]), "not known yet: a shirt read as 1");
});

test("a mistake's pixels are bytes", () => {
  const bytes = Uint8Array.of(0, 127, 128, 255);
  assert.deepEqual(pixelsOf(Buffer.from(bytes).toString("base64")), bytes);
});
