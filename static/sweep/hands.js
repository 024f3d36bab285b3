/** What somebody points at or has brushed: the same in all pictures. */

import { atRoot } from "../shell/root.js";
import { axesOf, isBrushed, resultAxis } from "./axes.pure.js";
import { accuracyOf } from "./sweep.pure.js";

/**
 * @import { Colours } from "./canvas.view.js"
 * @import { Member, View } from "./sweep.pure.js"
 * @import { Axis } from "./axes.pure.js"
 */

/** @param {View} view @param {() => void} onChange */
export function createHands(view, onChange) {
  /** @param {Member} member @param {Axis} axis */
  const placeOn = (member, axis) =>
    axis.place(
      axis.field === "test_accuracy" ? accuracyOf(view, member) : member.varied[axis.field],
    );

  /** @returns {Axis[]} one for each varied field, then the result's */
  const axes = () => (view.sweep ? [...axesOf(view.sweep), resultAxis()] : []);

  /** @param {Member} member @param {Axis[]} all */
  const isIn = (member, all) =>
    isBrushed(view.brushes, (field) => {
      const axis = all.find((each) => each.field === field);
      return axis ? placeOn(member, axis) : null;
    });

  /** The runs that are not brushed away. @type {Set<string>} */
  let chosen = new Set();

  return {
    axes,
    placeOn,
    /** The runs, in the order in which they are drawn: those that stand out last. */
    inOrder() {
      const runs = view.sweep?.runs ?? [];
      const all = axes();
      chosen = new Set(runs.filter((run) => isIn(run, all)).map(({ id }) => id));
      const rank = (/** @type {Member} */ { id }) =>
        (chosen.has(id) ? 1 : 0) + (id === view.hovered ? 2 : 0);
      return [...runs].sort((a, b) => rank(a) - rank(b));
    },
    /** @param {string} id */
    isChosen: (id) => chosen.has(id),
    /** @param {CanvasRenderingContext2D} pen @param {string} id @param {Colours} colours */
    style(pen, id, colours) {
      const stands = id === view.hovered;
      pen.strokeStyle = pen.fillStyle = stands ? colours.focus : colours.ink;
      pen.lineWidth = stands ? 3 : 1.25;
      pen.globalAlpha = stands ? 1 : chosen.has(id) ? (view.hovered ? 0.3 : 0.6) : 0.08;
    },
    /** @param {string | null} id */
    point(id) {
      if (id === view.hovered) return;
      view.hovered = id;
      onChange();
    },
    /** Opens the run that is pointed at. */
    open() {
      const run = view.sweep?.runs.find(({ id }) => id === view.hovered);
      if (run && run.status !== "deleted") location.assign(atRoot(`/runs/${run.id}`));
    },
    /** @param {string} field @param {[number, number] | null} between null: all of the axis */
    brush(field, between) {
      if (between) view.brushes[field] = between;
      else delete view.brushes[field];
      onChange();
    },
    clear() {
      view.brushes = {};
      onChange();
    },
  };
}

/** @typedef {ReturnType<typeof createHands>} Hands */
