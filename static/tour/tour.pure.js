/** The tour's place in the page's address. */

/**
 * The lesson that a query names, whether there are so many or not.
 * @param {string} query
 * @returns {number | null} from 1; null for none
 */
export function stepOfQuery(query) {
  const text = new URLSearchParams(query).get("tour");
  const step = Number(text);
  return text !== null && Number.isInteger(step) && step >= 1 ? step : null;
}

/**
 * The query with the lesson in it.
 * @param {string} query with its question mark, or nothing
 * @param {number | null} step
 * @returns {string} the query, naming the lesson
 */
export function queryWithStep(query, step) {
  const others = query
    .replace(/^\?/, "")
    .split("&")
    .filter((pair) => pair && !pair.startsWith("tour="));
  if (step !== null) others.push(`tour=${step}`);
  return others.length ? `?${others.join("&")}` : "";
}
