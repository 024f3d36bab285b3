/**
 * Notices a connection that is dead but was not closed, as after sleep or a change of network: the
 * server sends something at least every 10 seconds.
 */

const LONGEST = 25_000; // milliseconds without a message: the connection is dead
const DOUBTFUL = 12_000; // milliseconds without a message: dead, if the device may have slept
const CHECKED_EVERY = 1000;

/**
 * @param {(isLong: boolean) => void} onSilence whether it was noticed by its length alone
 */
export function createSilence(onSilence) {
  let heard = Date.now();

  /** @param {number} longest milliseconds */
  function check(longest) {
    if (Date.now() - heard <= longest) return;
    heard = Date.now();
    onSilence(longest === LONGEST);
  }

  setInterval(() => check(LONGEST), CHECKED_EVERY);
  return {
    /** Something came, or a new connection begins. */
    hear() {
      heard = Date.now();
    },
    /** The page is seen again: the device may have slept. */
    checkAfterSleep: () => check(DOUBTFUL),
    /** The network has changed: connections from before are usually dead. */
    checkAfterChange: () => check(-1),
  };
}
