/**
 * The text of by_hand.py as the view shows it: one function, its docstring and comments as prose, its
 * lines of code with their names.
 *
 * @typedef {{ name: string, from: number, to: number }} Function_ its lines, from 1, both included
 * @typedef {{ kind: "prose", line: number, indent: number, paragraphs: string[] }} Prose
 * @typedef {{ kind: "code", line: number, indent: number, text: string, remark: string }} Code
 * @typedef {Prose | Code} Block
 * @typedef {{ text: string, name: string | null, index: string | null }} Token a piece of a line; a name
 *   is that of a variable, such as parameters.weights, and its index what stands in brackets after it
 */

/** @param {string} text @param {number} line from 1 */
export const lineAt = (text, line) => text.split("\n")[line - 1] ?? "";

/**
 * The function that a line is in.
 * @param {string} text
 * @param {number} line from 1
 * @returns {Function_}
 */
export function functionAt(text, line) {
  const lines = text.split("\n");
  let from = line;
  while (from > 1 && !lines[from - 1].startsWith("def ")) from -= 1;
  let to = from;
  // It ends before the next line that is not indented; the signature's end, "):", is not that.
  while (to < lines.length && !/^[^\s)]/.test(lines[to])) to += 1;
  while (to > from && lines[to - 1].trim() === "") to -= 1;
  return { name: /^def (\w+)/.exec(lines[from - 1])?.[1] ?? "", from, to };
}

/**
 * A function's text in blocks.
 * @param {string} text
 * @param {Function_} lines
 * @returns {Block[]}
 */
export function blocksOf(text, { from, to }) {
  const lines = text.split("\n");
  /** @type {Block[]} */
  const blocks = [];
  let at = from;
  while (at <= to) {
    const line = lines[at - 1];
    const words = line.trim();
    const indent = line.length - line.trimStart().length;
    if (words.startsWith('"""')) {
      const end = endOfDocstring(lines, at);
      blocks.push({ kind: "prose", line: at, indent, paragraphs: docstring(lines, at, end) });
      at = end + 1;
    } else if (words.startsWith("#")) {
      const first = at;
      const said = [];
      for (; at <= to && lines[at - 1].trim().startsWith("#"); at += 1)
        said.push(lines[at - 1].trim().replace(/^#\s?/, ""));
      blocks.push({ kind: "prose", line: first, indent, paragraphs: [said.join(" ")] });
    } else {
      if (words) blocks.push(codeOf(line, at, indent));
      at += 1;
    }
  }
  return blocks;
}

/** @param {string} line @param {number} number @param {number} indent @returns {Code} */
function codeOf(line, number, indent) {
  const [, code, remark] = /^(.*?)(?:\s\s+#\s?(.*))?$/.exec(line.trim()) ?? ["", line.trim(), ""];
  return { kind: "code", line: number, indent, text: code, remark: remark ?? "" };
}

/** @param {string[]} lines @param {number} from @returns {number} its last line */
function endOfDocstring(lines, from) {
  if (lines[from - 1].trim().slice(3).includes('"""')) return from;
  let end = from + 1;
  while (end < lines.length && !lines[end - 1].includes('"""')) end += 1;
  return end;
}

/** @param {string[]} lines @param {number} from @param {number} to @returns {string[]} paragraphs */
function docstring(lines, from, to) {
  const text = lines.slice(from - 1, to).map((line) => line.trim());
  return text
    .join("\n")
    .replaceAll('"""', "")
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replaceAll("\n", " ").trim())
    .filter(Boolean);
}

const NAME = /[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*/g;

/** @param {string} code a line @returns {Token[]} that together are the line */
export function tokensOf(code) {
  /** @type {Token[]} */
  const tokens = [];
  let at = 0;
  for (const { 0: name, index } of code.matchAll(NAME)) {
    if (index > at) tokens.push({ text: code.slice(at, index), name: null, index: null });
    at = index + name.length;
    const bracket = /^\[([^\]]*)\]/.exec(code.slice(at));
    tokens.push({ text: name, name, index: bracket?.[1] ?? null });
  }
  if (at < code.length) tokens.push({ text: code.slice(at), name: null, index: null });
  return tokens;
}

/**
 * The lines of branches that were not taken: they are for other networks than this one. They assign
 * what steps assign elsewhere, and none of their lines is a step.
 * @param {Block[]} blocks of a function
 * @param {{ line: number, name: string }[]} steps
 * @returns {Set<number>} first lines of blocks
 */
export function notTaken(blocks, steps) {
  const ran = new Set(steps.map(({ line }) => line));
  const names = new Set(steps.map(({ name }) => name));
  const skipped = new Set();
  blocks.forEach((block, i) => {
    if (block.kind !== "code" || !/^(if|elif|else)\b.*:$/.test(block.text)) return;
    const body = blocks.slice(i + 1);
    const end = body.findIndex((other) => other.indent <= block.indent);
    const inside = end < 0 ? body : body.slice(0, end);
    const code = inside.filter(({ kind }) => kind === "code");
    const assigns = code.some((each) => each.kind === "code" && names.has(firstName(each.text)));
    if (!assigns || code.some(({ line }) => ran.has(line))) return;
    for (const { line } of [block, ...inside]) skipped.add(line);
  });
  return skipped;
}

/** @param {string} code */
const firstName = (code) => /^([\w.]+)(?::[^=]*)?\s*=/.exec(code)?.[1] ?? "";
