/** Wiring: the state, what changes it, and the views that show it. */

import { api } from "./api.js";
import { byId } from "./dom.js";
import { createHyperparameters, formOfQuery } from "./hyperparameters.js";
import { createLive } from "./live.js";
import { createLoop } from "./loop.js";
import { datasetsOf } from "./pure/datasets.js";
import { createPredictor } from "./predictor.js";
import { createSession } from "./session.js";
import { createStore, firstState } from "./state.js";
import { createChartsView } from "./views/charts.js";
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

followBrowser();
createTransportView(store, loop, { session, live, form });
createFormView(store, loop, form);
createPadView(store, loop);
createPredictionView(store, loop);
createNetworkView(store, loop);
createInspectorView(store, loop);
createChartsView(store, loop);
createFiguresView(store, loop);
createPredictor(store);
session.start(live.connect);
loadDatasets();

/** The system's colours, and whether anybody sees the page. */
function followBrowser() {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () =>
    store.set({ theme: dark.matches ? "dark" : "light", visible: !document.hidden });
  dark.addEventListener("change", follow);
  document.addEventListener("visibilitychange", follow);
  follow();
}

async function loadDatasets() {
  try {
    store.set({ datasets: datasetsOf(await api.datasets()) });
  } catch {
    // The form keeps the one data set that it came with.
  }
}
