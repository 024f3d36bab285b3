/** The address of this server, as pupils are told of it. */

import { atRoot } from "../shell/root.js";

/** @import { ClassroomPage } from "../shell/page.js" */

/** @param {ClassroomPage} page @returns {string} with a slash at its end */
export const addressOf = ({ address }) => address ?? location.origin + atRoot("/");

/** Whether an address is this computer's own, which no other reaches. @param {string} address */
export const isOwn = (address) => /^(localhost|127[.].*|\[::1\])$/.test(new URL(address).hostname);
