/** What setting up tells: one line a step, on stderr, so that what a command prints stays clean. */

/** Something that only the user can put right: what is wrong, and what exactly to do. */
export class SetupProblem extends Error {
  /** @param {string} message @param {string[]} next */
  constructor(message, next) {
    super(message);
    this.next = next;
  }
}

/** @param {string} text */
export function tell(text) {
  process.stderr.write(`[swarmlab] ${text}\n`);
}

/**
 * Tells that a step begins, and how long it took.
 * @template T @param {string} text @param {() => T | Promise<T>} work @returns {Promise<T>}
 */
export async function step(text, work) {
  const began = Date.now();
  tell(`${text} ...`);
  const result = await work();
  tell(`${text}: done in ${((Date.now() - began) / 1000).toFixed(1)} s`);
  return result;
}
