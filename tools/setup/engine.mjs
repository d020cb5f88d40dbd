import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { mountCgroups } from './cgroups.mjs';
import { step, tell } from './report.mjs';
import { hasProgram } from './run.mjs';

/** Milliseconds that a new dockerd has until it answers. */
const START_TIMEOUT = 60_000;

/** Whether a Docker engine on this machine answers. @returns {Promise<boolean>} */
export function engineAnswers() {
  const address = process.env.DOCKER_HOST || 'unix:///var/run/docker.sock';
  if (!address.startsWith('unix://')) return Promise.resolve(false);
  return new Promise((resolve) => {
    const ping = request(
      { socketPath: address.slice('unix://'.length), path: '/_ping', timeout: 3_000 },
      (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      },
    );
    ping.once('timeout', () => ping.destroy());
    ping.once('error', () => resolve(false));
    ping.end();
  });
}

/** Starts a Docker engine where none answers and this process may; gives whether one answers now. */
export async function ensureEngine() {
  if (await engineAnswers()) return true;
  if (process.env.DOCKER_HOST) {
    tell(`DOCKER_HOST=${process.env.DOCKER_HOST} does not answer on this machine`);
    return false;
  }
  if (!hasProgram('dockerd')) return explain('dockerd is not installed');
  if (process.getuid?.() !== 0) return explain('only root may start dockerd: sudo systemctl start docker');
  return step('starting dockerd', startEngine);
}

/** dockerd in a session of its own, so that it outlives this command. */
async function startEngine() {
  mountCgroups();
  const folder = stateFolder();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const logPath = join(folder, 'dockerd.log');
  const log = openSync(logPath, 'a', 0o600);
  const child = spawn('dockerd', [], { detached: true, stdio: ['ignore', log, log], cwd: '/' });
  child.unref();
  let ended;
  child.once('error', (error) => (ended = error.message));
  child.once('exit', (code, signal) => (ended = `it ended with ${signal ?? code}`));
  for (const end = Date.now() + START_TIMEOUT; Date.now() < end && ended === undefined; ) {
    if (await engineAnswers()) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const last = readFileSync(logPath, 'utf8').trimEnd().split('\n').slice(-4);
  return explain([`dockerd does not come up: ${ended ?? 'it does not answer'} (${logPath})`, ...last].join('\n  | '));
}

function explain(why) {
  tell(`no Docker engine: ${why}`);
  tell('Without one the nodes are simulated (embedded); `npx swarmlab doctor` tells more.');
  return false;
}

/** The same folder as server/clusters/state-folder.ts. */
function stateFolder() {
  const { SWARMLAB_STATE, XDG_STATE_HOME } = process.env;
  return SWARMLAB_STATE || join(XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'swarmlab');
}
