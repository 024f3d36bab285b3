import assert from "node:assert/strict";
import { test } from "node:test";
import { layersOf, parseSafetensors, readFile } from "../../../static/network/safetensors.pure.js";
import { frameWith } from "../examples.js";

// Made once, with the server's own writer and NumPy's own rounding to half precision:
//   network = Network([5, 3, 2])
//   gradient = Network([5, 3, 2]).parameters
//   network.parameters.theta[:] = np.linspace(-2, 2, 26)
//   gradient.theta[:] = np.linspace(1, 0, 26) ** 3
//   file = checkpoints.save_frame(network, gradient, epoch=7, step=91)
//   theta.astype(np.float16).astype(np.float64).tolist()  # of each of the two
const FRAME = [
  "kAIAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJhY3RpdmF0aW9uIjoiW1wic2lnbW9pZFwiXSIsImNvc3QiOiJzcXVhcmVk",
  "LWVycm9yIiwiZXBvY2giOiI3Iiwib3V0cHV0Ijoic2lnbW9pZCIsInN0ZXAiOiI5MSJ9LCJiaWFzZXMuMCI6eyJkYXRh",
  "X29mZnNldHMiOlswLDZdLCJkdHlwZSI6IkYxNiIsInNoYXBlIjpbM119LCJiaWFzZXMuMSI6eyJkYXRhX29mZnNldHMi",
  "Ols2LDEwXSwiZHR5cGUiOiJGMTYiLCJzaGFwZSI6WzJdfSwiZ3JhZGllbnQuYmlhc2VzLjAiOnsiZGF0YV9vZmZzZXRz",
  "IjpbMTAsMTZdLCJkdHlwZSI6IkYxNiIsInNoYXBlIjpbM119LCJncmFkaWVudC5iaWFzZXMuMSI6eyJkYXRhX29mZnNl",
  "dHMiOlsxNiwyMF0sImR0eXBlIjoiRjE2Iiwic2hhcGUiOlsyXX0sImdyYWRpZW50LndlaWdodHMuMCI6eyJkYXRhX29m",
  "ZnNldHMiOlsyMCw1MF0sImR0eXBlIjoiRjE2Iiwic2hhcGUiOlszLDVdfSwiZ3JhZGllbnQud2VpZ2h0cy4xIjp7ImRh",
  "dGFfb2Zmc2V0cyI6WzUwLDYyXSwiZHR5cGUiOiJGMTYiLCJzaGFwZSI6WzIsM119LCJ3ZWlnaHRzLjAiOnsiZGF0YV9v",
  "ZmZzZXRzIjpbNjIsOTJdLCJkdHlwZSI6IkYxNiIsInNoYXBlIjpbMyw1XX0sIndlaWdodHMuMSI6eyJkYXRhX29mZnNl",
  "dHMiOls5MiwxMDRdLCJkdHlwZSI6IkYxNiIsInNoYXBlIjpbMiwzXX19IGY2ezjDOVw/AEAZLPkpMigyBAAAADwUOzs6",
  "dDm+OBk4Bjf5NQg1MjTpMp8xgDAUL3QtnyUUIxkgMhwUFzIQAMBcv7i+FL5xvc28KbwKu8O5e7hmtq6zH60fLa4zCjsp",
  "PM08cT0UPrg+",
].join("");

const WEIGHTS = [
  -2.0, -1.83984375, -1.6796875, -1.51953125, -1.3603515625, -1.2001953125, -1.0400390625,
  -0.8798828125, -0.72021484375, -0.56005859375, -0.39990234375, -0.239990234375, -0.08001708984375,
  0.08001708984375, 0.239990234375, 0.39990234375, 0.56005859375, 0.72021484375, 0.8798828125,
  1.0400390625, 1.2001953125, 1.3603515625, 1.51953125, 1.6796875, 1.83984375, 2.0,
];

const GRADIENT = [
  1.0, 0.884765625, 0.77880859375, 0.681640625, 0.5927734375, 0.51220703125, 0.43896484375,
  0.373291015625, 0.314453125, 0.26220703125, 0.2159423828125, 0.1756591796875, 0.140625,
  0.110595703125, 0.085205078125, 0.06402587890625, 0.046661376953125, 0.03277587890625,
  0.0219573974609375, 0.013824462890625, 0.00800323486328125, 0.00409698486328125,
  0.001728057861328125, 0.0005121231079101562, 6.401538848876953e-5, 0.0,
];

