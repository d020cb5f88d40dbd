import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Progress } from '../../server/clusters/progress.ts';
import { PROJECT_ROOT } from '../../server/clusters/project-root.ts';
import { callApi } from '../../server/clusters/provisioning/engine-api.ts';
import { ClusterFolder } from '../../server/clusters/state-folder.ts';
import { toBytes } from '../../server/terminals/terminal-socket.ts';
import { type LiveMessage, liveMessage } from '../../server/workspaces/view/live-message.ts';
import { freePort } from '../e2e/support/free-port.ts';
import { type PageNodes, pageNodes, startOwnServer } from '../e2e/support/own-server.ts';
import { type Measurement, percentile } from './measurement.ts';
import { PageClient } from './page-client.ts';

const LABS = join(PROJECT_ROOT, 'test', 'bench', 'labs');
const LAB = 'watched';
const STEP = 'three';
const SERVICE = 'watched';
const CHANGES = 40;
/** Of the p95, in milliseconds. */
const GOAL = 300;
/** The state itself is looked at this often, in milliseconds: what is measured is that much too long at the most. */
const LOOK_EVERY = 10;
/** Milliseconds between two changes, so that each begins from rest. */
const PAUSE = 700;
/** Longer than any of it takes. */
const LIMIT = 60_000;

const named = z.object({ id: z.string() });
const serviceObject = z.looseObject({ Version: z.object({ Index: z.number() }), Spec: z.looseObject({}) });
const tasks = z.array(z.object({ Status: z.object({ State: z.string() }) }));

/**
 * Milliseconds from a manager's showing that as many tasks of a service run as it is to have until the page has the verdict: the 95th
 * percentile. Tasks run that are observed running, as for every check: one that is no longer wanted runs until its container has ended,
 * which takes an engine some hundred milliseconds, and the page would be wrong to say otherwise before.
 */
export async function benchVerdict(_runs: number, tell: Progress): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  for (const kind of pageNodes()) {
    const times = await measure(kind);
    const p95 = percentile(times, 0.95);
    tell(
      `${times.length} changes on ${kind.nodes} nodes: p50 ${percentile(times, 0.5).toFixed(0)} ms, p95 ${p95.toFixed(0)} ms`,
    );
    const name = `a state change to its verdict on the page, ${kind.nodes} nodes, p95`;
    measurements.push({ name, unit: 'ms', ours: p95, goal: { atMost: GOAL }, runs: { ours: times } });
  }
  return measurements;
}

async function measure(kind: PageNodes): Promise<number[]> {
  const state = mkdtempSync(join(tmpdir(), 'sl-'));
  const served = await startOwnServer(state, await freePort(), kind, ['--labs', LABS]);
  try {
    const page = await PageClient.signIn(served);
    const { id } = await page.post(named, '', { lab: LAB });
    const live = new Live();
    const socket = await page.socket(`/api/workspaces/${id}/live`, [], (data) => live.take(toBytes(data).toString()));
    const name = await live.until((message) => {
      const status =
        message.type === 'workspace' ? message.workspace.cluster : message.type === 'status' && message.status;
      return status && status.phase === 'ready' ? status.name : undefined;
    });
    socket.send(JSON.stringify({ type: 'watch', step: STEP }));
    const watched = new WatchedService(new ClusterFolder(name, state).node('master').controlSocket);
    await watched.create();
    await live.until((message) => (shows(message, 3) ? true : undefined));
    const times: number[] = [];
    for (let change = 0; change < CHANGES; change++) {
      await pause(PAUSE);
      times.push(await oneChange(watched, live, change % 2 === 0 ? 2 : 3));
    }
    socket.close();
    return times;
  } finally {
    await served.interrupt();
    rmSync(state, { recursive: true, force: true });
  }
}

/** Milliseconds by which the page came after the state; none when its verdict was there first. */
async function oneChange(watched: WatchedService, live: Live, size: number): Promise<number> {
  const told = live.until((message) => (shows(message, size) ? performance.now() : undefined));
  await watched.scale(size);
  const there = await watched.until(size);
  return Math.max(0, (await told) - there);
}

/** Whether the page is told that the service has come to this size. */
function shows(message: LiveMessage, size: number): boolean {
  const verdicts = message.type === 'step' ? message.progress.verdicts : [];
  return verdicts.some(({ observed }) => observed.includes(`${size} of ${size} running`));
}

/** What the page is told, as it comes. */
class Live {
  readonly #waiting = new Set<(message: LiveMessage) => void>();

  take(text: string): void {
    const message = liveMessage.parse(JSON.parse(text));
    for (const hear of this.#waiting) hear(message);
  }

  /** Resolves with what `find` makes of the first message that it makes something of. */
  until<Found>(find: (message: LiveMessage) => Found | undefined | false): Promise<Found> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('the page was not told')), LIMIT);
      const hear = (message: LiveMessage) => {
        const found = find(message);
        if (found === undefined || found === false) return;
        clearTimeout(timer);
        this.#waiting.delete(hear);
        resolve(found);
      };
      this.#waiting.add(hear);
    });
  }
}

/** The service that is changed, through a manager's Engine API. */
class WatchedService {
  readonly #socketPath: string;

  constructor(socketPath: string) {
    this.#socketPath = socketPath;
  }

  async create(): Promise<void> {
    await this.#call('POST', '/services/create', {
      Name: SERVICE,
      TaskTemplate: { ContainerSpec: { Image: 'nginx', StopGracePeriod: 0 } },
      Mode: { Replicated: { Replicas: 3 } },
    });
  }

  async scale(size: number): Promise<void> {
    const { Version, Spec } = serviceObject.parse(await this.#call('GET', `/services/${SERVICE}`));
    const path = `/services/${SERVICE}/update?version=${Version.Index}`;
    await this.#call('POST', path, { ...Spec, Mode: { Replicated: { Replicas: size } } });
  }

  /** Resolves with the moment at which as many tasks as that run, whatever is wanted of them. */
  async until(size: number): Promise<number> {
    const filters = encodeURIComponent(JSON.stringify({ service: [SERVICE] }));
    for (;;) {
      const seen = tasks.parse(await this.#call('GET', `/tasks?filters=${filters}`));
      if (seen.filter(({ Status }) => Status.State === 'running').length === size) return performance.now();
      await pause(LOOK_EVERY);
    }
  }

  #call(method: string, path: string, body?: unknown): Promise<unknown> {
    return callApi(this.#socketPath, method, `/v1.45${path}`, body);
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
