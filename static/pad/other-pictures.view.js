/** Takes pictures that are dropped on the page or pasted into it. */

import { byId } from "../shell/dom.js";

/** @import { OtherPicturesService } from "./other-pictures.service.js" */

/** @param {OtherPicturesService} pictures */
export function followPictures(pictures) {
  const box = byId("pad-box");

  /** @param {DataTransfer | null} data @returns {File | undefined} */
  const fileOf = (data) => data?.files[0];

  // Anywhere on the page: a browser would leave it, and show a file that misses the pad.
  document.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files") || isForFiles(event.target)) return;
    event.preventDefault();
    box.classList.add("awaits");
  });
  for (const type of /** @type {const} */ (["dragleave", "drop"])) {
    document.addEventListener(type, () => box.classList.remove("awaits"));
  }
  document.addEventListener("drop", (event) => {
    const file = fileOf(event.dataTransfer);
    if (!file || isForFiles(event.target)) return;
    event.preventDefault();
    pictures.read(file);
  });
  document.addEventListener("paste", (event) => {
    const file = fileOf(event.clipboardData);
    if (!file) return; // it is text
    event.preventDefault();
    pictures.read(file);
  });
}

/** Whether a file is dropped on a field that takes it. @param {EventTarget | null} target */
function isForFiles(target) {
  return target instanceof HTMLInputElement && target.type === "file";
}
