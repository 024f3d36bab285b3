/** What the teacher tells all: that all runs are paused, and why; words, and a link to open. */

import { byId, setText } from "../shell/dom.js";
import { kept } from "../shell/kept.js";
import { atRoot } from "../shell/root.js";

/**
 * @import { Loop } from "../shell/loop.js"
 * @import { Store } from "../shell/state.js"
 */

const DISMISSED = "nudge.dismissed";

/**
 * @param {Store} store
 * @param {Loop} loop
 */
export function createToldView(store, loop) {
  const { state } = store;
  const link = byId("sent-link", HTMLAnchorElement);
  let dismissed = Number(kept.get(DISMISSED)); // the number of what was sent

  for (const id of ["sent-dismiss", "sent-link"])
    byId(id).addEventListener("click", () => {
      dismissed = state.teacherSent?.number ?? 0;
      kept.set(DISMISSED, String(dismissed));
      loop.request(draw);
    });

  function draw() {
    const { held, teacherSent } = state;
    const sent = teacherSent && teacherSent.number !== dismissed ? teacherSent : null;
    byId("told").hidden = held === null && sent === null;
    setText(byId("held"), held ?? "");
    byId("sent").hidden = sent === null;
    setText(byId("sent-text"), sent ? sent.text || "A link:" : "");
    link.hidden = !sent?.link;
    if (sent?.link) link.href = atRoot(sent.link);
  }

  store.subscribe(["held", "teacherSent"], () => loop.request(draw));
}
