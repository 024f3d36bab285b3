/**
 * A question about the step that comes next.
 *
 * @typedef {object} Question
 * @property {string} words
 * @property {string[]} choices
 * @property {number} right which of them is true
 * @property {string} truth in words, with its numbers
 */
export {};
