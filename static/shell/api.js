/** The server's HTTP calls. A call that fails throws an ApiError. */

import { errorsFromAnswer } from "../form/validation.pure.js";
import { atRoot } from "./root.js";

/**
 * @import { Answer } from "../slope/nudge.pure.js"
 * @import { Learned } from "../drawings/drawings.pure.js"
 * @import { Mistakes } from "../mistakes/mistakes.pure.js"
 * @import { Prediction } from "../pad/prediction.pure.js"
 * @import { Epoch } from "../runs/epochs.pure.js"
 * @import { Run } from "../runs/run.pure.js"
 * @import { StepCost } from "../runs/step-costs.pure.js"
 * @import { Descent } from "../story/made.pure.js"
 */

/** Its message says to a person all that is wrong; fields and rest say it in parts. */
export class ApiError extends Error {
  /**
   * @param {number} status of the answer; 0: there was none
   * @param {unknown} detail the answer's `detail`
   * @param {number} [retryAfter] seconds until it may be asked again, if the server says so
   */
  constructor(status, detail, retryAfter = 0) {
    const { fields, rest } = errorsFromAnswer(detail);
    const words = [...rest, ...Object.values(fields)].join(" ");
    super(words || "The server did not accept this.");
    this.status = status;
    this.retryAfter = retryAfter;
    this.fields = fields; // what is wrong with fields of the form
    this.rest = rest.join(" ") || (words ? "" : this.message); // what is wrong apart from them
  }
}

/**
 * Puts an error of a call into words. Any other error is a fault of the page, and is thrown on.
 * @param {unknown} error
 * @returns {string}
 */
export function wordsOf(error) {
  if (error instanceof ApiError) return error.message;
  throw error;
}

/**
 * @template T what the server's schema promises
 * @param {string} method
 * @param {string} path below /api
 * @param {RequestInit} [content] a body and its type
 * @returns {Promise<T>}
 */
