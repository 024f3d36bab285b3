/** A box that opens under its button, and closes by Escape or by a press anywhere else but in a dialog. */

/**
 * @param {HTMLDetailsElement} details
 * @param {() => boolean} mayClose whether a press elsewhere may close it now
 */
export function closeFromOutside(details, mayClose = () => true) {
  const summary = details.querySelector("summary");
  document.addEventListener("pointerdown", ({ target }) => {
    const inside =
      target instanceof Element && (details.contains(target) || target.closest("dialog") !== null);
    if (!inside && mayClose()) details.open = false;
  });
  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !details.open) return;
    event.stopPropagation();
    details.open = false;
    summary?.focus();
  });
}
