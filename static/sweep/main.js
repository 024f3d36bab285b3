/** A sweep's page: what is known of the sweep, who is told of it, and when it is drawn. */

import { wordsOf } from "../shell/api.js";
import { copyFrom } from "../shell/clipboard.js";
import { byId, setText } from "../shell/dom.js";
import { createLoop } from "../shell/loop.js";
import { readPage } from "../shell/page.js";
import { atRoot } from "../shell/root.js";
import { sweepsApi } from "./api.js";
import { createBest } from "./best.view.js";
import { createCurves } from "./curves.view.js";
import { createHands } from "./hands.js";
import { watchSweep } from "./live.js";
import { createParallel } from "./parallel.view.js";
import { createScatter } from "./scatter.view.js";
import {
  emptyView,
  hasEnded,
  hear,
  lastEpoch,
  nameOf,
  standingOf,
  timeText,
  titleOf,
} from "./sweep.pure.js";
import { createTable } from "./table.view.js";

const LOST = "Connection lost. The page keeps what it shows and reconnects automatically.";
const TEXTS_PAUSE = 250; // milliseconds between two times that texts follow

const page = readPage();
const id = String(page.sweep);
const view = emptyView();
const loop = createLoop();
const hands = createHands(view, pointed);
const curves = createCurves(view, loop, hands);
const parallel = createParallel(view, loop, hands);
const scatter = createScatter(loop, hands);
const table = createTable(view, hands);
const best = createBest(view, hands);
const slider = byId("epoch-slider", HTMLInputElement);
let isDue = false;

/** Somebody points at something, or brushes: it stands out everywhere, at once. */
function pointed() {
  for (const picture of [curves, parallel, scatter]) picture.now();
  loop.request(table.point);
  loop.request(best.draw);
  loop.request(drawHovered);
  parallel.follow();
}

function drawHovered() {
  const member = view.sweep?.runs.find((run) => run.id === view.hovered);
  setText(byId("hovered"), member ? nameOf(member) : "");
}

/** Something new has come. */
function changed() {
  for (const picture of [curves, parallel, scatter]) picture.soon();
  if (isDue) return;
  isDue = true;
  setTimeout(() => {
    isDue = false;
    loop.request(drawTexts);
  }, TEXTS_PAUSE);
}

function drawTexts() {
  const { sweep } = view;
  if (!sweep) return;
  const title = sweep.name ?? `Sweep: ${Object.keys(sweep.vary).map(titleOf).join(" × ")}`;
  setText(byId("title"), title);
  document.title = `${title} · Nudge`;
  setText(byId("standing"), standingOf(sweep));
  const { length } = sweep.runs;
  const time = hasEnded(sweep.status) ? "" : `, ${timeText(sweep.estimated_seconds)} in all`;
  setText(byId("plan"), `${sweep.search}, ${length} runs, ${sweep.at_once} at once${time}`);
  byId("controls").hidden = !sweep.yours;
  for (const name of ["pause", "resume", "stop"])
    byId(name, HTMLButtonElement).disabled = !FITS[name].includes(sweep.status);
  const end = lastEpoch(view);
  slider.max = String(end);
  if (view.epoch === null) slider.value = String(end);
  setText(byId("epoch-shown"), view.epoch === null ? "the newest" : `epoch ${view.epoch}`);
  slider.setAttribute("aria-valuetext", view.epoch === null ? "the newest" : `epoch ${view.epoch}`);
  table.draw();
  best.draw();
}

/** @type {Record<string, string[]>} the states in which a command makes sense */
const FITS = {
  pause: ["training"],
  resume: ["paused", "stopped", "interrupted"],
  stop: ["training", "paused"],
};

for (const name of /** @type {const} */ (["pause", "resume", "stop"]))
  byId(name).addEventListener("click", () =>
    perform(async () => {
      const { status, reason } = await sweepsApi.command(id, name);
      if (view.sweep) Object.assign(view.sweep, { status, reason });
      changed();
    }),
  );
const question = byId("delete-question", HTMLDialogElement);
byId("delete").addEventListener("click", () => question.showModal());
byId("delete-no").addEventListener("click", () => question.close());
byId("delete-yes").addEventListener("click", () =>
  perform(async () => {
    question.close();
    await sweepsApi.remove(id);
    location.assign(atRoot("/sweeps"));
  }),
);

/** @param {() => Promise<void>} command */
async function perform(command) {
  setText(byId("problem"), "");
  try {
    await command();
  } catch (error) {
    setText(byId("problem"), wordsOf(error));
  }
}

slider.addEventListener("input", () => {
  view.epoch = slider.value === slider.max ? null : Number(slider.value);
  pointed();
  loop.request(drawTexts);
});
copyFrom(byId("copy-link"), byId("copy-status"), () => location.href);
watchSweep(id, {
  onNews(news) {
    const isFirst = !view.sweep;
    if (news.type === "hello") setText(byId("connection"), "");
    hear(view, news);
    if (isFirst && view.sweep) {
      table.begin();
      scatter.begin();
      byId("content").hidden = false;
      loop.request(drawTexts);
    }
    changed();
  },
  onLost: () => setText(byId("connection"), LOST),
  onGone: (why) => setText(byId("connection"), why),
});
