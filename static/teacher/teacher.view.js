/** The teacher shows a run to everybody: the way to it, and the way back. */

import { byId, setText } from "../shell/dom.js";

/**
 * @import { Loop } from "../shell/loop.js"
 * @import { Store } from "../shell/state.js"
 * @import { TrainingService } from "../training/training.service.js"
 */

/**
 * @param {Store} store
 * @param {Loop} loop
 * @param {TrainingService} training
 */
export function createTeacherView(store, loop, training) {
  const { state } = store;
  const banner = byId("teacher");
  const watch = byId("teacher-watch", HTMLAnchorElement);
  const back = byId("teacher-back");
  /** @type {string | null} the run that is not to be offered any more */
  let dismissed = null;
  /** @type {string | null} the run that was left for the teacher's */
  let cameFrom = null;
  /** @type {string | null} the teacher's run that it was left for */
  let goneTo = null;

  watch.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || !state.teacherShows) return;
    event.preventDefault();
    if (state.watched !== goneTo) cameFrom = state.watched; // not another of the teacher's
    goneTo = state.teacherShows;
    training.show(state.teacherShows);
  });
  back.addEventListener("click", () => {
    dismissed = state.teacherShows; // seen
    if (cameFrom) training.show(cameFrom);
  });
  byId("teacher-dismiss").addEventListener("click", () => {
    dismissed = state.teacherShows;
    loop.request(draw);
  });

  function draw() {
    const { teacherShows, watched } = state;
    const there = watched === teacherShows;
    banner.hidden = true;
    if (teacherShows === null || teacherShows === dismissed || (there && cameFrom === null)) return;
    banner.hidden = false;
    setText(
      byId("teacher-words"),
      there ? "This is the run that your teacher shows." : "Your teacher shows a run.",
    );
    watch.href = `/runs/${encodeURIComponent(teacherShows)}`;
    watch.hidden = there;
    back.hidden = !there;
  }

  store.subscribe(["teacherShows"], () => {
    dismissed = null;
  });
  store.subscribe(["teacherShows", "watched"], () => loop.request(draw));
}
