/** Puts a box beside the element that it describes, within the window. */

const GAP = 14;
const EDGE = 8;

/**
 * @param {HTMLElement} element the box, with a fixed position at the window's corner
 * @param {DOMRect} box of the element that it describes
 */
export function placeBeside(element, box) {
  const { offsetWidth: width, offsetHeight: height } = element;
  const right = box.right + GAP;
  const left = right + width < innerWidth - EDGE ? right : Math.max(EDGE, box.left - width - GAP);
  const middle = box.top + box.height / 2 - height / 3;
  const beside = Math.max(EDGE, Math.min(middle, innerHeight - height - EDGE));
  const covers = left < box.right && left + width > box.left;
  const below =
    box.bottom + GAP + height < innerHeight
      ? box.bottom + GAP
      : Math.max(EDGE, box.top - height - GAP);
  element.style.transform = `translate(${Math.round(left)}px, ${Math.round(covers ? below : beside)}px)`;
}
