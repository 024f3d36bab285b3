/**
 * Numbers that look random and are the same in every run of the tests (the generator is mulberry32).
 * @param {number} seed
 * @returns {() => number} the next number, from 0 to less than 1
 */
export function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * @param {() => number} random
 * @param {number} from
 * @param {number} to
 * @returns {number} a whole number between the two, both included
 */
export function wholeNumber(random, from, to) {
  return from + Math.floor(random() * (to - from + 1));
}

/**
 * @template T
 * @param {() => number} random
 * @param {readonly T[]} choices
 * @returns {T}
 */
export function oneOf(random, choices) {
  return choices[wholeNumber(random, 0, choices.length - 1)];
}
