/** Goes where a lesson of the tour is about: once, when it comes or when there is a walk for it. */

import { choose, goTo } from "./inside.state.js";
import { weightOn } from "./path.pure.js";
import { stepNamed } from "./steps.pure.js";

/**
 * @import { Store } from "../shell/state.js"
 * @import { InsideStore } from "./inside.state.js"
 */

/** @param {Store} store @param {InsideStore} own */
export function followLessons({ state, subscribe, touch }, own) {
  /** @type {typeof state.insideAt} */
  let followed = null;

  function follow() {
    const { insideAt } = state;
    const { walk } = own.state;
    if (!walk || insideAt === followed) return;
    followed = insideAt;
    if (!insideAt) return;
    own.set({ panel: insideAt.panel, playing: false });
    // A lesson on one parameter is about a pixel: it begins with a weight of the first layer.
    if (insideAt.panel === "parameter") choose(own, weightOn(own.state.path, 0));
    goTo(own, stepNamed(walk, insideAt.step));
    touch("insideAt"); // it is there now
  }

  subscribe(["insideAt"], follow);
  own.subscribe(["walk"], follow);
}
