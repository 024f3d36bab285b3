/**
 * Draws the edges on the canvas under the neurons: colour is the sign, width and opacity the
 * strength. All curves of one look are drawn in a single stroke, which is much faster than a stroke
 * for each.
 */

import { RAMPS } from "../shell/colour.pure.js";
import { contextOf } from "../shell/dom.js";
import { curvesBetween, distanceToCurve, traceCurve } from "./edge-curves.pure.js";

/**
 * @import { Layout } from "./layout.pure.js"
 * @import { LayerModel } from "./model.pure.js"
 * @import { Theme } from "../shell/colour.pure.js"
 */

const LOOKS = 6; // steps from weak to strong
const WEAKEST = 0.07; // edges that are weaker are not drawn
const MOST = 600; // edges that are drawn between two layers
const REACH = 5; // pixels from a curve within which the pointer is on it
const NONE = 255;

/**
 * @typedef {{ layer: number, place: number, source: number | null }} Focus what is
 *   pointed at, as places in the scene
 */

/** @param {HTMLCanvasElement} canvas */
export function createEdges(canvas) {
  const context = contextOf(canvas);
  /** @type {Float32Array[]} where the curves to each layer start and end */
  let curves = [];
  /** @type {Float32Array[]} the strength of each, with its sign */
  let strengths = [];
  /** @type {Uint8Array[]} the look of each */
  let looks = [];
  /** @type {number[]} the neurons of each layer that are in the scene */
  let counts = [];
  let down = false;
  let ratio = 1;
  let size = { width: 0, height: 0 };
  let colours = { signs: ["", ""], plain: "", ink: "", ground: "" };

  /** @param {Layout} layout */
  function place(layout) {
    down = layout.down;
    size = layout;
    ratio = Math.min(3, devicePixelRatio);
    canvas.width = Math.round(layout.width * ratio);
    canvas.height = Math.round(layout.height * ratio);
    canvas.style.width = `${layout.width}px`;
    canvas.style.height = `${layout.height}px`;
    const groups = [[layout.image], ...layout.layers.map(({ neurons }) => neurons)];
    curves = layout.layers.map(({ neurons }, i) => curvesBetween(groups[i], neurons, down));
    counts = layout.layers.map(({ neurons }) => neurons.length);
    strengths = curves.map((ends) => new Float32Array(ends.length / 4));
    looks = strengths.map(({ length }) => new Uint8Array(length));
  }

  /** @param {Theme} theme */
  function recolour(theme) {
    const { negative, positive } = RAMPS[theme];
    const style = getComputedStyle(document.documentElement);
    colours = {
      signs: [`rgb(${negative.join(" ")})`, `rgb(${positive.join(" ")})`],
      plain: style.getPropertyValue("--quiet"),
      ink: style.getPropertyValue("--ink"),
      ground: style.getPropertyValue("--ground"),
    };
  }

  /**
   * @param {LayerModel[]} layers
   * @param {boolean} flowing something is drawn, so an edge is as strong as what it carries
   * @param {Focus | null} focus
   */
  function paint(layers, flowing, focus) {
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, size.width, size.height);
    context.lineCap = "round";
    layers.forEach((layer, i) => {
      if (i === 0) weighImage(layer, flowing, focus);
      else weigh(layers[i - 1], layer, i, flowing, focus);
    });
    for (let look = 0; look < 2 * LOOKS; look += 1) {
      const faint = look < LOOKS && focus;
      const strength = ((look % LOOKS) + 0.5) / LOOKS;
      context.lineWidth = 0.5 + 2.9 * strength * strength;
      context.globalAlpha = (0.1 + 0.8 * strength) * (faint ? 0.3 : 1);
      context.beginPath();
      trace(0, look, 1);
      context.strokeStyle = colours.plain;
      context.stroke();
      for (const sign of [0, 1]) {
        context.beginPath();
        for (let i = 1; i < layers.length; i += 1) trace(i, look, sign);
        context.strokeStyle = colours.signs[sign];
        context.stroke();
      }
    }
    if (focus?.source != null && focus.layer > 0) highlight(focus, layers);
    context.globalAlpha = 1;
  }

  /** @param {number} i the layer @param {number} look @param {number} sign 1 if positive, else 0 */
  function trace(i, look, sign) {
    const [ends, strength, ofEach] = [curves[i], strengths[i], looks[i]];
    for (let edge = 0; edge < ofEach.length; edge += 1) {
      if (ofEach[edge] !== look) continue;
      if ((strength[edge] > 0 ? 1 : 0) !== sign) continue;
      traceCurve(context, ends, 4 * edge, down);
    }
  }

  /**
   * Sets the strength of the edges from the image to the first layer: the more active a neuron, the
   * stronger its edge.
   * @param {LayerModel} layer
   * @param {boolean} flowing
   * @param {Focus | null} focus
   */
  function weighImage({ lights, shown }, flowing, focus) {
    for (let place = 0; place < shown.length; place += 1) {
      const strength = flowing ? 0.08 + 0.42 * lights[place] : 0.3;
      strengths[0][place] = strength;
      const isFocus = focus?.layer === 0 && focus.place === place;
      looks[0][place] = lookOf(strength, !focus || isFocus);
    }
  }

  /**
   * @param {LayerModel} before
   * @param {LayerModel} layer
   * @param {number} i
   * @param {boolean} flowing
   * @param {Focus | null} focus
   */
  function weigh(before, layer, i, flowing, focus) {
    const [strength, ofEach] = [strengths[i], looks[i]];
    const sources = before.shown.length;
    for (let place = 0; place < layer.shown.length; place += 1) {
      for (let source = 0; source < sources; source += 1) {
        const edge = place * sources + source;
        const flow = flowing ? 0.3 + 0.9 * before.lights[source] : 1;
        strength[edge] = flow * layer.values[place * layer.inputs + before.shown[source]];
      }
    }
    const least = sources * layer.shown.length > MOST ? thresholdOf(strength) : WEAKEST;
    for (let edge = 0; edge < strength.length; edge += 1) {
      const magnitude = Math.abs(strength[edge]);
      if (!(magnitude >= least)) ofEach[edge] = NONE;
      else {
        const [place, source] = [Math.floor(edge / sources), edge % sources];
        ofEach[edge] = lookOf(magnitude, !focus || touches(focus, i, place, source));
      }
    }
  }

  /** The magnitude that only the strongest MOST edges reach. @param {Float32Array} strength */
  function thresholdOf(strength) {
    const sorted = strength.map(Math.abs).sort();
    return Math.max(WEAKEST, sorted[sorted.length - MOST]);
  }

  /** @param {number} strength @param {boolean} clear not faded */
  const lookOf = (strength, clear) =>
    Math.min(LOOKS - 1, Math.floor(strength * LOOKS)) + (clear ? LOOKS : 0);

  /** Whether an edge begins or ends at the focus. */
  const touches = (
    /** @type {Focus} */ focus,
    /** @type {number} */ layer,
    /** @type {number} */ place,
    /** @type {number} */ source,
  ) =>
    (focus.layer === layer && focus.place === place) ||
    (focus.layer === layer - 1 && focus.place === source);

  /** @param {Focus} focus @param {LayerModel[]} layers */
  function highlight({ layer, place, source }, layers) {
    const edge = place * layers[layer - 1].shown.length + Number(source);
    const colour = colours.signs[strengths[layer][edge] < 0 ? 0 : 1];
    context.globalAlpha = 1;
    for (const [width, style] of /** @type {[number, string][]} */ ([
      [8, colours.ground],
      [5.5, colours.ink],
      [3.5, colour],
    ])) {
      context.beginPath();
      traceCurve(context, curves[layer], 4 * edge, down);
      context.lineWidth = width;
      context.strokeStyle = style;
      context.stroke();
    }
  }

  /**
   * The strongest edge near a point.
   * @param {number} x
   * @param {number} y
   * @returns {Focus | null}
   */
  function edgeAt(x, y) {
    let found = null;
    let strongest = 0;
    for (let layer = 1; layer < curves.length; layer += 1) {
      for (let edge = 0; edge < looks[layer].length; edge += 1) {
        const magnitude = Math.abs(strengths[layer][edge]);
        if (looks[layer][edge] === NONE || magnitude <= strongest) continue;
        if (distanceToCurve(x, y, curves[layer], 4 * edge, down, REACH) > REACH) continue;
        strongest = magnitude;
        found = { layer, edge };
      }
    }
    if (!found) return null;
    const sources = counts[found.layer - 1];
    return {
      layer: found.layer,
      place: Math.floor(found.edge / sources),
      source: found.edge % sources,
    };
  }

  return { place, recolour, paint, edgeAt };
}
