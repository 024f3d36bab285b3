/** Wiring: the state, what changes it, and the views that show it. */

import { createDatasets } from "./datasets.js";
import { byId } from "./dom.js";
import { createDrawings } from "./drawings.js";
import { createEarlier } from "./earlier.js";
import { createHyperparameters } from "./hyperparameters.js";
import { followKeys } from "./keyboard.js";
import { createLive } from "./live.js";
import { createLoop } from "./loop.js";
import { createMistakes } from "./mistakes.js";
import { createNudging } from "./nudging.js";
import { createPast } from "./past.js";
import { createPredictor } from "./predictor.js";
import { formOfQuery } from "./pure/form.js";
import { createRuns } from "./runs.js";
import { createSession } from "./session.js";
import { createStore, firstState } from "./state.js";
import { createTestDigits } from "./test-digits.js";
import { createChartsView } from "./views/charts.js";
import { createCodeView } from "./views/code.js";
import { createDatasetView } from "./views/dataset.js";
import { createDrawingsView } from "./views/drawings.js";
import { createFiguresView } from "./views/figures.js";
import { createFormView } from "./views/form.js";
import { createGradientView } from "./views/gradient.js";
import { createHelpView } from "./views/help.js";
import { createInspectorView } from "./views/inspector.js";
import { createLayersView } from "./views/layers.js";
import { createMistakesView } from "./views/mistakes.js";
import { createNetworkView } from "./views/network.js";
import { createNudgeView } from "./views/nudge.js";
import { createPadToolsView } from "./views/pad-tools.js";
import { createPadWrongView } from "./views/pad-wrong.js";
import { createPadView } from "./views/pad.js";
import { createPredictionView } from "./views/prediction.js";
import { createPresetsView } from "./views/presets.js";
import { createRunsView } from "./views/runs.js";
import { createSensitiveView } from "./views/sensitive.js";
import { createTeacherView } from "./views/teacher.js";
import { createTimelineView } from "./views/timeline.js";
import { createTourView } from "./views/tour.js";
import { createTransportView } from "./views/transport.js";

const page = JSON.parse(byId("page-data").textContent);
const store = createStore(firstState(page, formOfQuery(page, location.search)));
const loop = createLoop();
const form = createHyperparameters(store);
const drawings = createDrawings(store, form);
const session = createSession(store, form, drawings);
const live = createLive(store, session.onHello);
const datasets = createDatasets(store, form);
const nudging = createNudging(store);
const past = createPast(store);
const earlier = createEarlier(store);
const runs = createRuns(store);

followBrowser();
createTransportView(store, loop, { session, live, form });
createFormView(store, loop, form);
createLayersView(store, loop, form);
createPresetsView(store, loop, form, session);
createCodeView(store, loop, form);
createDatasetView(store, loop, form, datasets);
createPadView(store, loop);
createPadToolsView(store, loop, createTestDigits(store));
createPadWrongView(store, loop, drawings);
createDrawingsView(store, loop, form, drawings);
createPredictionView(store, loop);
createNetworkView(store, loop);
createInspectorView(store, loop);
createChartsView(store, loop);
createFiguresView(store, loop);
createGradientView(store, loop);
createSensitiveView(store, loop);
createNudgeView(store, loop, nudging);
createMistakesView(store, loop);
createTimelineView(store, loop, past);
createRunsView(store, loop, { runs, session, earlier });
createTeacherView(store, loop, session);
createTourView(store, loop, session);
createHelpView(store, loop);
createPredictor(store);
createMistakes(store);
followKeys(store, session);
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
