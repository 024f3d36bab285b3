/** Wiring: the state, what changes it, and the views that show it. */

import { createDatasets } from "../datasets/datasets.service.js";
import { byId } from "./dom.js";
import { createDrawings } from "../drawings/drawings.service.js";
import { createEarlier } from "../charts/earlier-runs.service.js";
import { createHyperparameters } from "../form/form.service.js";
import { followKeys } from "./keyboard.js";
import { createLive } from "./live.js";
import { createLoop } from "./loop.js";
import { createMistakes } from "../mistakes/mistakes.service.js";
import { createNudging } from "../gradient/nudge.service.js";
import { createPast } from "../timeline/timeline.service.js";
import { createPredictor } from "../pad/prediction.service.js";
import { formOfQuery } from "../form/form.pure.js";
import { createRuns } from "../runs/runs.service.js";
import { createSession } from "../training/training.service.js";
import { createStore, firstState } from "./state.js";
import { createTestDigits } from "../pad/test-digits.service.js";
import { createChartsView } from "../charts/charts.view.js";
import { createCodeView } from "../code/code.view.js";
import { createDatasetView } from "../datasets/datasets.view.js";
import { createDrawingsView } from "../drawings/drawings.view.js";
import { createFiguresView } from "../charts/table.view.js";
import { createFormView } from "../form/form.view.js";
import { createGradientView } from "../gradient/gradient.view.js";
import { createHelpView } from "./help.view.js";
import { createInspectorView } from "../network/inspector.view.js";
import { createLayersView } from "../form/layers.view.js";
import { createMistakesView } from "../mistakes/mistakes.view.js";
import { createNetworkView } from "../network/network.view.js";
import { createNudgeView } from "../gradient/nudge.view.js";
import { createPadToolsView } from "../pad/tools.view.js";
import { createPadWrongView } from "../pad/wrong.view.js";
import { createPadView } from "../pad/pad.view.js";
import { createPredictionView } from "../pad/prediction.view.js";
import { createPresetsView } from "../form/presets.view.js";
import { createRunsView } from "../runs/runs.view.js";
import { createSensitiveView } from "../gradient/sensitive.view.js";
import { createTeacherView } from "../teacher/teacher.view.js";
import { createTimelineView } from "../timeline/timeline.view.js";
import { createTourView } from "../tour/tour.view.js";
import { createTransportView } from "../training/training.view.js";

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
