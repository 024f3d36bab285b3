// What is wrong with the texts that can be seen on the page: a list of sentences.
() => {
  const faults = [];
  const shown = (e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !e.closest("[aria-hidden=true], dialog:not([open])") && getComputedStyle(e).clipPath !== "inset(50%)";
  const say = (e) => `${e.tagName.toLowerCase()}#${e.id || e.closest("[id]")?.id}.${e.className?.baseVal ?? e.className}: ${e.textContent.trim().slice(0, 40)}`;
  const texts = [];
  // Out of sight in a box that scrolls: it can be scrolled to.
  const isScrolledAway = (e, box) => {
    for (let up = e.parentElement; up && up !== document.body; up = up.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(up);
      if (overflowX === "visible" && overflowY === "visible") continue;
      const around = up.getBoundingClientRect();
      const scrolls = (o) => o === "auto" || o === "scroll";
      if (scrolls(overflowY) && (box.bottom > around.bottom || box.top < around.top)) return true;
      if (scrolls(overflowX) && (box.right > around.right || box.left < around.left)) return true;
    }
    return false;
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const e = node.parentElement;
    if (!node.data.trim() || !shown(e) || e.closest("script, style, option, svg, noscript")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects())
      if (box.width > 1 && box.height > 1 && !isScrolledAway(e, box)) texts.push({ e, box });
    if (getComputedStyle(e).fontSize.replace("px", "") < 12 ) faults.push(`small text: ${say(e)}`);
  }
  for (const { e, box } of texts) {
    for (let up = e; up && up !== document.body; up = up.parentElement) {
      const style = getComputedStyle(up);
      const [x, y] = [style.overflowX, style.overflowY];
      const around = up.getBoundingClientRect();
      const hides = (o) => o === "hidden" || o === "clip";
      if (hides(x) && (box.left < around.left - 1 || box.right > around.right + 1)) faults.push(`cut sideways by ${up.id || up.className}: ${say(e)}`);
      if (hides(y) && (box.top < around.top - 2 || box.bottom > around.bottom + 2)) faults.push(`cut by ${up.id || up.className}: ${say(e)}`);
      if (style.position === "fixed") break;
    }
    if (box.right > innerWidth + 1 && !e.closest(".table-box, .scene, .strip")) faults.push(`beyond the window: ${say(e)}`);
  }
  for (const e of document.querySelectorAll("button, input, select, summary")) {
    if (!shown(e)) continue;
    if (e.scrollWidth > e.clientWidth + 2 && e.tagName !== "INPUT") faults.push(`wider than its box: ${say(e)} ${e.scrollWidth} ${e.clientWidth}`);
  }
  const fixed = (e) => e.closest(".top, .tabs, .dock, .tour");
  for (let i = 0; i < texts.length; i += 1)
    for (let j = i + 1; j < texts.length; j += 1) {
      const [a, b] = [texts[i], texts[j]];
      if (a.e === b.e || a.e.contains(b.e) || b.e.contains(a.e) || fixed(a.e) !== fixed(b.e)) continue;
      const w = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
      const h = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
      if (w > 2 && h > 4) faults.push(`overlap: ${say(a.e)} | ${say(b.e)}`);
    }
  if (document.documentElement.scrollWidth > innerWidth) faults.push(`scrolls sideways: ${document.documentElement.scrollWidth} > ${innerWidth}`);
  return [...new Set(faults)];
}