/** @param {string} header @param {number[]} [bytes] that follow it */
function fileOf(header, bytes = []) {
  const text = new TextEncoder().encode(header);
  const file = new Uint8Array(8 + text.length + bytes.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  file.set(bytes, 8 + text.length);
  return file.buffer;
}

/** @param {string} base64 */
const bytesOf = (base64) => Uint8Array.from(Buffer.from(base64, "base64")).buffer;

test("numbers in 64 bits stay as they are, wherever they begin", () => {
  const header =
    '{"a":{"dtype":"F64","shape":[2],"data_offsets":[0,16]},"__metadata__":{"digit":"7"}}';
  const bytes = [...new Uint8Array(new Float64Array([Math.PI, -1e-300]).buffer)];
  for (const padding of ["", " ", "   "]) {
    const { tensors, metadata } = readFile(fileOf(header + padding, bytes));
    assert.deepEqual([...(tensors.get("a")?.values ?? [])], [Math.PI, -1e-300]);
    assert.deepEqual(metadata, { digit: "7" });
  }
});

for (const [kind, theta] of /** @type {const} */ ([
  ["weights", WEIGHTS],
  ["gradient", GRADIENT],
])) {
  test(`a frame's ${kind} are read as the server wrote them`, () => {
    const frame = parseSafetensors(bytesOf(FRAME));
    assert.deepEqual([frame.epoch, frame.step], [7, 91]);
    const layers = layersOf(frame, kind);
    const shapes = layers.map(({ weights, biases }) => [weights.shape, biases.shape]);
    assert.deepEqual(shapes, [
      [[3, 5], [3]],
      [[2, 3], [2]],
    ]);
    const read = layers.flatMap(({ weights, biases }) => [...weights.values, ...biases.values]);
    assert.deepEqual(read, theta);
  });
}

test("single precision is read too, and wherever the header ends", () => {
  const numbers = [1.5, -0.1, 3e38].map(Math.fround);
  const bytes = [...new Uint8Array(Float32Array.from(numbers).buffer)];
  const header = '{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}';
  for (const padding of ["", " ", "  ", "   "]) {
    const frame = parseSafetensors(fileOf(header + padding, bytes));
    assert.deepEqual([...(frame.tensors.get("a")?.values ?? [])], numbers);
    assert.deepEqual([frame.epoch, frame.step], [0, 0]);
  }
});

test("a tensor is decoded once", () => {
  const tensor = parseSafetensors(bytesOf(FRAME)).tensors.get("biases.0");
  assert.ok(tensor);
  assert.equal(tensor.values, tensor.values);
});

for (const header of [
  "",
  "[",
  "null",
  "3",
  '{"a":null}',
  '{"a":{"dtype":"F16","shape":[4],"data_offsets":[0,8]}}',
  '{"a":{"dtype":"I64","shape":[0],"data_offsets":[0,0]}}',
  '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,2]}}',
  '{"a":{"dtype":"F16","shape":[-1,2],"data_offsets":[4,0]}}',
  '{"a":{"dtype":"F16","shape":"x","data_offsets":[0,0]}}',
]) {
  test(`a garbled file is an error: ${header || "no header"}`, () => {
    assert.throws(
      () => parseSafetensors(fileOf(header, [0, 0])),
      (error) => error instanceof Error && error.message !== "",
    );
  });
}

test("a file that ends too soon is an error", () => {
  assert.throws(() => parseSafetensors(new ArrayBuffer(7)), /at least 8 bytes/);
  const whole = bytesOf(FRAME);
  assert.throws(() => parseSafetensors(whole.slice(0, 100)), /the header is longer than the file/);
  assert.throws(() => parseSafetensors(whole.slice(0, -1)), /does not fit into the file/);
});

test("no frame has no layers, nor has one whose tensors don't go together", () => {
  assert.deepEqual(layersOf(null, "weights"), []);
  /** @param {number[]} weights @param {number[]} biases */
  const count = (weights, biases) => {
    const tensors = new Map([
      ["weights.0", { shape: weights, values: new Float32Array(0) }],
      ["biases.0", { shape: biases, values: new Float32Array(0) }],
    ]);
    return layersOf(frameWith({ tensors }), "weights").length;
  };
  assert.deepEqual([count([3, 5], [3]), count([3, 5], [2]), count([15], [15])], [1, 0, 0]);
});
