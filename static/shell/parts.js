/** Parts of the page that it does not contain from the start. */

import { api } from "./api.js";
import { byId } from "./dom.js";

/** Fetches a part and adds it to the page. @param {"inside" | "code" | "setup"} name */
export async function addPart(name) {
  const { body } = new DOMParser().parseFromString(await api.part(name), "text/html");
  byId("tour").before(...body.children); // whose card stands over all others
}
