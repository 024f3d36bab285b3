/** Pixels as the server sends them: a byte for each, in base64. */

/** @param {string} image @returns {number[]} 0–1, row by row */
export function pixelsOf(image) {
  return Array.from(atob(image), (shade) => shade.charCodeAt(0) / 255);
}
