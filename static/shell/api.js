/** The server's HTTP calls. Whatever goes wrong is an ApiError with words for a person. */

export class ApiError extends Error {
  /**
   * @param {number} status 0 when no answer came
   * @param {unknown} detail the answer's `detail`
   * @param {number} [retryAfter] seconds until it may be asked again, where the server says so
   */
  constructor(status, detail, retryAfter = 0) {
    super(typeof detail === "string" ? detail : "The server did not accept this.");
    this.status = status;
    this.detail = detail;
    this.retryAfter = retryAfter;
  }
}

/**
 * @param {string} method
 * @param {string} path below /api
 * @param {unknown} [body] sent as JSON; bytes as they are: a PNG
 * @returns {Promise<any>}
 */
async function call(method, path, body) {
  const options = { method };
  if (body instanceof Uint8Array) {
    options.body = body; // not a Blob, which a browser takes longer to send
    options.headers = { "Content-Type": "image/png" };
  } else if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers = { "Content-Type": "application/json" };
  }
  let response;
  try {
    response = await fetch(`/api${path}`, options);
  } catch {
    throw new ApiError(0, "The server does not answer.");
  }
  let answer = null;
  try {
    const type = response.headers.get("Content-Type") ?? "";
    if (type.startsWith("application/octet-stream")) answer = await response.arrayBuffer();
    else if (response.status !== 204) answer = await response.json();
  } catch {
    throw new ApiError(response.status, "The server's answer can't be read.");
  }
  if (!response.ok) {
    const retryAfter = Number(response.headers.get("Retry-After"));
    throw new ApiError(response.status, answer?.detail ?? response.statusText, retryAfter);
  }
  return answer;
}

/**
 * Sends a file. (fetch() does not tell how far it is.)
 * @param {string} path below /api
 * @param {File} file
 * @param {string} type
 * @param {(share: number) => void} [tell] 0–1
 * @returns {Promise<any>}
 */
function send(path, file, type, tell = () => {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/api${path}`);
    request.setRequestHeader("Content-Type", type);
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => tell(total > 0 ? loaded / total : 0);
    request.upload.onload = () => tell(1);
    request.onload = () => {
      if (request.status < 300 && request.response) resolve(request.response);
      else reject(new ApiError(request.status, request.response?.detail ?? request.statusText));
    };
    request.onerror = () => reject(new ApiError(0, "The server does not answer, or does not take this file."));
    request.send(file);
  });
}

/** @param {number | null} [epoch] */
const ofEpoch = (epoch) => (epoch === null || epoch === undefined ? "" : `?epoch=${epoch}`);

/** @param {string} run */
const path = (run) => `/runs/${encodeURIComponent(run)}`;

export const api = {
  /** @returns {Promise<any[]>} */
  datasets: () => call("GET", "/datasets"),
  /** @param {string} name @returns {Promise<any>} */
  download: (name) => call("POST", `/datasets/${encodeURIComponent(name)}/download`),
  /** @param {File} file @param {(share: number) => void} tell @returns {Promise<any>} */
  upload: (file, tell) => send(`/datasets?filename=${encodeURIComponent(file.name)}`, file, "application/octet-stream", tell),
  /** @returns {Promise<import("./state.js").Run[]>} the pretrained networks and one's own runs */
  runs: () => call("GET", "/runs"),
  /** @param {string} run @returns {Promise<import("./state.js").Run>} */
  run: (run) => call("GET", path(run)),
  /** @param {string} run @returns {Promise<void>} */
  remove: (run) => call("DELETE", path(run)),
  /** @param {File} file a zip of runs @returns {Promise<import("./state.js").Run[]>} those it brought */
  importRuns: (file) => send("/runs/import", file, "application/zip"),
  /** @param {object} spec @returns {Promise<import("./state.js").Run>} */
  create: (spec) => call("POST", "/runs", spec),
  /** @param {string} run @param {object} changes @returns {Promise<import("./state.js").Run>} */
  change: (run, changes) => call("PATCH", path(run), changes),
  /**
   * @param {string} run
   * @param {"pause" | "resume" | "step" | "stop"} command
   * @returns {Promise<import("./state.js").Run>}
   */
  command: (run, command) => call("POST", `${path(run)}/${command}`),
  /** @param {string} run @param {number} after @returns {Promise<import("./state.js").Epoch[]>} */
  epochs: (run, after) => call("GET", `${path(run)}/epochs?after=${after}`),
  /**
   * @param {string} run
   * @param {Uint8Array} png
   * @param {number | null} [epoch] null is now
   * @returns {Promise<import("./state.js").Prediction>}
   */
  predict: (run, png, epoch) => call("POST", `${path(run)}/predict${ofEpoch(epoch)}`, png),
  /**
   * @param {string} run
   * @param {{ index: number, amount: number, apply: boolean }} nudge
   * @returns {Promise<{ cost: number | null, predicted: number | null, measured: number | null }>}
   */
  nudge: (run, nudge) => call("POST", `${path(run)}/nudge`, nudge),
  /** @param {string} run @returns {Promise<number[]>} the epochs whose checkpoints are kept */
  checkpoints: (run) => call("GET", `${path(run)}/checkpoints`),
  /** @param {string} run @param {number} epoch @returns {Promise<ArrayBuffer>} */
  checkpoint: (run, epoch) => call("GET", `${path(run)}/checkpoint${ofEpoch(epoch)}`),
  /**
   * @param {string} run
   * @param {number | null} epoch null is now
   * @returns {Promise<import("./state.js").Mistakes>}
   */
  mistakes: (run, epoch) => call("GET", `${path(run)}/mistakes${ofEpoch(epoch)}`),
  /**
   * @param {string} dataset
   * @param {number} index among its test examples; beyond the last it starts again
   * @returns {Promise<{ index: number, label: number, image: number[] }>} pixels 0–1, row by row
   */
  testExample: (dataset, index) => call("GET", `/datasets/${encodeURIComponent(dataset)}/test/${index}`),
  /** The teacher shows a run to everybody. @param {string | null} run @returns {Promise<{ run: string | null }>} */
  show: (run) => call("POST", "/classroom/show", { run }),
};
