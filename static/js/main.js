/** Wiring: the state, what changes it, and the views that show it. */

import { createDatasets } from "./datasets.js";
import { byId } from "./dom.js";
import { createHyperparameters, formOfQuery } from "./hyperparameters.js";
import { createLive } from "./live.js";
import { createLoop } from "./loop.js";
import { createPredictor } from "./predictor.js";
import { createSession } from "./session.js";
import { createStore, firstState } from "./state.js";
import { createChartsView } from "./views/charts.js";
import { createDatasetView } from "./views/dataset.js";
import { createFiguresView } from "./views/figures.js";
import { createFormView } from "./views/form.js";
import { createInspectorView } from "./views/inspector.js";
import { createNetworkView } from "./views/network.js";
import { createPadView } from "./views/pad.js";
import { createPredictionView } from "./views/prediction.js";
import { createTransportView } from "./views/transport.js";

const page = JSON.parse(byId("page-data").textContent);
const store = createStore(firstState(page, formOfQuery(page, location.search)));
const loop = createLoop();
const form = createHyperparameters(store);
const session = createSession(store, form);
const live = createLive(store, session.onHello);
const datasets = createDatasets(store, form);

followBrowser();
createTransportView(store, loop, { session, live, form });
createFormView(store, loop, form);
createDatasetView(store, loop, form, datasets);
createPadView(store, loop);
createPredictionView(store, loop);
createNetworkView(store, loop);
createInspectorView(store, loop);
createChartsView(store, loop);
createFiguresView(store, loop);
createPredictor(store);
session.start(live.connect);
datasets.load();

/** The system's colours, and whether anybody sees the page. */
function followBrowser() {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () =>
    store.set({ theme: dark.matches ? "dark" : "light", visible: !document.hidden });
  dark.addEventListener("change", follow);
  document.addEventListener("visibilitychange", follow);
  follow();
}
