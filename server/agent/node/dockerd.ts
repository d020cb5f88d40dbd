import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { request } from 'node:http';
import type { Clock } from '../../clock/clock.ts';
import { sleep } from '../../clock/clock.ts';
import { DOCKERD_LOG, ENGINE_PID_FILE, ENGINE_SOCKET } from './node-files.ts';
import { processName } from './process-name.ts';

const FIRST_BACKOFF = 200;
const LONGEST_BACKOFF = 5_000;
/** Having run this long, the next death is a new misfortune and not the same one again. */
const STABLE_AFTER = 10_000;
const READY_POLL = 50;
/** A daemon that is not our child (the agent died and came back) does not tell us when it ends. */
const ADOPTED_POLL = 1_000;
const STOP_TIMEOUT = 20_000;
const LARGEST_LOG = 8 * 1024 * 1024;

export interface DockerdOptions {
  clock: Clock;
  args: string[];
  log: (message: string) => void;
}

/**
 * Keeps the node's dockerd running: starts it, or takes over the one that outlived an earlier agent, and starts it again when it
 * dies, waiting longer each time up to five seconds.
 */
export class Dockerd {
  readonly #options: DockerdOptions;
  #pid: number | undefined;
  #stopping = false;
  #ended: Promise<void> = Promise.resolve();

  constructor(options: DockerdOptions) {
    this.#options = options;
  }

  /** Process ID of the daemon that runs now. */
  get pid(): number | undefined {
    return this.#pid;
  }

  start(): void {
    this.#ended = this.#superviseUntilStopped();
  }

  /** Resolves when the daemon answers. */
  async ready(): Promise<void> {
    while (!this.#stopping && !(await answers())) await sleep(this.#options.clock, READY_POLL);
  }

  /** Ends the daemon, and with it its containers; resolves when it is gone. */
  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#pid !== undefined) signal(this.#pid, 'SIGTERM');
    const pid = this.#pid;
    const timer = this.#options.clock.after(STOP_TIMEOUT, () => pid !== undefined && signal(pid, 'SIGKILL'));
    await this.#ended;
    timer.dispose();
  }

  async #superviseUntilStopped(): Promise<void> {
    const { clock, log } = this.#options;
    let backoff = FIRST_BACKOFF;
    while (!this.#stopping) {
      const startedAt = clock.now();
      const how = await this.#runOnce();
      if (this.#stopping) return;
      if (clock.now() - startedAt > STABLE_AFTER) backoff = FIRST_BACKOFF;
      log(`dockerd ended (${how}); starting it again in ${backoff} ms`);
      await sleep(clock, backoff);
      backoff = Math.min(backoff * 2, LONGEST_BACKOFF);
    }
  }

  /** Runs or adopts one daemon, and says how it ended. */
  async #runOnce(): Promise<string> {
    const running = runningDaemon();
    if (running === undefined) return this.#spawn();
    this.#options.log(`taking over dockerd ${running}`);
    this.#pid = running;
    while (processName(running) === 'dockerd') await sleep(this.#options.clock, ADOPTED_POLL);
    this.#pid = undefined;
    return 'it was not our child';
  }

  #spawn(): Promise<string> {
    const args = [
      ...['--host', `unix://${ENGINE_SOCKET}`, '--group', 'root', '--pidfile', ENGINE_PID_FILE, '--log-level', 'warn'],
      ...this.#options.args,
    ];
    const output = openLog();
    // A session of its own: the daemon and the containers outlive the agent.
    const child = spawn('dockerd', args, { detached: true, stdio: ['ignore', output, output] });
    closeSync(output);
    this.#pid = child.pid;
    return new Promise((resolve) => {
      const ended = (how: string) => {
        this.#pid = undefined;
        resolve(how);
      };
      child.once('error', (error) => ended(error.message));
      child.once('exit', (code, signalName) => ended(signalName ?? `exit status ${code}`));
    });
  }
}

function openLog(): number {
  try {
    if (statSync(DOCKERD_LOG).size > LARGEST_LOG) renameSync(DOCKERD_LOG, `${DOCKERD_LOG}.1`);
  } catch {
    // There is none yet.
  }
  return openSync(DOCKERD_LOG, 'a', 0o600);
}

function runningDaemon(): number | undefined {
  try {
    const pid = Number(readFileSync(ENGINE_PID_FILE, 'utf8'));
    return processName(pid) === 'dockerd' ? pid : undefined;
  } catch {
    return undefined;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended already.
  }
}

/** Whether the engine answers now. */
export function answers(): Promise<boolean> {
  return new Promise((resolve) => {
    const ping = request({ socketPath: ENGINE_SOCKET, path: '/_ping', timeout: 2_000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    ping.once('timeout', () => ping.destroy());
    ping.once('error', () => resolve(false));
    ping.end();
  });
}
