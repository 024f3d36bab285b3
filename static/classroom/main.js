/** The classroom page, for the teacher: the state of the wall, and when its tiles are drawn. */

import { titleOf } from "../runs/names.pure.js";
import { api, wordsOf } from "../shell/api.js";
import { classApi } from "../shell/class-api.js";
import { byId, setText } from "../shell/dom.js";
import { keyOf } from "../shell/keys.pure.js";
import { createLoop } from "../shell/loop.js";
import { readPage } from "../shell/page.js";
import { addressOf, isOwn } from "./address.js";
import { createLesson } from "./lesson.view.js";
import { watchTheWall } from "./live.js";
import { createTile } from "./tile.view.js";
import { countLine, hear, inOrder, isFound, newestOfEach, readPictures } from "./wall.pure.js";

/**
 * @import { ClassroomPage } from "../shell/page.js"
 * @import { Action, Tile } from "./tile.view.js"
 * @import { News, Order, Pictures, WallRun } from "./wall.pure.js"
 */

const AWAY = "Connection lost. The page keeps what it shows and reconnects automatically.";

const BLOCKED =
  "No WebSocket gets through to the server: the network, or a proxy in it, blocks them. This page " +
  "can't do without; the students' pages can.";

/** @type {ClassroomPage} */
const page = readPage();
const dark = matchMedia("(prefers-color-scheme: dark)");
const mouse = matchMedia("(hover: hover)");
const loop = createLoop();
const wall = byId("wall");

/** @type {Map<string, WallRun>} */
const runs = new Map();
/** @type {Map<string, Pictures>} */
const pictures = new Map();
/** @type {Map<string, Tile>} */
const tiles = new Map();
/** @type {Set<string>} the runs whose texts have changed since they were drawn */
const changed = new Set();
/** @type {Set<string>} the runs whose pictures have changed since they were drawn */
const repainted = new Set();
/** @type {string | null} */
let shown = null;
let looks = false; // whether it is on every screen
let leftOut = 0;
const order = byId("order", HTMLSelectElement);
const wanted = byId("filter", HTMLInputElement);
const everyRun = byId("every-run", HTMLInputElement);
const lesson = createLesson(page, perform);
let fresh = true; // the server is about to send everything

/** @param {News} news */
function onNews(news) {
  if (fresh) runs.clear();
  fresh = false;
  for (const { id } of hear(runs, news)) changed.add(id);
  leftOut = news.left_out;
  setShown(news.shown, news.look);
  lesson.hear(news);
  byId("empty").hidden = runs.size + leftOut > 0;
  loop.request(draw);
}

/** @param {ArrayBuffer} buffer */
function onPictures(buffer) {
  const received = readPictures(buffer);
  pictures.set(received.id, received);
  repainted.add(received.id);
  loop.request(draw);
}

/** @param {string | null} run @param {boolean} everywhere */
function setShown(run, everywhere) {
  if (run === shown && everywhere === looks) return;
  for (const id of [shown, run]) if (id !== null) changed.add(id);
  shown = run;
  looks = everywhere;
}

/** The runs that have a tile. */
function runsShown() {
  const chosen = everyRun.checked ? [...runs.values()] : newestOfEach(runs.values());
  return chosen.filter((run) => isFound(run, wanted.value));
}

function draw() {
  const found = new Set(runsShown().map(({ id }) => id));
  for (const id of pictures.keys()) if (!runs.has(id)) pictures.delete(id);
  for (const [id, tile] of tiles) if (!found.has(id)) remove(id, tile);
  for (const id of found) if (!tiles.has(id)) add(id);
  for (const id of changed) {
    const run = runs.get(id);
    if (run) tiles.get(id)?.draw(run, shown, looks, page);
  }
  const theme = dark.matches ? "dark" : "light";
  for (const id of repainted) tiles.get(id)?.paint(pictures.get(id), theme);
  changed.clear();
  repainted.clear();
  sort();
  lesson.drawChart(newestOfEach(runs.values()), theme);
  setText(byId("count"), countLine(runs.values(), leftOut));
  const run = runs.get(shown ?? "");
  setText(byId("shown"), run ? `Shown to everybody: ${titleOf(run, page)}, ${run.who}` : "");
  byId("show-none").hidden = shown === null;
}

