/**
 * The page's address holds the experiment: each hyperparameter that differs from the start page's
 * is in the query.
 */

import { FIELD_NAMES, isFieldName, textOf } from "./fields.pure.js";

/** @import { Texts } from "./fields.pure.js" */

const RUN_PATH = /^\/runs\/([^/]+?)(\/inside)?\/?$/;

/**
 * The id of the run in a path; null for the start page.
 * @param {string} path
 * @returns {string | null}
 */
export function runOfPath(path) {
  const match = RUN_PATH.exec(path);
  if (!match) return null;
  try {
    return decodeURIComponent(match[1]);
  } catch {
    return match[1];
  }
}

/** Whether a path opens the walk through a run's network. @param {string} path */
export function isInside(path) {
  return RUN_PATH.exec(path)?.[2] !== undefined;
}

/** The path of the walk through a run's network. @param {string} run */
export function insideOf(run) {
  return `/runs/${encodeURIComponent(run)}/inside`;
}

/**
 * The texts that a query gives for the fields. Fields that it doesn't name are absent.
 * @param {string} query
 * @returns {Partial<Texts>}
 */
export function textsOfQuery(query) {
  /** @type {Partial<Texts>} */
  const texts = {};
  for (const [name, text] of new URLSearchParams(query)) {
    if (!isFieldName(name)) continue;
    const empty = text.trim() === "null" || text.trim() === "";
    texts[name] = empty && name !== "hidden" ? textOf(name, null) : text;
  }
  return texts;
}

/**
 * @param {Texts} texts
 * @param {Texts} start what the page starts with
 * @returns {string} a query with its question mark, or nothing
 */
export function queryOf(texts, start) {
  const pairs = [];
  for (const name of FIELD_NAMES) {
    const text = texts[name].trim();
    if (text === start[name]) continue;
    const short = text.replace(/\s*,\s*/g, ",");
    const shown = short === "" && name !== "hidden" ? "null" : short;
    pairs.push(`${name}=${encodeURIComponent(shown).replaceAll("%2C", ",")}`);
  }
  return pairs.length ? `?${pairs.join("&")}` : "";
}

/**
 * @param {string | null} run
 * @param {string} query
 */
export function addressOf(run, query) {
  return (run === null ? "/" : `/runs/${encodeURIComponent(run)}`) + query;
}
