/** The visitor's own data set, where it is chosen: some images of each class, its link, its end. */

import { api } from "../shell/api.js";
import { byId, make, setText } from "../shell/dom.js";
import { pictureCanvas } from "../shell/picture.js";
import { pixelsOf } from "../shell/pixels.pure.js";
import { atRoot } from "../shell/root.js";
import { findDataset } from "./datasets.pure.js";

/**
 * @import { Dataset } from "./datasets.pure.js"
 * @import { DatasetsService } from "./datasets.service.js"
 * @import { Loop } from "../shell/loop.js"
 * @import { Store } from "../shell/state.js"
 */

/**
 * @param {Store} store
 * @param {Loop} loop
 * @param {DatasetsService} datasets
 */
export function createOwnDataView(store, loop, datasets) {
  const { state } = store;
  let previewed = ""; // the data set whose images are shown

  const chosen = () => findDataset(state.datasets, state.form.texts.dataset);

  byId("own-share").addEventListener("click", () => datasets.share(state.form.texts.dataset));
  byId("own-delete").addEventListener("click", () => datasets.remove(state.form.texts.dataset));

  function draw() {
    const dataset = chosen();
    const own = dataset?.yours && !state.offering ? dataset : undefined;
    byId("own-set").hidden = !own;
    if (!own) return;
    const { name, shared } = own;
    setText(
      byId("own-whose"),
      shared ? "Whoever has its link can train on it: " : "Only you can see it and train on it.",
    );
    setText(
      byId("own-link"),
      shared ? `${location.origin}${atRoot(`/?dataset=${encodeURIComponent(name)}`)}` : "",
    );
    byId("own-share").hidden = shared;
    if (name !== previewed) preview(own);
  }

  /** @param {Dataset} dataset */
  async function preview({ name, shape }) {
    previewed = name;
    const list = byId("own-preview");
    list.replaceChildren();
    let classes;
    try {
      classes = await api.previewOf(name);
    } catch {
      return; // it is chosen all the same
    }
    if (name !== previewed || !shape) return;
    list.replaceChildren(
      ...classes.map((each) => {
        const item = make("li", "own-class");
        const images = each.images.map((image) => {
          const canvas = pictureCanvas(pixelsOf(image), shape[0], shape[1]);
          canvas.setAttribute("aria-hidden", "true");
          return canvas;
        });
        item.append(make("b", "", each.name), ...images);
        return item;
      }),
    );
  }

  store.subscribe(["datasets", "form", "offering"], () => loop.request(draw));
}