export async function call(method, path, content) {
  let response;
  try {
    response = await fetch(atRoot(`/api${path}`), { method, ...content });
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
 * @param {string} path below /api
 * @param {string} etag of what is there already
 * @returns {Promise<{ data: ArrayBuffer, etag: string } | null>} null if that is still the newest
 */
async function newer(path, etag) {
  try {
    /** @type {HeadersInit} */
    const headers = etag ? { "If-None-Match": etag } : {};
    const response = await fetch(atRoot(`/api${path}`), { headers, cache: "no-store" });
    if (response.status !== 200) return null;
    return { data: await response.arrayBuffer(), etag: response.headers.get("ETag") ?? "" };
  } catch {
    throw new ApiError(0, "The server does not answer.");
  }
}

/** @param {unknown} value @returns {RequestInit} */
export const json = (value) => ({
  body: JSON.stringify(value),
  headers: { "Content-Type": "application/json" },
});

/**
 * A picture: a file, which has a type, or a PNG's bytes, which take a browser less long to send.
 * @param {Blob | Uint8Array<ArrayBuffer>} body
 * @returns {RequestInit}
 */
export const picture = (body) => ({
  body,
  headers: { "Content-Type": body instanceof Blob ? body.type : "image/png" },
});

/**
 * Sends files. (fetch() does not say how much of them is sent.)
 * @template T
 * @param {string} path below /api
 * @param {File | FormData} body
 * @param {string | null} type null: a form has its own
 * @param {(share: number) => void} [tell] 0–1
 * @returns {Promise<T>}
 */
function send(path, body, type, tell = () => {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", atRoot(`/api${path}`));
    if (type) request.setRequestHeader("Content-Type", type);
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => tell(total > 0 ? loaded / total : 0);
    request.upload.onload = () => tell(1);
    request.onload = () => {
      if (request.status < 300 && request.response) resolve(request.response);
      else reject(new ApiError(request.status, request.response?.detail ?? request.statusText));
    };
    request.onerror = () =>
      reject(new ApiError(0, "The server does not answer, or does not accept this file."));
    request.send(body);
  });
}

/** @param {number | null} [epoch] */
const ofEpoch = (epoch) => (epoch === null || epoch === undefined ? "" : `?epoch=${epoch}`);

/** @param {string} run */
export const path = (run) => `/runs/${encodeURIComponent(run)}`;

export const api = {
  /** @returns {Promise<object>} the OpenAPI document */
  schema: () => call("GET", "/openapi.json"),
  /**
   * @param {string} also one that somebody else may have shared
   * @returns {Promise<unknown>}
   */
  datasets: (also) => call("GET", `/datasets?with=${encodeURIComponent(also)}`),
  /**
   * @param {string} name
   * @returns {Promise<{ name: string, images: string[] }[]>} some of each class, in base64
   */
  previewOf: (name) => call("GET", `/datasets/${encodeURIComponent(name)}/preview`),
  /** @param {string} name @returns {Promise<unknown>} */
  shareDataset: (name) => call("POST", `/datasets/${encodeURIComponent(name)}/share`),
  /** @param {string} name @returns {Promise<void>} */
  removeDataset: (name) => call("DELETE", `/datasets/${encodeURIComponent(name)}`),
  /** @param {string} name @returns {Promise<unknown>} */
  download: (name) => call("POST", `/datasets/${encodeURIComponent(name)}/download`),
  /**
   * @param {File[]} files of one data set
   * @param {(share: number) => void} [tell]
   * @returns {Promise<{ name: string, notes: string[] }>}
   */
  upload: (files, tell) => {
    const [file, ...others] = files;
    if (others.length === 0)
      return send(
        `/datasets?filename=${encodeURIComponent(file.name)}`,
        file,
        "application/octet-stream",
        tell,
      );
    const form = new FormData();
    for (const part of files) form.append("file", part);
    return send("/datasets", form, null, tell);
  },
  /** @returns {Promise<Run[]>} the pretrained networks and the visitor's own */
  runs: () => call("GET", "/runs"),
  /** @param {string} run @returns {Promise<Run>} */
  run: (run) => call("GET", path(run)),
  /** @param {string} run @returns {Promise<void>} */
  remove: (run) => call("DELETE", path(run)),
  /** @param {File} file a zip of runs @returns {Promise<Run[]>} those it brought */
  importRuns: (file) => send("/runs/import", file, "application/zip"),
  /**
   * @param {object} spec
   * @param {{ paused?: boolean, insteadOf?: string | null }} [options] paused: make no step yet;
   *   insteadOf: a run to stop, and to delete if it has made no step
   * @returns {Promise<Run>}
   */
  create: (spec, { paused = false, insteadOf = null } = {}) => {
    const query = new URLSearchParams({
      ...(paused && { paused: "true" }),
      ...(insteadOf && { instead_of: insteadOf }),
    });
    return call("POST", `/runs?${query}`.replace(/\?$/, ""), json(spec));
  },
  /** @param {string} run @returns {Promise<Run>} a run of one's own with its network, paused */
  copy: (run) => call("POST", `${path(run)}/copy`),
  /**
   * @param {string} run
   * @param {object[]} drawings
   * @returns {Promise<Learned>}
   */
  learn: (run, drawings) => call("POST", `${path(run)}/learn`, json({ drawings })),
  /** @param {string} run @param {object} changes @returns {Promise<Run>} */
  change: (run, changes) => call("PATCH", path(run), json(changes)),
  /**
   * @param {string} run
   * @param {"pause" | "resume" | "step" | "stop"} command
   * @returns {Promise<Run>}
   */
  command: (run, command) => call("POST", `${path(run)}/${command}`),
  /** @param {string} name @returns {Promise<string>} HTML of a part of the page */
  part: async (name) => {
    const answer = await fetch(new URL(`../parts/${name}.html`, import.meta.url));
    if (!answer.ok) throw new ApiError(answer.status, "a part of the page is missing");
    return answer.text();
  },
  /** @returns {Promise<{ known: boolean }>} whether this browser sent the server's cookie */
  visitor: () => call("GET", "/visitor"),
  /**
   * @param {string} run
   * @param {string} etag of the frame that is there already; empty if none is
   * @returns {Promise<{ data: ArrayBuffer, etag: string } | null>} null if there is no newer one
   */
  frame: (run, etag) => newer(`${path(run)}/frame`, etag),
  /** @param {string} run @param {number} after @returns {Promise<Epoch[]>} */
  epochs: (run, after) => call("GET", `${path(run)}/epochs?after=${after}`),
  /** @param {string} run @param {number} after @returns {Promise<StepCost[]>} */
  steps: (run, after) => call("GET", `${path(run)}/steps?after=${after}`),
  /**
   * @param {string} run
   * @param {Blob | Uint8Array<ArrayBuffer>} body a PNG, a JPEG or a WebP
   * @param {{ fromPad?: boolean, epoch?: number | null }} [options] fromPad: it is surely light ink on
   *   a dark ground; epoch: null is now
   * @returns {Promise<Prediction & { notes: string[] }>} notes: what was done to a picture, in words
   */
  predict: (run, body, { fromPad = false, epoch = null } = {}) => {
    const query = new URLSearchParams({
      ...(fromPad && { pad: "true" }),
      ...(epoch !== null && { epoch: String(epoch) }),
    });
    return call("POST", `${path(run)}/predict?${query}`.replace(/\?$/, ""), picture(body));
  },
  /**
   * @param {string} run
   * @param {Uint8Array<ArrayBuffer>} body a PNG from the pad
   * @param {{ truth: number | null, epoch: number | null }} of truth: the right class; null is what the
   *   network reads; epoch: null is now
   * @returns {Promise<ArrayBuffer>} a safetensors file
   */
  walk: (run, body, { truth, epoch }) => {
    const query = new URLSearchParams({
      pad: "true",
      ...(truth !== null && { truth: String(truth) }),
      ...(epoch !== null && { epoch: String(epoch) }),
    });
    return call("POST", `${path(run)}/walk?${query}`, picture(body));
  },
  /**
   * @param {string} run
   * @param {number | null} epoch null is now
   * @param {{ index: number, amount: number, reach: number, apply: boolean }} nudge
   * @returns {Promise<Answer>}
   */
  nudge: (run, epoch, nudge) => call("POST", `${path(run)}/nudge${ofEpoch(epoch)}`, json(nudge)),
  /** @param {string} run @param {number | null} epoch @returns {Promise<ArrayBuffer>} */
  gradient: (run, epoch) => call("GET", `${path(run)}/gradient${ofEpoch(epoch)}`),
  /** @param {string} run @param {number | null} epoch @returns {Promise<Descent>} */
  descent: (run, epoch) => call("GET", `${path(run)}/descent${ofEpoch(epoch)}`),
  /** @param {string} run @returns {Promise<number[]>} the epochs whose checkpoints are kept */
  checkpoints: (run) => call("GET", `${path(run)}/checkpoints`),
  /** @param {string} run @param {number} epoch @returns {Promise<ArrayBuffer>} */
  checkpoint: (run, epoch) => call("GET", `${path(run)}/checkpoint${ofEpoch(epoch)}`),
  /**
   * @param {string} run
   * @param {number | null} epoch null is now
   * @returns {Promise<Mistakes>}
   */
  mistakes: (run, epoch) => call("GET", `${path(run)}/mistakes${ofEpoch(epoch)}`),
  /**
   * @param {string} dataset
   * @param {number} index among its test examples; beyond the last it starts again
   * @returns {Promise<{ index: number, label: number, image: number[] }>} pixels 0–1, row by row
   */
  testExample: (dataset, index) =>
    call("GET", `/datasets/${encodeURIComponent(dataset)}/test/${index}`),
  /**
   * @returns {Promise<boolean | null>} whether the server asks for the teacher's token again; null if
   *   it doesn't answer
   */
  async asksForToken() {
    try {
      return (await fetch(atRoot("/classroom"))).status === 401;
    } catch {
      return null;
    }
  },
};
