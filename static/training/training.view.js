/** The buttons that control the training, the counters, and the text about the state of the run. */

import { FIELDS, isFieldName } from "../form/fields.pure.js";
import { nameOf } from "../pad/prediction.pure.js";
import { imagesOf } from "../runs/images.pure.js";
import {
  isPretrained,
  isSomebodyElses,
  isSteered,
  isTraining,
  isWaiting,
} from "../runs/run.pure.js";
import { byId, setText } from "../shell/dom.js";
import { asSentence, formatCount, formatShare } from "../shell/format.pure.js";
import { atRoot } from "../shell/root.js";
import { stepWords, storyWords } from "../story/story.pure.js";
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

const LARGE = 96; // characters of a text that is still set in large type

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
    setText(byId("train-label"), TRAIN_WORDS[intent]);
    const trains = isTraining(run) && isSteered(run);
    train.disabled = trains;
    pause.disabled = !trains || isWaiting(run);
    train.setAttribute("aria-busy", String(state.busy));
  }

  /** The figures of the run as it is, or of the past epoch that the page shows. */
  function drawCounters() {
    const { run, progress, pastEpoch, epochs } = state;
    const figures = pastEpoch
      ? epochs.find(({ epoch }) => epoch === pastEpoch.epoch)
      : epochs.at(-1);
    const step = Math.max(run?.step ?? 0, progress?.step ?? 0);
    setText(byId("epoch"), pastEpoch ? pastEpoch.epoch : (run?.epoch ?? 0));
    const planned = run?.spec.epochs;
    const end = typeof planned === "number" ? `of ${planned}` : "";
    setText(byId("epoch-of"), isPretrained(run) || run === null ? "" : end);
    setText(byId("step-count"), formatCount(pastEpoch ? (figures?.step ?? 0) : step));
    setText(byId("reads-right"), formatShare(figures?.test_accuracy));
    byId("epoch-progress", HTMLProgressElement).value = progressShare();
  }

  /** The share of the present epoch that is done, 0–1. */
  function progressShare() {
    const { run, progress } = state;
    if (run?.status === "finished") return 1;
    if (!run || !progress) return 0;
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
    const status = byId("status");
    setText(byId("status-connection"), away || (state.byHttp ? BY_HTTP : ""));
    setText(byId("status-problem"), asSentence(problem ?? formProblem() ?? ""));
    setText(byId("status-run"), silent ? "" : (storyText() ?? words.text));
    byId("status-run").ariaLive = state.story ? "off" : null; // it is said when it is over
    setText(byId("status-next"), nextRunWords());
    setText(byId("status-about"), silent ? "" : (words.about ?? ""));
    status.dataset.tone = away || problem || formProblem() ? "bad" : toneOf(words.tone);
    const length = byId("status-run").parentElement?.textContent?.trim().length ?? 0;
    status.dataset.long = String(length > LARGE);
    drawActions(words.lowerRate === true);
  }

  /** What is told of the past is no success and no fault. @param {string} tone */
  const toneOf = (tone) => (state.pastEpoch || state.story ? "plain" : tone);

  /** What happens in the step that is told, or what the step that was told has done. */
  function storyText() {
    const { story, run, frames, pastEpoch, epochs } = state;
    const names = imagesOf(run).class_names;
    if (story && run) return storyWords(story, nameOf(story.truth, names), run.parameters);
    if (pastEpoch) {
      const figures = epochs.find(({ epoch }) => epoch === pastEpoch.epoch);
      const reads = figures
        ? ` It read ${formatShare(figures.test_accuracy)} of the test digits right.`
        : "";
      return `Looking back: after epoch ${formatCount(pastEpoch.epoch)}.${reads} Press Live to return.`;
    }
    const isLast = run?.status === "paused" && run.step > 0 && run.step === frames.weights?.step;
    return (isLast && stepWords(frames.weights?.descent ?? null)) || null;
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
    setText(button, `Start again with rate ${rate}`);
    byId("train-like-it").hidden =
      !isSomebodyElses(state.run) || state.copied !== null || connection !== "open";
    byId("stop-waiting").hidden =
      !isWaiting(state.run) || !isSteered(state.run) || connection !== "open";
    byId("retry").hidden = connection !== "lost";
    byId("to-start").hidden = connection !== "gone";
    const sweep = state.run?.sweep;
    byId("to-sweep").hidden = !sweep;
    if (sweep) byId("to-sweep", HTMLAnchorElement).href = atRoot(`/sweeps/${sweep}`);
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
    return `Waits for the next network: ${list}. Press Reset to make it.`;
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
      "pastEpoch",
      "story",
      "frames",
    ],
    request,
  );
  request();
}
