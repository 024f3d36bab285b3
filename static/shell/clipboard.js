/** Copies text, also on a page without HTTPS, where the browser offers no clipboard. */

/**
 * @param {string} text
 * @returns {Promise<boolean>} whether it was copied
 */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text);
  }
}

/** Copies by a selection, which also works without HTTPS. @param {string} text */
function copySelected(text) {
  const focused = document.activeElement;
  const area = document.createElement("textarea");
  area.className = "unseen";
  area.value = text;
  (focused?.closest("dialog") ?? document.body).append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return copied;
}

const SHOWN = 2000; // milliseconds

/**
 * Makes a button copy a text, and say whether that worked.
 * @param {HTMLElement} button
 * @param {HTMLElement} status read out by a screen reader
 * @param {() => string} text
 */
export function copyFrom(button, status, text) {
  const label = button.textContent ?? "";
  let timer = 0;
  button.addEventListener("click", async () => {
    const copied = await copy(text());
    button.style.minWidth = `${button.offsetWidth}px`; // nothing moves
    button.textContent = copied ? "Copied" : "Not copied";
    status.textContent = copied ? "Copied." : "This browser did not allow copying.";
    clearTimeout(timer);
    timer = setTimeout(() => {
      button.textContent = label;
      status.textContent = "";
    }, SHOWN);
  });
}
