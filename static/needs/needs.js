/**
 * Tells a browser's user what of it the page can't do without. No module, and in the JavaScript of
 * old browsers: those that can't run the page must be able to run this.
 */
(function () {
  var canvas = document.createElement("canvas");
  var context = canvas.getContext ? canvas.getContext("2d") : null;
  var lacking = whatLacks();
  var words = "This browser lacks what the page needs (" + lacking.join(", ") + "). ";
  var falsified = "This browser falsifies what a page reads from its own canvas, for privacy. ";

  if (lacking.length) {
    tell(words + "A current Firefox, Chrome, Edge or Safari has it.");
  } else if (isFalsified()) {
    tell(falsified + "Your drawings would reach the network as noise: allow it for this site.");
  }

  function whatLacks() {
    var found = [];
    if (!("noModule" in document.createElement("script"))) found.push("script modules");
    // The page is written in the language of 2022, of which these came last.
    if (!("at" in Array.prototype) || !("hasOwn" in Object)) found.push("today's JavaScript");
    if (!("fetch" in window)) found.push("fetch");
    if (!("WebSocket" in window)) found.push("WebSockets");
    if (!("showModal" in document.createElement("dialog"))) found.push("dialogs");
    if (!("PointerEvent" in window)) found.push("pointer events");
    if (!context) found.push("drawing on a canvas");
    return found;
  }

  /** Draws pixels whose colours are known, and reads them back. */
  function isFalsified() {
    var data;
    var i;
    if (!context) return false;
    canvas.width = canvas.height = 16;
    for (i = 0; i < 256; i += 1) {
      context.fillStyle = ["rgb(", i, ",", 255 - i, ",", i ^ 85, ")"].join("");
      context.fillRect(i % 16, Math.floor(i / 16), 1, 1);
    }
    try {
      data = context.getImageData(0, 0, 16, 16).data;
    } catch (_error) {
      return true;
    }
    for (i = 0; i < 256; i += 1) {
      if (differ(data[4 * i], i) || differ(data[4 * i + 1], 255 - i)) return true;
      if (differ(data[4 * i + 2], i ^ 85)) return true;
    }
    return false;
  }

  /** A little does no harm to a drawing. @param {number} read @param {number} drawn */
  function differ(read, drawn) {
    return Math.abs(read - drawn) > 8;
  }

  /** @param {string} text */
  function tell(text) {
    var place = document.getElementById("needs");
    if (!place) return;
    place.textContent = text;
    place.hidden = false;
  }
})();
