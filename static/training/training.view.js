/** The buttons that control the training, the counters, and the text about the state of the run. */

import { FIELDS, isFieldName } from "../form/fields.pure.js";
import { imagesOf } from "../runs/images.pure.js";
import {
  isPretrained,
  isSomebodyElses,
  isSteered,
  isTraining,
  isWaiting,
} from "../runs/run.pure.js";
import { byId, setText } from "../shell/dom.js";
import { formatCount } from "../shell/format.pure.js";
import { heldForNextRun, TRAIN_WORDS, trainIntent } from "./intent.pure.js";
import { describeRun } from "./status.pure.js";
import { createSuspicion } from "./suspect.service.js";

/**
 * @import { FormService } from "../form/form.service.js"
 * @import { Live } from "../shell/live.js"
 * @import { Loop } from "../shell/loop.js"
 * @import { Store } from "../shell/state.js"
 * @import { TrainingService } from "./training.service.js"
 */

const CONNECTION_WORDS = {
  connecting: "",
  open: "",
  lost: "Connection lost. The page keeps everything and reconnects automatically.",
  gone: "The server does not know this run.",
};

const SILENT =
  "The connection has fallen silent: nothing came for 25 seconds. The page keeps everything and " +
  "reconnects automatically.";
const BY_HTTP =
  "No WebSocket gets through to the server: the network, or a proxy in it, blocks them. The page " +
  "asks the server twice a second instead.";

/**
 * @param {Store} store
 * @param {Loop} loop
 * @param {{ training: TrainingService,
 *   live: Live,
 *   form: FormService }} services
 */
export function createTrainingView(store, loop, { training, live, form }) {
  const { state } = store;
  const train = byId("train", HTMLButtonElement);
  const pause = byId("pause", HTMLButtonElement);
  const suspicion = createSuspicion(store);

  train.addEventListener("click", training.train);
  pause.addEventListener("click", training.pause);
  byId("step").addEventListener("click", training.step);
  byId("reset").addEventListener("click", training.reset);
  byId("stop-waiting").addEventListener("click", training.stopWaiting);
  byId("train-like-it").addEventListener("click", () => state.run && training.fork(state.run));
  byId("lower-rate").addEventListener("click", training.lowerRate);
  byId("retry").addEventListener("click", live.retry);

  function draw() {
    drawButtons();
    drawCounters();
    drawStatus();
  }

  function drawButtons() {
    const { run } = state;
    const intent = trainIntent(run, form.spec());
    const [label, title] = TRAIN_WORDS[intent];
    setText(byId("train-label"), label);
    train.title = title;
    const trains = isTraining(run) && isSteered(run);
    train.disabled = trains;
    pause.disabled = !trains || isWaiting(run);
    train.setAttribute("aria-busy", String(state.busy));
  }

  function drawCounters() {
    const { run, progress } = state;
    setText(byId("epoch"), run?.epoch ?? 0);
    const epochs = run?.spec.epochs;
    const end = typeof epochs === "number" ? `of ${epochs}` : "";
    setText(byId("epoch-of"), isPretrained(run) || run === null ? "" : end);
    setText(byId("step-count"), formatCount(Math.max(run?.step ?? 0, progress?.step ?? 0)));
    byId("epoch-progress", HTMLProgressElement).value = progressShare();
  }

  /** The share of the present epoch that is done, 0–1. */
  function progressShare() {
    const { run, progress } = state;
    if (!run || !progress || run.status === "finished") return 0;
    const before = run.epoch * progress.steps_per_epoch;
    return Math.max(
      0,
      Math.min(1, (Math.max(progress.step, run.step) - before) / progress.steps_per_epoch),
    );
  }

  function drawStatus() {
    const { run, connection, problem } = state;
    const classes = imagesOf(run).class_names.length;
    const words = describeRun(run, state.epochs, classes, suspicion.suspect());
    const away = connection === "lost" && state.silent ? SILENT : CONNECTION_WORDS[connection];
    const silent = connection === "gone" || (run === null && connection === "lost");
    setText(byId("status-connection"), away || (state.byHttp ? BY_HTTP : ""));
    setText(byId("status-problem"), problem ?? formProblem());
    setText(byId("status-run"), silent ? "" : words.text);
    setText(byId("status-next"), nextRunWords());
    setText(byId("status-about"), silent ? "" : (words.about ?? ""));
    byId("status").dataset.tone = away || problem || formProblem() ? "bad" : words.tone;
    drawActions(words.lowerRate === true);
  }

  /**
   * Why training was refused, until it is corrected. It may be because of a field that is out of
   * sight.
   */
  function formProblem() {
    const { errors, attempts } = state.form;
    const wrong = Object.keys(errors).find(isFieldName);
    return attempts && wrong
      ? `Training can't start. ${FIELDS[wrong].title}: ${errors[wrong]}`
      : "";
  }

  /** @param {boolean} lowerRate */
  function drawActions(lowerRate) {
    const { connection } = state;
    const rate = form.lowerRate();
    const button = byId("lower-rate");
    button.hidden = !lowerRate || !(rate > 0) || connection !== "open";
    setText(button, `Set the rate to ${rate}`);
    byId("train-like-it").hidden =
      !isSomebodyElses(state.run) || state.copied !== null || connection !== "open";
    byId("stop-waiting").hidden =
      !isWaiting(state.run) || !isSteered(state.run) || connection !== "open";
    byId("retry").hidden = connection !== "lost";
    byId("to-start").hidden = connection !== "gone";
  }

  /** Says which changes in the form are for the next run. */
  function nextRunWords() {
    const { run } = state;
    if (
      run === null ||
      isPretrained(run) ||
      isSomebodyElses(run) ||
      (run.status === "paused" && run.step === 0)
    )
      return "";
    const titles = heldForNextRun(run, form.spec()).map((name) => FIELDS[name].title);
    if (titles.length === 0) return "";
    const list =
      titles.length > 1 ? `${titles.slice(0, -1).join(", ")} and ${titles.at(-1)}` : titles[0];
    return `Your changes (${list}) are for the next run. Press Reset to start it.`;
  }

  const request = () => loop.request(draw);
  store.subscribe(
    [
      "run",
      "progress",
      "epochs",
      "connection",
      "silent",
      "byHttp",
      "problem",
      "form",
      "busy",
      "datasets",
      "copied",
    ],
    request,
  );
  request();
}
