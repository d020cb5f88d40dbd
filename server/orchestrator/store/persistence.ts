import { Worker } from 'node:worker_threads';
import type { ObjectKind, ObjectKinds } from '../model/objects.ts';
import { PendingChanges } from './pending-changes.ts';
import type { PersistenceAnswer, PersistenceRequest, SavedState, SavedSwarm } from './persistence-messages.ts';
import type { Persistence, Store } from './store.ts';
import { TaskTemplates } from './task-templates.ts';

export interface StoreDatabaseOptions {
  /** The database file; made if it is not there. */
  path: string;
  /** The thread's entry, as built. Without it the source beside this file is run. */
  workerFile?: string;
  /** Told when something could not be written; it is tried again with the next change. */
  onFailure?: (message: string, full: boolean) => void;
}

/** Runs the thread from its source where nothing is built, as in tests: a thread does not inherit the loader for TypeScript. */
const RUN_SOURCE = `import(${JSON.stringify(new URL('../../../node_modules/tsx/dist/esm/api/index.mjs', import.meta.url).href)})
  .then(({ register }) => register())
  .then(() => import(${JSON.stringify(new URL('./persistence-worker.ts', import.meta.url).href)}))`;

/**
 * A cluster's durable memory: the swarms of its machines, and documents about the machines themselves. Writing happens in a thread of
 * its own, in groups; whoever needs to know that something is safe waits for `flushed`.
 */
export class StoreDatabase {
  readonly #worker: Worker;
  readonly #onFailure: (message: string, full: boolean) => void;
  readonly #tickets = new Map<number, { resolve: (state?: SavedState) => void; reject: (error: Error) => void }>();
  readonly #templates = new TaskTemplates();
  readonly #pending = new Map<string, PendingChanges>();
  #posting: NodeJS.Immediate | undefined;
  #ticket = 0;
  #failure: Error | undefined;

  constructor(options: StoreDatabaseOptions) {
    this.#onFailure = options.onFailure ?? (() => {});
    const workerData = { path: options.path };
    this.#worker =
      options.workerFile === undefined
        ? new Worker(RUN_SOURCE, { eval: true, workerData })
        : new Worker(options.workerFile, { workerData });
    this.#worker.on('message', (answer: PersistenceAnswer) => this.#receive(answer));
    this.#worker.on('error', (error) => this.#fail(error));
    // The thread alone is no reason for the process to live on.
    this.#worker.unref();
  }

  /** Everything that was saved. */
  async load(): Promise<SavedState> {
    const state = await this.#ask('load');
    if (state === undefined) throw new Error('the store gave no state');
    return state;
  }

  /** What a Store of this swarm is to be made with. */
  persistenceOf(swarm: string): Persistence {
    return {
      commit: (version, events) => {
        let pending = this.#pending.get(swarm);
        if (pending === undefined) {
          pending = new PendingChanges(this.#templates);
          this.#pending.set(swarm, pending);
        }
        pending.add(version + 1, events);
        // All that happens in one turn goes together: a task that was made, allocated and placed in it is written once.
        this.#posting ??= setImmediate(() => this.#post());
      },
      flushed: () => this.flushed(),
    };
  }

  /** Saves a document that is no object of a swarm. */
  saveDocument(key: string, data: unknown): void {
    this.#send({ type: 'document', key, data });
  }

  /** A swarm without members is no more. */
  forget(swarm: string): void {
    this.#send({ type: 'forget', swarm });
  }

  /** Resolves when everything so far survives the death of this process; rejects when it cannot be written. */
  async flushed(): Promise<void> {
    await this.#ask('flush');
  }

  async close(): Promise<void> {
    const ended = new Promise<void>((resolve) => this.#worker.once('exit', () => resolve()));
    this.#worker.ref();
    this.#send({ type: 'close' });
    await ended;
  }

  #ask(type: 'flush' | 'load'): Promise<SavedState | undefined> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      const ticket = this.#ticket++;
      this.#tickets.set(ticket, { resolve, reject });
      // Someone waits: until the answer is there, the process has to live.
      this.#worker.ref();
      this.#send({ type, ticket });
    });
  }

  /** Sends what is pending first, so that the order of things is kept. */
  #send(request: PersistenceRequest): void {
    this.#post();
    this.#worker.postMessage(request);
  }

  #post(): void {
    clearImmediate(this.#posting);
    this.#posting = undefined;
    for (const [swarm, pending] of this.#pending)
      this.#worker.postMessage({ type: 'commit', swarm, ...pending.take() });
    this.#pending.clear();
  }

  #receive(answer: PersistenceAnswer): void {
    if (answer.type === 'failed') {
      this.#onFailure(answer.message, answer.full);
      this.#rejectAll(new Error(answer.message));
      return;
    }
    const waiter = this.#tickets.get(answer.ticket);
    this.#tickets.delete(answer.ticket);
    if (this.#tickets.size === 0) this.#worker.unref();
    waiter?.resolve(answer.type === 'loaded' ? answer.state : undefined);
  }

  /** The thread has died: nothing can be saved any more. */
  #fail(error: Error): void {
    this.#failure = error;
    this.#onFailure(error.message, false);
    this.#rejectAll(error);
  }

  #rejectAll(error: Error): void {
    for (const waiter of this.#tickets.values()) waiter.reject(error);
    this.#tickets.clear();
    this.#worker.unref();
  }
}

/** Puts a saved swarm's objects into a store that was made with `version: saved.version`. */
export function restoreSwarm(store: Store, saved: SavedSwarm): void {
  const byKind = new Map<ObjectKind, unknown[]>();
  for (const { kind, data } of saved.objects) {
    const group = byKind.get(kind) ?? [];
    group.push(data);
    byKind.set(kind, group);
  }
  // What this program wrote itself is read back as it was written; the schema's version guards against any other program's.
  for (const [kind, objects] of byKind) store.restore(kind, objects as ObjectKinds[typeof kind][]);
}
