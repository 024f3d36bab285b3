/** Wiring: the state, what changes it, and the views that show it. */

import { createChartsView } from "../charts/charts.view.js";
import { createEarlierRuns } from "../charts/earlier-runs.service.js";
import { createTableView } from "../charts/table.view.js";
import { createCode } from "../code/code.service.js";
import { createDatasets } from "../datasets/datasets.service.js";
import { createDatasetsView } from "../datasets/datasets.view.js";
import { createOwnDataView } from "../datasets/own.view.js";
import { createDrawings } from "../drawings/drawings.service.js";
import { createDrawingsView } from "../drawings/drawings.view.js";
import { createLesson } from "../drawings/lesson.service.js";
import { formOfQuery } from "../form/form.pure.js";
import { createForm } from "../form/form.service.js";
import { createFormView } from "../form/form.view.js";
import { createLayersView } from "../form/layers.view.js";
import { createPresetsView } from "../form/presets.view.js";
import { createGradientView } from "../gradient/gradient.view.js";
import { createSensitiveView } from "../gradient/sensitive.view.js";
import { setupOf, taskOf } from "../lesson/tasks.pure.js";
import { createMistakes } from "../mistakes/mistakes.service.js";
import { createMistakesView } from "../mistakes/mistakes.view.js";
import { createArchitecture } from "../network/architecture.service.js";
import { createInspectorView } from "../network/inspector.view.js";
import { createNetworkView } from "../network/network.view.js";
import { createGhost } from "../pad/ghost.service.js";
import { createOpinion } from "../pad/opinion.service.js";
import { createOtherPictures } from "../pad/other-pictures.service.js";
import { followPictures } from "../pad/other-pictures.view.js";
import { createPadView } from "../pad/pad.view.js";
import { createPadImage } from "../pad/pad-image.js";
import { createPrediction } from "../pad/prediction.service.js";
import { createPredictionView } from "../pad/prediction.view.js";
import { createTestDigits } from "../pad/test-digits.service.js";
import { createPadToolsView } from "../pad/tools.view.js";
import { createPadWrongView } from "../pad/wrong.view.js";
import { createPresentView } from "../present/present.view.js";
import { createRuns } from "../runs/runs.service.js";
import { createRunsView } from "../runs/runs.view.js";
import { createMeasured } from "../slope/measured.service.js";
import { createNudge } from "../slope/nudge.service.js";
import { createSlopeView } from "../slope/slope.view.js";
import { createBatchView } from "../story/batch.view.js";
import { createStory } from "../story/story.service.js";
import { createTeacherView } from "../teacher/teacher.view.js";
import { createToldView } from "../teacher/told.view.js";
import { createTimeline } from "../timeline/timeline.service.js";
import { createTimelineView } from "../timeline/timeline.view.js";
import { createTour } from "../tour/tour.service.js";
import { createTraining } from "../training/training.service.js";
import { createTrainingView } from "../training/training.view.js";
import { byId } from "./dom.js";
import { createHelpView } from "./help.view.js";
import { createLookInside } from "./inside.service.js";
import { createInsideButton } from "./inside.view.js";
import { kept } from "./kept.js";
import { followKeys } from "./keyboard.js";
import { createLive } from "./live.js";
import { createLoop } from "./loop.js";
import { readPage } from "./page.js";
import { createStore, firstState } from "./state.js";
import { createTabsView } from "./tabs.view.js";

/** @import { Page } from "./page.js" */

/** @type {Page} */
const page = readPage();
const store = createStore(
  firstState(page, formOfQuery(page, setupOf(location.search, page.pupil))),
);
const loop = createLoop();
const form = createForm(store);
const drawings = createDrawings(store, form);
const training = createTraining(store, form, drawings);
const live = createLive(store, training.onHello);
const datasets = createDatasets(store, form);
const nudge = createNudge(store);
const timeline = createTimeline(store);
const earlierRuns = createEarlierRuns(store);
const runs = createRuns(store);
const padImage = createPadImage(store);
const testDigits = createTestDigits(store);
const lookInside = createLookInside(store, loop, { padImage, testDigits });

followBrowser();
createTrainingView(store, loop, { training, live, form });
createFormView(store, loop, form);
createLayersView(store, loop, form);
createPresetsView(store, loop, form, training);
createCode(store, loop, form);
byId("sweep").addEventListener("click", async () =>
  (await import("../sweep/setup.view.js")).openSetup(form),
);
createDatasetsView(store, loop, form, datasets);
createOwnDataView(store, loop, datasets);
createPadView(store, loop);
followPictures(createOtherPictures(store));
createPadToolsView(store, loop, testDigits);
createPadWrongView(store, loop, drawings, createLesson(store, training));
createDrawingsView(store, loop, drawings);
createPredictionView(store, loop);
createNetworkView(store, loop, createArchitecture(store, form, training));
createInspectorView(store, loop);
createChartsView(store, loop);
createTableView(store, loop);
createGradientView(store, loop);
createSensitiveView(store, loop);
createSlopeView(store, loop, nudge);
createMistakesView(store, loop, lookInside);
createTimelineView(store, loop, timeline);
createRunsView(store, loop, { runs, training, earlierRuns });
createTeacherView(store, loop, training);
createToldView(store, loop);
// At a task of a lesson, before anything can be trained.
if (taskOf(location.search) || kept.get("nudge.task"))
  (await import("../lesson/lesson.view.js")).createLessonView(store);
createPresentView(store);
createHelpView(store, loop);
createTabsView(store, loop);
createTour(store, loop, { training, lookInside });
createInsideButton(store, loop, lookInside);
createPrediction(store, loop, padImage);
createOpinion(store, padImage);
createGhost(store, loop);
createMistakes(store);
createStory(store);
createBatchView(store, loop);
createMeasured(store);
followKeys(store, training);
training.start(live.connect);
datasets.load();

/** Keeps in the state what the browser and the screen are like. */
function followBrowser() {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () =>
    store.set({ theme: dark.matches ? "dark" : "light", visible: !document.hidden });
  dark.addEventListener("change", follow);
  document.addEventListener("visibilitychange", follow);
  follow();
  followDensity();
}

/** A page that is zoomed, or moved to another screen, has more or fewer pixels for each of its own. */
function followDensity() {
  store.set({ density: devicePixelRatio });
  const same = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
  same.addEventListener("change", followDensity, { once: true });
}
