/**
 * The banner for the run that the teacher shows to everybody, with a link to it and a button back.
 */

import { byId, setText } from "../shell/dom.js";
import { atRoot } from "../shell/root.js";

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
  /** @type {string | null} the run for which the banner was dismissed */
  let dismissed = null;
  /** @type {string | null} the run that the visitor left for the teacher's */
  let cameFrom = null;
  /** @type {string | null} the teacher's run that the visitor went to */
  let goneTo = null;
  let brought = false; // by the teacher

  watch.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || !state.teacherShows) return;
    event.preventDefault();
    if (state.watched !== goneTo) cameFrom = state.watched; // never a run of the teacher's
    goneTo = state.teacherShows;
    training.show(state.teacherShows);
  });
  back.addEventListener("click", () => {
    dismissed = state.teacherShows; // it has been watched, so it is not offered again
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
      there ? "This is the run that your teacher is showing." : "Your teacher is showing a run.",
    );
    watch.href = atRoot(`/runs/${encodeURIComponent(teacherShows)}`);
    watch.hidden = there;
    back.hidden = !there;
  }

  /** The teacher's run is brought to this screen, and lets go again. */
  function look() {
    const { teacherShows, teacherLooks, watched } = state;
    if (teacherLooks && teacherShows && watched !== teacherShows) {
      if (watched !== goneTo) cameFrom = watched;
      goneTo = teacherShows;
      brought = true;
      training.show(teacherShows);
    } else if (!teacherLooks && brought) {
      brought = false;
      if (cameFrom && watched === goneTo) training.show(cameFrom);
    }
  }

  store.subscribe(["teacherShows"], () => {
    dismissed = null;
  });
  store.subscribe(["teacherShows", "teacherLooks"], look);
  store.subscribe(["teacherShows", "watched"], () => loop.request(draw));
}
