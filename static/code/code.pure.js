/**
 * An experiment as Python: a script that makes the same run with nn_core, bit for bit, and one that
 * trains the same network in PyTorch. The scripts are templates, in templates/code.
 */

import { activation } from "../network/activations.pure.js";

/** @import { Spec } from "../form/fields.pure.js" */

const SHIPPED = "digits-5k"; // with nn_core
const CONDITION = /(?:^| {2})# (if|unless) (\w+)(?: is ([\w-]+))?$/;

/**
 * @param {Spec} spec with its learning rate filled in
 * @param {string} template
 * @returns {string}
 */
export function codeOf(spec, template) {
  const { dataset, extra_dataset, train_examples, hidden, optimizer, momentum } = spec;
  const fromLibrary = Boolean(extra_dataset) || spec.label_noise > 0;
  const values = Object.entries(spec).map(([name, value]) => [name, python(value)]);
  const hasMomentum = ["momentum", "nesterov"].includes(optimizer);
  return render(
    template,
    {
      ...Object.fromEntries(values),
      layer_sizes: ["rows * columns", ...hidden, "dataset.classes"].join(", "),
      hidden_layers: torchLayers(spec),
      last_width: String(hidden.at(-1) ?? "x.shape[1]"),
    },
    {
      ...spec,
      shipped: dataset === SHIPPED && !extra_dataset,
      from_library: fromLibrary,
      first_examples: train_examples && !fromLibrary,
      has_momentum: hasMomentum,
      optimizer: hasMomentum && momentum === 0 ? "sgd" : optimizer, // PyTorch takes no Nesterov of 0
      loss: `${spec.output}-${spec.cost}`,
      penalty: spec.l1 > 0 || spec.l2 > 0,
    },
  );
}

/**
 * Fills in a template. `$name` becomes the text of that name; alone on its line, it can be several
 * lines. A line that ends with `# if name`, `# if name is value` or `# unless …` stands only where
 * that fact holds.
 * @param {string} template
 * @param {Record<string, string | string[]>} texts
 * @param {Record<string, unknown>} facts
 * @returns {string}
 */
export function render(template, texts, facts) {
  const lines = template.split("\n").flatMap((line) => {
    const [condition, word, name, value] = CONDITION.exec(line) ?? [""];
    if (condition) {
      const holds = value === undefined ? Boolean(facts[name]) : facts[name] === value;
      if (holds !== (word === "if")) return [];
    }
    return filled(line.slice(0, line.length - condition.length), texts);
  });
  return lines.join("\n");
}

/** @param {string} line @param {Record<string, string | string[]>} texts */
function filled(line, texts) {
  const [, indent, name] = /^( *)\$(\w+)$/.exec(line) ?? [];
  const several = texts[name];
  if (Array.isArray(several)) return several.map((text) => indent + text);
  return [line.replace(/\$(\w+)/g, (_, name) => String(texts[name]))];
}

/** The hidden layers of nn.Sequential. @param {Spec} spec */
function torchLayers({ hidden, activation: names, dropout }) {
  return hidden.flatMap((neurons, layer) => {
    const name = Array.isArray(names) ? names[layer] : names;
    return [
      `nn.Linear(${hidden[layer - 1] ?? "x.shape[1]"}, ${neurons}),`,
      `${activation(name).torch},`,
      ...(dropout > 0 ? [`nn.Dropout(${python(dropout)}),`] : []),
    ];
  });
}

/** A value as Python writes it. @param {unknown} value @returns {string} */
function python(value) {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(python).join(", ")}]`;
  return JSON.stringify(value);
}
