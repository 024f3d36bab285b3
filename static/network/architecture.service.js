/**
 * Edits the hidden layers of the network that is shown. Weights can't be taken over into other layers,
 * so a new, untrained network with the changed layers takes its place.
 */

import { items, textOf } from "../form/fields.pure.js";
import { inserted, layersOf, nextWidth, textsOfLayers, withChange } from "../form/layers.pure.js";
import { isSteered } from "../runs/run.pure.js";

/**
 * @import { FormService } from "../form/form.service.js"
 * @import { Layer } from "../form/layers.pure.js"
 * @import { Store } from "../shell/state.js"
 * @import { TrainingService } from "../training/training.service.js"
 */

const AFTER_CLICKS = 300; // milliseconds: several clicks make one network

/**
 * @param {Store} store
 * @param {FormService} form
 * @param {TrainingService} training
 */
export function createArchitecture(store, form, training) {
  const { state } = store;
  /** @type {Layer[] | null} the layers of a network that is still to be made */
  let planned = null;
  let timer = 0;

  /**
   * The layers of the network that is shown. Their activations are the form's, unless the run is one's
   * own: with another network's, the form's other settings might not fit.
   * @returns {Layer[]}
   */
  function layers() {
    if (planned) return planned;
    const { run, page } = state;
    const spec = run?.spec ?? page.defaults;
    const [chosen] = items(state.form.texts.activation);
    const activation = isSteered(run) ? textOf("activation", spec.activation) : chosen;
    return layersOf(textOf("hidden", spec.hidden), activation);
  }

  /** @param {Layer[]} changed */
  function put(changed) {
    planned = changed;
    const { hidden, activation } = textsOfLayers(changed, state.form.texts.activation);
    form.edit("activation", activation, false);
    form.edit("hidden", hidden, true);
    clearTimeout(timer);
    timer = setTimeout(make, AFTER_CLICKS);
  }

  async function make() {
    await training.reset();
    planned = null;
  }

  /** @param {number} layer @param {1 | -1} direction */
  function resize(layer, direction) {
    const neurons = nextWidth(Number(layers()[layer].neurons), direction);
    put(withChange(layers(), layer, { neurons: String(neurons) }));
  }

  return {
    /** @param {number} layer */
    widen: (layer) => resize(layer, 1),
    /** @param {number} layer */
    narrow: (layer) => resize(layer, -1),
    /** @param {number} layer */
    remove: (layer) => put(layers().filter((_, i) => i !== layer)),
    /** @param {number} layer the new one's place */
    insert: (layer) => put(inserted(layers(), layer, state.form.texts.activation)),
    /** The neurons of a layer as they will be. @param {number} layer */
    neuronsOf: (layer) => layers()[layer]?.neurons,
  };
}

/** @typedef {ReturnType<typeof createArchitecture>} ArchitectureService */
