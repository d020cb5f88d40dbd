import { SetupProblem } from './report.mjs';

const OLDEST = [20, 19];

/** Refuses a Node.js that is too old. @param {string} version */
export function checkNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  throw new SetupProblem(`Node.js ${version} is too old; ${OLDEST.join('.')} or newer is needed`, [
    'Install a newer one from https://nodejs.org/ or your distribution, then run the command again.',
  ]);
}
