/**
 * An experiment as Python: a whole script that makes the same run with nn_core, bit for bit, and one
 * that builds and trains the same network in PyTorch.
 *
 * @typedef {"nn_core" | "pytorch"} Kind
 */

/** @import { FieldName, Spec } from "../form/fields.pure.js" */

const SHIPPED = "digits-5k"; // with nn_core

/** @type {Record<string, string>} */
const TORCH_ACTIVATIONS = {
  sigmoid: "nn.Sigmoid()",
  tanh: "nn.Tanh()",
  relu: "nn.ReLU()",
  "leaky-relu": "nn.LeakyReLU(0.01)",
  identity: "nn.Identity()",
};

/** @type {Record<string, string>} */
const TORCH_OUTPUTS = {
  sigmoid: "torch.sigmoid(z)",
  softmax: "torch.softmax(z, dim=1)",
  identity: "z",
};

/** @type {Record<string, string[]>} */
const TORCH_INITIALIZERS = {
  xavier: ["nn.init.xavier_uniform_(layer.weight)", "nn.init.zeros_(layer.bias)"],
  he: ['nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")', "nn.init.zeros_(layer.bias)"],
  "standard-normal": ["nn.init.normal_(layer.weight)", "nn.init.normal_(layer.bias)"],
  zeros: ["nn.init.zeros_(layer.weight)", "nn.init.zeros_(layer.bias)"],
};

/**
 * @param {Spec} spec with its learning rate filled in
 * @param {Kind} kind
 * @returns {string}
 */
