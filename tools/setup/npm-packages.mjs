import { existsSync, mkdirSync, readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { step } from './report.mjs';
import { runQuietly } from './run.mjs';

/** Whether node_modules is what package-lock.json asks for. npm keeps what it has installed in a lock file of its own. @param {string} root */
export function npmPackagesAreThere(root) {
  const installed = readPackages(join(root, 'node_modules', '.package-lock.json'));
  const wanted = readPackages(join(root, 'package-lock.json'));
  if (!installed || !wanted) return false;
  return Object.entries(wanted).every(([path, { version, optional, peer }]) => {
    if (path === '') return true;
    const there = installed[path];
    return there ? there.version === version : Boolean(optional || peer);
  });
}

/** Installs the npm packages when they are not what the lock file asks for. @param {string} root */
export async function ensureNpmPackages(root) {
  if (!npmPackagesAreThere(root)) {
    await step('installing npm packages (a minute or two, this once)', () => install(root));
  }
  linkCommand(root);
}

/**
 * Exactly what the lock file says. Where that is refused because the registry does not have the packages of other platforms (a mirror
 * need not), the same versions are installed without them.
 */
function install(root) {
  const quiet = ['--no-audit', '--no-fund', '--no-progress', '--loglevel=error'];
  const options = { cwd: root, env: { ...process.env, ...nodeHeaders() } };
  try {
    runQuietly('npm', ['ci', ...quiet], options);
  } catch {
    const next = ['Check that the npm registry can be reached, then run the command again.'];
    runQuietly('npm', ['install', '--no-save', ...quiet], { ...options, next });
  }
}

/** node-pty is compiled against Node's own headers: those beside the running Node, when there are any, need no download. */
function nodeHeaders() {
  const prefix = dirname(dirname(process.execPath));
  return existsSync(join(prefix, 'include', 'node', 'node.h')) ? { npm_config_nodedir: prefix } : {};
}

/** `npx swarmlab` finds commands of the checkout itself only when they are linked. */
function linkCommand(root) {
  const link = join(root, 'node_modules', '.bin', 'swarmlab');
  const target = join('..', '..', 'bin', 'swarmlab.mjs');
  try {
    if (readlinkSync(link) === target) return;
  } catch {
    // It is not there yet.
  }
  mkdirSync(dirname(link), { recursive: true });
  rmSync(link, { force: true });
  symlinkSync(target, link);
}

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch {
    return undefined;
  }
}
