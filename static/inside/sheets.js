/** Loads this folder's sheets, which the page's own does not contain. */

/** @param {string[]} names @returns {Promise<void>} when they are here */
export async function loadSheets(names) {
  await Promise.all(
    names.map(
      (name) =>
        new Promise((resolve, reject) => {
          const link = document.createElement("link");
          link.rel = "stylesheet";
          link.href = new URL(`./${name}.css`, import.meta.url).href;
          link.addEventListener("load", resolve);
          link.addEventListener("error", reject);
          document.head.append(link);
        }),
    ),
  );
}
