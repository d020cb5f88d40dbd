import { type Clock, type Disposable, sleep } from '../clock/clock.ts';
import type { Fault } from '../labs/fault.ts';
import { collectExec } from './collect-exec.ts';
import {
  askEngine,
  askForJson,
  dockerodeOptions,
  type EngineAddress,
  type EngineRequest,
  followEvents,
} from './engine-http.ts';
import type { CommandResult, EngineAnswer, GradingCluster, GradingNode, NodeCommand } from './grading-cluster.ts';
import { Unobservable } from './verdict.ts';
import type { WitnessedRequest } from './witnessed-request.ts';

export interface EngineClusterOptions {
  name: string;
  clock: Clock;
  orchestrator: GradingCluster['orchestrator'];
  nodes: readonly { name: string; hostname: string; address: string; engine: EngineAddress | undefined }[];
  requests?: (node: string, after: number) => Promise<WitnessedRequest[]>;
  exec?: (node: string, command: NodeCommand) => Promise<CommandResult>;
  fault?: (fault: Fault, seed: string) => Promise<void>;
  /** Says that an engine is being asked, until disposed; where virtual time has to know. */
  asking?: () => Disposable;
  /** Tells of every change, of tasks too, better than the engines' events do. */
  changes?: (listener: () => void) => Disposable;
  /** Tells of changes beside the engines' events, where somebody knows of more, until aborted or for as long as it can. */
  hints?: (changed: () => void, signal: AbortSignal) => Promise<void>;
}

/** How long to wait before following events again when their stream ended. */
const EVENTS_AGAIN_AFTER = 1000;

/** A cluster whose nodes' engines are asked over sockets or TCP, as any client of the Engine API would. */
export class EngineCluster implements GradingCluster {
  readonly name: string;
  readonly orchestrator: GradingCluster['orchestrator'];
  readonly nodes: readonly GradingNode[];
  readonly requests?: GradingCluster['requests'];
  readonly exec?: GradingCluster['exec'];
  readonly fault?: GradingCluster['fault'];
  readonly #clock: Clock;
  readonly #asking: () => Disposable;
  readonly #changes: EngineClusterOptions['changes'];
  readonly #hints: EngineClusterOptions['hints'];
  readonly #engines: ReadonlyMap<string, EngineAddress>;
  readonly #listeners = new Set<() => void>();
  #following: AbortController | undefined;

  constructor(options: EngineClusterOptions) {
    this.name = options.name;
    this.orchestrator = options.orchestrator;
    this.#clock = options.clock;
    this.#changes = options.changes;
    this.#hints = options.hints;
    this.#asking = options.asking ?? (() => ({ dispose: () => {} }));
    this.nodes = options.nodes.map(({ engine, ...node }) => ({ ...node, engine: engine !== undefined }));
    this.#engines = new Map(
      options.nodes.flatMap(({ name, engine }) => (engine === undefined ? [] : [[name, engine]])),
    );
    if (options.requests) this.requests = options.requests;
    if (options.exec) this.exec = options.exec;
    if (options.fault) this.fault = options.fault;
  }

  get(node: string, path: string): Promise<EngineAnswer> {
    return this.send(node, { method: 'GET', path });
  }

  /** Any request; for those who set a cluster up, never for graders. */
  send(node: string, request: EngineRequest): Promise<EngineAnswer> {
    return this.#during(askForJson(this.#engine(node), request, node));
  }

  getBytes(node: string, path: string): Promise<{ status: number; body: Buffer }> {
    return this.#during(askEngine(this.#engine(node), { method: 'GET', path }, node));
  }

  async execInContainer(
    node: string,
    container: string,
    argv: readonly string[],
    limit: number,
  ): Promise<CommandResult> {
    // Few checks need it, and it takes long to load.
    const { default: Dockerode } = await import('dockerode');
    const docker = new Dockerode(dockerodeOptions(this.#engine(node)));
    return this.#during(collectExec(docker, container, { Cmd: [...argv] }, { limit, clock: this.#clock }));
  }

  get tellsOfTasks(): boolean {
    return this.#changes !== undefined;
  }

  onChange(listener: () => void): Disposable {
    if (this.#changes !== undefined) return this.#changes(listener);
    this.#listeners.add(listener);
    if (this.#following === undefined) this.#follow();
    return {
      dispose: () => {
        this.#listeners.delete(listener);
        if (this.#listeners.size > 0) return;
        this.#following?.abort();
        this.#following = undefined;
      },
    };
  }

  async #during<T>(answer: Promise<T>): Promise<T> {
    const asking = this.#asking();
    try {
      return await answer;
    } finally {
      asking.dispose();
    }
  }

  #follow(): void {
    const following = new AbortController();
    this.#following = following;
    const changed = () => {
      for (const listener of this.#listeners) listener();
    };
    const follow = async () => {
      while (!following.signal.aborted && this.#hints !== undefined) {
        await this.#hints(changed, following.signal);
        await sleep(this.#clock, EVENTS_AGAIN_AFTER);
      }
    };
    void follow();
    for (const engine of this.#engines.values()) {
      const connect = () => {
        if (following.signal.aborted) return;
        followEvents(engine, following.signal, changed, () => {
          if (!following.signal.aborted) this.#clock.after(EVENTS_AGAIN_AFTER, connect);
        });
      };
      connect();
    }
  }

  #engine(node: string): EngineAddress {
    const engine = this.#engines.get(node);
    if (engine === undefined) throw new Unobservable(`the engine of ${node} cannot be asked from here`);
    return engine;
  }
}
