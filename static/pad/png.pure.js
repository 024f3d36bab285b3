/**
 * Encodes a grey picture as a PNG at once. The browser's own encoder waits for idle time, which a
 * page that draws all the time hardly has. Nothing is compressed, because that would take longer
 * than sending it.
 */

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const BLOCK = 0xffff; // the most bytes in an uncompressed block of zlib
const ADLER = 65521;

/** The CRC-32 of each byte. */
const REMAINDERS = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit += 1) {
    remainder = remainder & 1 ? 0xedb88320 ^ (remainder >>> 1) : remainder >>> 1;
  }
  return remainder;
});

/**
 * @param {Uint8Array | Uint8ClampedArray} greys row by row
 * @param {number} columns
 * @returns {Uint8Array<ArrayBuffer>} the file
 */
export function greyPng(greys, columns) {
  const rows = greys.length / columns;
  const lines = new Uint8Array(rows * (columns + 1)); // a row begins with its filter: 0, none
  for (let row = 0; row < rows; row += 1) {
    lines.set(greys.subarray(row * columns, (row + 1) * columns), row * (columns + 1) + 1);
  }
  const header = [...bigEndian(columns), ...bigEndian(rows), 8, 0, 0, 0, 0]; // 8 bits of grey
  const parts = [SIGNATURE, chunk("IHDR", header), chunk("IDAT", stored(lines)), chunk("IEND", [])];
  return joined(parts);
}

/** @param {number} number @returns {number[]} its four bytes */
function bigEndian(number) {
  return [number >>> 24, (number >>> 16) & 255, (number >>> 8) & 255, number & 255];
}

/** @param {string} type @param {ArrayLike<number>} data */
function chunk(type, data) {
  const body = joined([[...type].map((letter) => letter.charCodeAt(0)), data]);
  let remainder = 0xffffffff;
  for (const byte of body) remainder = REMAINDERS[(remainder ^ byte) & 255] ^ (remainder >>> 8);
  return joined([bigEndian(data.length), body, bigEndian(~remainder >>> 0)]);
}

/** @param {Uint8Array<ArrayBuffer>} data @returns {Uint8Array<ArrayBuffer>} as a zlib stream that compresses nothing */
function stored(data) {
  /** @type {ArrayLike<number>[]} */
  const parts = [[0x78, 0x01]];
  for (let start = 0; start < data.length; start += BLOCK) {
    const block = data.subarray(start, start + BLOCK);
    const last = start + BLOCK >= data.length ? 1 : 0;
    const [low, high] = [block.length & 255, block.length >>> 8];
    parts.push([last, low, high, ~low & 255, ~high & 255], block);
  }
  let [sum, sums] = [1, 0];
  for (const byte of data) {
    sum = (sum + byte) % ADLER;
    sums = (sums + sum) % ADLER;
  }
  parts.push(bigEndian(((sums << 16) | sum) >>> 0));
  return joined(parts);
}

/** @param {ArrayLike<number>[]} parts */
function joined(parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let end = 0;
  for (const part of parts) {
    whole.set(part, end);
    end += part.length;
  }
  return whole;
}
