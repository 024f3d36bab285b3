import assert from "node:assert/strict";
import { test } from "node:test";
import { crc32, inflateSync } from "node:zlib";
import { greyPng } from "../../../static/pad/png.pure.js";
import { generator, wholeNumber } from "../random.js";

const SIGNATURE = "89504e470d0a1a0a";

/**
 * The chunks of a PNG, by type. Their sums are proved by zlib.
 * @param {Uint8Array} file
 */
function chunksOf(file) {
  const bytes = Buffer.from(file);
  assert.equal(bytes.toString("hex", 0, 8), SIGNATURE);
  const chunks = [];
  for (let start = 8; start < bytes.length; ) {
    const end = start + 8 + bytes.readUInt32BE(start);
    const body = bytes.subarray(start + 4, end);
    assert.equal(bytes.readUInt32BE(end), crc32(body));
    chunks.push({ type: body.toString("latin1", 0, 4), data: body.subarray(4) });
    start = end + 4;
  }
  return chunks;
}

/** @param {Uint8Array} file */
function decoded(file) {
  const [header, data, end, ...others] = chunksOf(file);
  assert.deepEqual([header.type, data.type, end.type, others], ["IHDR", "IDAT", "IEND", []]);
  const [columns, rows] = [header.data.readUInt32BE(0), header.data.readUInt32BE(4)];
  // 8 bits, grey, and the only ways to compress, filter and interlace that are allowed or none
  assert.deepEqual([...header.data.subarray(8)], [8, 0, 0, 0, 0]);
  const lines = inflateSync(data.data); // checks the Adler-32 sum
  assert.equal(lines.length, rows * (columns + 1));
  const greys = [];
  for (let row = 0; row < rows; row += 1) {
    const line = lines.subarray(row * (columns + 1), (row + 1) * (columns + 1));
    assert.equal(line[0], 0); // no filter
    greys.push(...line.subarray(1));
  }
  return { rows, columns, greys };
}

for (const [rows, columns] of [
  [1, 1],
  [28, 28],
  [3, 5],
  [140, 140],
  [257, 254], // exactly one block of zlib's
  [300, 310], // more than one block of zlib's
]) {
  test(`a picture of ${rows}×${columns} is read back from its PNG`, () => {
    const random = generator(6);
    const greys = Uint8Array.from({ length: rows * columns }, () => wholeNumber(random, 0, 255));
    assert.deepEqual(decoded(greyPng(greys, columns)), { rows, columns, greys: [...greys] });
  });
}

test("a clamped array is as good, as an ImageData has it", () => {
  const greys = [0, 1, 254, 255];
  assert.deepEqual(greyPng(Uint8ClampedArray.from(greys), 2), greyPng(Uint8Array.from(greys), 2));
});

test("a file is, byte for byte, one that Pillow reads", () => {
  // Read once by the server's decode_png, which is Pillow's: [[0, 1, 127], [128, 254, 255]].
  const file =
    "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAAAAAC4HznGAAAAE0lEQVR4AQEIAPf/AAABfwCA/v8HBAL+js8xCgAAAABJRU5ErkJggg==";
  const greys = Uint8Array.of(0, 1, 127, 128, 254, 255);
  assert.equal(Buffer.from(greyPng(greys, 3)).toString("base64"), file);
});
