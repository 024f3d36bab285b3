/** Plotly, which the playground loads, too: whoever needs it first. */

import { atRoot } from "../shell/root.js";

/** @returns {Promise<Plotly>} */
export function loadPlotly() {
  if (window.Plotly) return Promise.resolve(window.Plotly);
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = atRoot("/static/vendor/plotly.min.js");
    script.addEventListener("load", () => resolve(window.Plotly));
    script.addEventListener("error", reject);
    document.head.append(script);
  });
}
