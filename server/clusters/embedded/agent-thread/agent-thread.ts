import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Disposable } from '../../../clock/clock.ts';
import { PROJECT_ROOT } from '../../project-root.ts';
import type { NodeReports } from '../node-shells.ts';
import type { AgentThreadMessage, AgentThreadRequest } from './messages.ts';

const BUILT = join(PROJECT_ROOT, 'build', 'cli', 'agent-thread-worker.js');
/** Room for what lives shortly: what terminals print passes through, and little of it stays. */
const YOUNG_MEGABYTES = 4;
/** Runs the thread from its source where nothing is built, as in tests: a thread does not inherit the loader for TypeScript. */
const RUN_SOURCE = `import(${JSON.stringify(join(PROJECT_ROOT, 'node_modules/tsx/dist/esm/api/index.mjs'))})
  .then(({ register }) => register())
  .then(() => import(${JSON.stringify(new URL('./agent-thread-worker.ts', import.meta.url).href)}))`;

interface ServedNode {
  reports: NodeReports;
  serving: (problem: string | undefined) => void;
}

/** This process's side of the thread that serves the agent sockets of all its embedded nodes with real shells. */
export class AgentThread {
  static #shared: AgentThread | undefined;

  /** The thread of this process, which runs from now on. */
  static start(): AgentThread {
    AgentThread.#shared ??= new AgentThread();
    return AgentThread.#shared;
  }

  readonly #worker: Worker;
  readonly #nodes = new Map<number, ServedNode>();
  #numbers = 0;

  private constructor() {
    this.#worker = existsSync(BUILT)
      ? new Worker(BUILT, { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MEGABYTES } })
      : new Worker(RUN_SOURCE, { eval: true });
    this.#worker.on('message', (message: AgentThreadMessage) => this.#hear(message));
    // Without their shells the clusters are of no use: it ends the process as a mistake of its own would.
    this.#worker.on('error', (error) => {
      throw error;
    });
    // The thread alone is no reason for the process to live on.
    this.#worker.unref();
  }

  /** Serves a node at a socket until disposed; `prefix` is what stands before a command of the student's there. Rejects if it cannot listen. */
  async serve(socket: string, prefix: readonly string[], reports: NodeReports): Promise<Disposable> {
    const node = ++this.#numbers;
    const problem = await new Promise<string | undefined>((serving) => {
      this.#nodes.set(node, { reports, serving });
      this.#tell({ type: 'serve', node, socket, prefix });
    });
    const dispose = () => {
      if (this.#nodes.delete(node)) this.#tell({ type: 'close', node });
    };
    if (problem === undefined) return { dispose };
    dispose();
    throw new Error(problem);
  }

  #hear(message: AgentThreadMessage): void {
    const node = this.#nodes.get(message.node);
    if (message.type === 'serving') node?.serving(message.problem);
    else
      this.#tell({
        type: 'facts',
        ticket: message.ticket,
        facts: {
          requests: node?.reports.requests(message.since) ?? [],
          connected: node?.reports.isConnected() ?? false,
        },
      });
  }

  #tell(request: AgentThreadRequest): void {
    this.#worker.postMessage(request);
  }
}
