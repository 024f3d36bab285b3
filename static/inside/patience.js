/** Asks again after the pause that a busy server wants. */

import { ApiError } from "../shell/api.js";

const TOO_MANY = 429;

/** @template T @param {() => Promise<T>} question @returns {Promise<T>} */
export async function patiently(question) {
  for (;;) {
    try {
      return await question();
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== TOO_MANY) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1000 * Math.max(1, error.retryAfter)));
    }
  }
}