/** @param {string} id */
function add(id) {
  const tile = createTile(id, (action) => act(id, action));
  tiles.set(id, tile);
  wall.append(tile.element);
  changed.add(id);
  repainted.add(id);
}

/** @param {string} id @param {Tile} tile */
function remove(id, tile) {
  tile.element.remove();
  tiles.delete(id);
}

/**
 * Sorts the tiles, but not while the mouse is over a tile's buttons: the button would move away.
 */
function sort() {
  if (mouse.matches && wall.querySelector(".actions:hover")) return;
  const focused = document.activeElement;
  inOrder(runsShown(), /** @type {Order} */ (order.value)).forEach(({ id }, place) => {
    const element = tiles.get(id)?.element;
    if (element && wall.children[place] !== element)
      wall.insertBefore(element, wall.children[place]);
  });
  // Moving an element takes the focus from it.
  if (focused instanceof HTMLElement && focused !== document.activeElement)
    focused.focus({ preventScroll: true });
}

/** @param {string} id @param {Action} action */
async function act(id, action) {
  if (action === "show") await perform(() => show(id === shown ? null : id, false));
  else if (action === "look")
    await perform(() => (id === shown && looks ? show(null, false) : show(id, true)));
  else await perform(() => command(id, action));
}

/**
 * Shows the outcome at once, without waiting for the next news.
 * @param {string} id
 * @param {"pause" | "stop"} name
 */
async function command(id, name) {
  const command = runs.get(id)?.sweep ? classApi.commandSweep : api.command;
  const { status, reason } = await command(id, name);
  if (!runs.has(id)) return;
  hear(runs, { runs: [{ id, status, reason }], gone: [] });
  changed.add(id);
  loop.request(draw);
}

/** @param {string | null} run @param {boolean} everywhere */
async function show(run, everywhere) {
  await classApi.show(run, everywhere);
  setShown(run, everywhere);
  loop.request(draw);
}

/** @param {() => Promise<unknown>} command */
async function perform(command) {
  setText(byId("problem"), "");
  try {
    await command();
  } catch (error) {
    setText(byId("problem"), wordsOf(error));
  }
}

/** Shows the wall to a class: large, and without the controls. @param {boolean} on */
function present(on) {
  document.body.classList.toggle("present", on);
  loop.request(draw);
}

present(new URLSearchParams(location.search).has("present"));
byId("present").addEventListener("click", () => present(true));
addEventListener("keydown", (event) => {
  const { target, repeat, ctrlKey, metaKey, altKey } = event;
  const isTyped = target instanceof Element && target.closest("input, select");
  if (repeat || ctrlKey || metaKey || altKey || isTyped) return;
  if (keyOf(event) === "p") present(!document.body.classList.contains("present"));
  if (event.key === "Escape") present(false);
});

byId("show-none").addEventListener("click", () => perform(() => show(null, false)));
for (const control of [order, wanted, everyRun])
  control.addEventListener("input", () => loop.request(draw));
byId("clear-wall").addEventListener("click", () => perform(classApi.clearWall));
byId("unreachable").hidden = !isOwn(addressOf(page));
dark.addEventListener("change", () => {
  for (const id of runs.keys()) {
    changed.add(id);
    repainted.add(id);
  }
  loop.request(draw);
});
watchTheWall({
  onOpen() {
    fresh = true;
    setText(byId("connection"), "");
    wall.classList.remove("stale");
  },
  onNews,
  onPictures,
  onLost(isBlocked) {
    setText(byId("connection"), isBlocked ? BLOCKED : AWAY);
    wall.classList.add("stale");
  },
});