export function codeOf(spec, kind) {
  const blocks = kind === "nn_core" ? nnCoreBlocks(spec) : torchBlocks(spec);
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

/** @param {Spec} spec @returns {string[][]} */
function nnCoreBlocks(spec) {
  return [
    ['"""Makes a run of Nudge once more, bit for bit, where nn_core is installed."""'],
    [
      "import os",
      "",
      "# Before NumPy is loaded: several threads may add up in another order.",
      'os.environ["OPENBLAS_NUM_THREADS"] = "1"',
    ],
    [
      "import numpy as np",
      "",
      ...imports(spec, ["Hyperparameters", "Network", "train"]),
      "from nn_core.events import Epoch, Status",
    ],
    dataLines(spec),
    [
      `rng = np.random.default_rng(seed=${python(spec.seed)})`,
      "rows, columns = dataset.input_shape",
      "network = Network(",
      `    [${["rows * columns", ...widths(spec), "dataset.classes"].join(", ")}],`,
      `    activation=${python(spec.activation)},`,
      `    output=${python(spec.output)},`,
      `    cost=${python(spec.cost)},`,
      ")",
      `network.initialize(${python(spec.initializer)}, rng)`,
    ],
    [
      "hyperparameters = Hyperparameters(",
      ...HYPERPARAMETERS.map((name) => `    ${name}=${python(spec[name])},${noteOn(name, spec)}`),
      ")",
      "for event in train(network, training, dataset.test, hyperparameters, rng):",
      "    match event:",
      "        case Epoch():",
      "            print(event.epoch, event.cost, event.test_accuracy)",
      "        case Status(reason=str(why)):",
      "            print(event.status, why)",
    ],
  ];
}

/** @type {FieldName[]} */
const HYPERPARAMETERS = [
  "optimizer",
  "learning_rate",
  "momentum",
  "l1",
  "l2",
  "dropout",
  "augment",
  "batch_size",
  "epochs",
];

/** @param {FieldName} name @param {Spec} spec */
function noteOn(name, spec) {
  if (name === "epochs" && spec.epochs === null) return "  # until you stop it";
  const moves = ["momentum", "nesterov"].includes(spec.optimizer);
  return name === "momentum" && !moves ? "  # of other optimizers" : "";
}

/** What is trained on. @param {Spec} spec */
function dataLines(spec) {
  const { dataset, train_examples: examples, extra_dataset: extra } = spec;
  const lines = [];
  if (dataset !== SHIPPED || extra)
    lines.push("# It must be here: see nudge download, or Library.add for your own.");
  if (extra) {
    const chosen = [dataset, examples, extra].map(python).join(", ");
    return [
      ...lines,
      `dataset = Library().load_to_train(${chosen})`,
      "training = dataset.training",
    ];
  }
  const first = examples === null || examples === undefined ? "" : `.first(${python(examples)})`;
  return [
    ...lines,
    `dataset = load_dataset(${python(dataset)})`,
    `training = dataset.training${first}`,
  ];
}

/** What loads the data. @param {Spec} spec @param {string[]} others of nn_core that are imported, too */
function imports({ extra_dataset: extra }, others) {
  const names = [...others, ...(extra ? [] : ["load_dataset"])].sort((a, b) => (a < b ? -1 : 1));
  const lines = names.length ? [`from nn_core import ${names.join(", ")}`] : [];
  return extra ? [...lines, "from nn_core.datasets import Library"] : lines;
}

/** @param {Spec} spec @returns {string[][]} */
function torchBlocks(spec) {
  const augments = spec.augment;
  return [
    [
      '"""Trains the same network with PyTorch, on the pictures that nn_core loads.',
      "",
      "PyTorch draws other random numbers: its figures are close to the run's.",
      '"""',
    ],
    [
      ...(spec.epochs === null ? ["from itertools import count", ""] : []),
      "import numpy as np",
      "import torch",
      "from torch import nn",
      "",
      ...imports(spec, []),
      ...(augments ? ["from nn_core.augmentation import augment"] : []),
    ],
    [
      `torch.manual_seed(${python(spec.seed)})`,
      ...(augments ? [`rng = np.random.default_rng(${python(spec.seed)})`] : []),
      ...dataLines(spec),
    ],
    [
      "",
      "def tensors(examples):",
      "    return map(torch.from_numpy, examples.batch(np.arange(len(examples))))",
      "",
    ],
    ["x, y = tensors(training)", "x_test, y_test = tensors(dataset.test)"],
    torchNetwork(spec),
    [
      "for layer in network:",
      "    if isinstance(layer, nn.Linear):",
      ...TORCH_INITIALIZERS[spec.initializer].map((line) => `        ${line}`),
    ],
    torchCost(spec),
    [`optimizer = ${torchOptimizer(spec)}`, ...torchLoop(spec)],
  ];
}

/** @param {Spec} spec */
function torchNetwork(spec) {
  const lines = ["network = nn.Sequential("];
  let inputs = "x.shape[1]";
  widths(spec).forEach((neurons, layer) => {
    lines.push(`    nn.Linear(${inputs}, ${neurons}),`);
    lines.push(`    ${TORCH_ACTIVATIONS[activationOf(spec, layer)]},`);
    if (spec.dropout > 0) lines.push(`    nn.Dropout(${python(spec.dropout)}),`);
    inputs = neurons;
  });
  lines.push(`    nn.Linear(${inputs}, y.shape[1]),  # z: ${outputNote(spec)}`, ")");
  return lines;
}

/** @param {Spec} spec */
function outputNote(spec) {
  return spec.output === "identity"
    ? "the outputs as they are"
    : `${spec.output} follows in the cost`;
}

/** The cost of a batch, summed over its examples. @param {Spec} spec */
function torchCost({ output, cost }) {
  const lines = [
    "",
    "def cost_of(z, y):",
    '    """Sum the costs of the examples, each a sum over its outputs."""',
  ];
  if (cost === "squared-error") {
    lines.push(`    return (${TORCH_OUTPUTS[output]} - y).square().sum()`);
  } else if (output === "softmax") {
    lines.push('    return nn.functional.cross_entropy(z, y, reduction="sum")');
  } else {
    lines.push('    return nn.functional.binary_cross_entropy_with_logits(z, y, reduction="sum")');
  }
  return [...lines, ""];
}

/** @param {Spec} spec */
function torchOptimizer({ optimizer, learning_rate, momentum }) {
  const rate = `network.parameters(), lr=${python(learning_rate)}`;
  if (optimizer === "adam") return `torch.optim.Adam(${rate})`;
  if (optimizer === "rmsprop") return `torch.optim.RMSprop(${rate})`;
  const moves = optimizer !== "sgd" && momentum > 0;
  const nesterov = moves && optimizer === "nesterov" ? ", nesterov=True" : "";
  return `torch.optim.SGD(${rate}${moves ? `, momentum=${python(momentum)}${nesterov}` : ""})`;
}

/** @param {Spec} spec */
function torchLoop(spec) {
  const { l1, l2, epochs, batch_size } = spec;
  const lines = [
    epochs === null
      ? "for epoch in count(1):  # until you stop it"
      : `for epoch in range(1, ${python(epochs)} + 1):`,
    "    network.train()",
    "    total = 0.0",
    `    for rows in torch.randperm(len(x)).split(${batch_size === "full" ? "len(x)" : python(batch_size)}):`,
    spec.augment
      ? "        images = torch.from_numpy(augment(x[rows].numpy(), dataset.input_shape, rng))"
      : "        images = x[rows]",
    "        cost = cost_of(network(images), y[rows])",
    "        total += cost.item()",
    "        cost = cost / len(rows)",
  ];
  if (l1 > 0 || l2 > 0) {
    lines.push("        for layer in network:", "            if isinstance(layer, nn.Linear):");
    if (l1 > 0) lines.push(`                cost += ${python(l1)} * layer.weight.abs().sum()`);
    if (l2 > 0)
      lines.push(`                cost += ${python(l2)} / 2 * layer.weight.square().sum()`);
  }
  return [
    ...lines,
    "        optimizer.zero_grad()",
    "        cost.backward()",
    "        optimizer.step()",
    "    network.eval()",
    "    with torch.no_grad():",
    "        right = (network(x_test).argmax(1) == y_test.argmax(1)).double().mean().item()",
    "    print(epoch, total / len(x), right)",
  ];
}

/** @param {Spec} spec @returns {string[]} */
function widths(spec) {
  return spec.hidden.map(python);
}

/** @param {Spec} spec @param {number} layer */
function activationOf({ activation }, layer) {
  return Array.isArray(activation) ? activation[layer] : activation;
}

/** A value as Python writes it. @param {unknown} value @returns {string} */
function python(value) {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(python).join(", ")}]`;
  return JSON.stringify(value);
}
