/**
 * The key that was pressed, whatever CapsLock and the keyboard's layout make of it: a letter is that
 * of the layout if it is a Latin one, else the one that is printed on the same key of a Latin layout.
 * @param {{ key: string, code: string }} event
 * @returns {string} a small letter, or the key's own name
 */
export function keyOf({ key, code }) {
  if (code === "Space") return " ";
  if (key === "؟" || key === "？") return "?"; // Arabic and Chinese layouts
  const isForeignLetter = key.length === 1 && key > "~";
  if (isForeignLetter && /^Key[A-Z]$/.test(code)) return code.slice(-1).toLowerCase();
  return key.length === 1 ? key.toLowerCase() : key;
}
