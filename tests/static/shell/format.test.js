import assert from "node:assert/strict";
import { test } from "node:test";
import {
  formatCount,
  formatFigure,
  formatMegabytes,
  formatShare,
  formatShort,
  formatSigned,
  ordinal,
} from "../../../static/shell/format.pure.js";
import { generator } from "../random.js";

for (const [value, text] of /** @type {[number, string][]} */ ([
  [0, "0.00"],
  [-12.345, "−12.35"],
  [393.4, "393"],
  [-393024, "−4·10⁵"],
  [1e32, "1·10³²"],
  [Infinity, "–"],
])) {
  test(`${value} is written ${text} where there is little room`, () => {
    assert.equal(formatShort(value), text);
  });
}

for (const [value, text] of /** @type {[number | null | undefined, string][]} */ ([
  [0, "0"],
  [1, "1.00"],
  [-0.5, "−0.500"],
  [0.0123456, "0.0123"],
  [1234.5, "1,235"],
  [0.9996, "1.00"],
  [9.996, "10.0"],
  [999.4, "999"],
  [999.5, "1,000"],
  [0.00001234, "1.2·10⁻⁵"],
  [-2.5e9, "−2.5·10⁹"],
  [null, "–"],
  [NaN, "–"],
  [undefined, "–"],
  [-Infinity, "–"],
])) {
  test(`the figure ${value} is written ${text}`, () => {
    assert.equal(formatFigure(value), text);
  });
}

test("figures may have fewer digits", () => {
  assert.deepEqual(
    [0.5, 12.3, 100, 0.00002].map((value) => formatFigure(value, 1)),
    ["0.5", "12", "100", "2·10⁻⁵"],
  );
});

test("any figure can be read back, but for what was rounded off", () => {
  /** @param {string} text */
  const read = (text) => {
    const plain = text.replace("−", "-").replaceAll(",", "").replace("·10", "e");
    return Number(
      plain.replace(/[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]/g, (sign) => "-0123456789"["⁻⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(sign)]),
    );
  };
  const random = generator(3);
  for (let i = 0; i < 1000; i += 1) {
    const value = (random() < 0.5 ? -1 : 1) * 10 ** (24 * random() - 12);
    const size = Math.abs(value);
    const room = size < 0.001 || size >= 1e6 ? 0.051 : 0.0051; // two digits, or three
    const text = formatFigure(value);
    assert.ok(Math.abs(read(text) - value) <= room * size, `${value} as ${text}`);
  }
});

for (const [value, text] of /** @type {[number | null, string][]} */ ([
  [2, "+2.00"],
  [-2, "−2.00"],
  [0, "0"],
  [null, "–"],
])) {
  test(`${value} with its sign is ${text}`, () => {
    assert.equal(formatSigned(value), text);
  });
}

for (const [share, text] of /** @type {[number | null | undefined, string][]} */ ([
  [0.9, "90.0%"],
  [1, "100.0%"],
  [null, "–"],
  [undefined, "–"],
  [NaN, "–"],
])) {
  test(`the share ${share} is written ${text}`, () => {
    assert.equal(formatShare(share), text);
  });
}

test("places, counts and sizes are written in English", () => {
  const places = [1, 2, 3, 4, 11, 12, 13, 21, 22, 103, 111].map(ordinal);
  const words = "1st 2nd 3rd 4th 11th 12th 13th 21st 22nd 103rd 111th";
  assert.deepEqual(places, words.split(" "));
  assert.deepEqual([0, 999, 13_002].map(formatCount), ["0", "999", "13,002"]);
  assert.deepEqual([0, 11_594_722].map(formatMegabytes), ["0 MB", "12 MB"]);
});
