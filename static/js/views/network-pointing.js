/**
 * Which neuron, and which of its weights, is pointed at: with the mouse, a finger, or the keyboard
 * (arrows go from neuron to neuron; Enter goes into its picture, arrows from weight to weight,
 * Escape back).
 */

/** @typedef {import("../state.js").Store} Store */

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * @param {HTMLElement} scene
 * @param {Store} store
 */
export function followPointing(scene, store) {
  const { state } = store;
  let inside = false; // the keyboard is within a picture

  /** @param {EventTarget | null} target @returns {HTMLElement | null} */
  const neuronOf = (target) => /** @type {Element} */ (target).closest?.(".neuron") ?? null;

  /** @param {HTMLElement} button @param {number | null} cell */
  function point(button, cell) {
    const [layer, neuron] = [Number(button.dataset.layer), Number(button.dataset.neuron)];
    const before = state.pointed;
    if (before?.layer === layer && before.neuron === neuron && before.cell === cell) return;
    store.set({ pointed: { layer, neuron, cell } });
  }

  /** @param {HTMLElement} button @param {PointerEvent} event */
  function cellAt(button, event) {
    const canvas = /** @type {HTMLCanvasElement} */ (button.querySelector("canvas"));
    const box = canvas.getBoundingClientRect();
    const column = Math.floor(((event.clientX - box.left) / box.width) * canvas.width);
    const row = Math.floor(((event.clientY - box.top) / box.height) * canvas.height);
    const within = column >= 0 && column < canvas.width && row >= 0 && row < canvas.height;
    return within ? row * canvas.width + column : null;
  }

  scene.addEventListener("pointermove", (event) => {
    const button = neuronOf(event.target);
    if (button) point(button, cellAt(button, event));
    else leave();
  });
  scene.addEventListener("pointerdown", (event) => {
    const button = neuronOf(event.target);
    if (button) point(button, cellAt(button, event));
  });
  scene.addEventListener("pointerleave", leave);
  scene.addEventListener("focusin", (event) => {
    const button = neuronOf(event.target);
    inside = false;
    if (!button) return;
    makeOnlyStop(button);
    if (button.matches(":focus-visible")) point(button, null);
  });
  scene.addEventListener("focusout", () => {
    inside = false;
    store.set({ pointed: null });
  });
  scene.addEventListener("keydown", onKey);

  /** The mouse has left: what the keyboard points at, if anything, is told again. */
  function leave() {
    const focused = /** @type {HTMLElement | null} */ (scene.querySelector(".neuron:focus-visible"));
    if (focused && inside) return;
    if (focused) point(focused, null);
    else store.set({ pointed: null });
  }

  /** One stop for the tabulator in each layer. @param {HTMLElement} button */
  function makeOnlyStop(button) {
    for (const other of neighbours(button)) other.tabIndex = other === button ? 0 : -1;
  }

  /** @param {HTMLElement} button @returns {HTMLElement[]} */
  const neighbours = (button) => [
    .../** @type {NodeListOf<HTMLElement>} */ (button.closest(".neurons")?.querySelectorAll(".neuron") ?? []),
  ];

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const button = neuronOf(event.target);
    if (!button) return;
    if (event.key === "Escape") {
      inside = false;
      store.set({ pointed: null });
    } else if (event.key === "Enter" || event.key === " ") {
      inside = !inside;
      point(button, inside ? 0 : null);
    } else if (event.key in ARROWS) {
      const [right, down] = ARROWS[event.key];
      if (inside) moveCell(button, right, down);
      else moveNeuron(button, right, down);
    } else return;
    event.preventDefault();
  }

  /** @param {HTMLElement} button @param {number} right @param {number} down */
  function moveCell(button, right, down) {
    const { width, height } = /** @type {HTMLCanvasElement} */ (button.querySelector("canvas"));
    const cell = state.pointed?.cell ?? 0;
    const column = Math.max(0, Math.min(width - 1, (cell % width) + right));
    const row = Math.max(0, Math.min(height - 1, Math.floor(cell / width) + down));
    point(button, row * width + column);
  }

  /** @param {HTMLElement} button @param {number} right @param {number} down */
  function moveNeuron(button, right, down) {
    const all = neighbours(button);
    const layer = /** @type {HTMLElement} */ (button.closest(".layer"));
    const pictures = layer.classList.contains("layer-pictures");
    const columns = pictures ? getComputedStyle(layer.querySelector(".neurons")).gridTemplateColumns.split(" ").length : 1;
    all[all.indexOf(button) + right + down * columns]?.focus();
  }
}
