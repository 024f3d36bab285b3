/** Reads a picture from elsewhere, and puts what the network sees of it on the pad. */

import { imagesOf } from "../runs/images.pure.js";
import { api, wordsOf } from "../shell/api.js";
import { contextOf } from "../shell/dom.js";

/** @import { Store } from "../shell/state.js" */

const FORMATS = ["image/png", "image/jpeg", "image/webp"]; // that the server reads
const MOST_BYTES = 2 ** 20; // that it takes; photographs have more
const SIDE = 1024; // pixels that a larger picture is reduced to: far more than a network sees

/** @param {Store} store */
export function createOtherPictures(store) {
  const { state } = store;

  /** @param {File} file */
  async function read(file) {
    const { watched, pastEpoch, run } = state;
    try {
      const picture = await sendable(file);
      const { image, notes } = await api.predict(watched, picture, { epoch: pastEpoch?.epoch });
      state.strokes.length = 0;
      const about = [`This is ${file.name}.`, ...notes].join(" ");
      store.set({ picture: { image, shape: imagesOf(run).shape, about }, problem: null });
      store.touch("strokes");
    } catch (error) {
      const why = error instanceof DOMException ? "this browser can't read it." : wordsOf(error);
      store.set({ problem: `${file.name}: ${why}` });
    }
  }

  return { read };
}

/** @typedef {ReturnType<typeof createOtherPictures>} OtherPicturesService */

/**
 * The file as it is, or made smaller or of a format that the server reads.
 * @param {File} file
 * @returns {Promise<Blob>}
 */
async function sendable(file) {
  if (FORMATS.includes(file.type) && file.size <= MOST_BYTES) return file;
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const context = contextOf(canvas);
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return new Promise((resolve) =>
    canvas.toBlob((blob) => resolve(blob ?? file), "image/webp", 0.95),
  );
}
