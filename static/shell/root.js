/** The path under which the server is: it may be behind a proxy, below a path such as /nudge/. */

let prefix = ""; // "" or "/nudge"

/**
 * @param {string} root the address of the start page, as the server knows it; it may be relative
 */
export function setRoot(root) {
  const { pathname } = new URL(root, document.baseURI);
  prefix = `/${pathname}`.replace(/\/+/g, "/").replace(/\/$/, "");
}

/** The path on this host of a path on the server. @param {string} path begins with a slash */
export const atRoot = (path) => prefix + path;

/** The path on the server of a path on this host. @param {string} path */
export function belowRoot(path) {
  const plain = path.replace(/\/+/g, "/");
  return `${plain}/`.startsWith(`${prefix}/`) ? plain.slice(prefix.length) || "/" : plain;
}

/** The address of a WebSocket. @param {string} path on the server */
export function socketAddress(path) {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  return `${scheme}://${location.host}${atRoot(path)}`;
}
