/** The guided tour: its steps and their words. */

export const STEPS = [];
