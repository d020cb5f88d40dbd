import type { Clock, Disposable } from '../../clock/clock.ts';
import type {
  Cluster,
  Config,
  Network,
  Node,
  ObjectKind,
  ObjectKinds,
  Secret,
  Service,
  Task,
} from '../model/objects.ts';
import { Table } from './table.ts';

/** One object's change in a committed transaction. `object` is what it became, or for a removal what it last was. */
export type StoreEvent = {
  [K in ObjectKind]:
    | { kind: K; action: 'create'; object: ObjectKinds[K] }
    | { kind: K; action: 'update'; object: ObjectKinds[K]; old: ObjectKinds[K] }
    | { kind: K; action: 'remove'; object: ObjectKinds[K] };
}[ObjectKind];

/** Told once per committed transaction, with its changes in order. */
export type Watcher = (events: readonly StoreEvent[]) => void;

/** Takes every commit to durable storage. `commit` returns at once; `flushed` resolves when all commits so far are durable. */
export interface Persistence {
  commit(version: number, events: readonly StoreEvent[]): void;
  flushed(): Promise<void>;
}

/** Thrown when an object changed since the version that the caller had read; Docker shows the text as it is. */
export class SequenceConflict extends Error {
  constructor() {
    super('update out of sequence');
    this.name = 'SequenceConflict';
  }
}

/** What a transaction gives for a new object: everything but what the store itself decides. */
export type Draft<T> = Omit<T, 'Version' | 'CreatedAt' | 'UpdatedAt'>;

/** How a task's slot is found again: by number, or for a global service by node. */
export function slotKey(task: Pick<Task, 'ServiceID' | 'Slot' | 'NodeID' | 'global'>): string {
  return task.global ? `${task.ServiceID}/node/${task.NodeID ?? ''}` : `${task.ServiceID}/slot/${task.Slot ?? ''}`;
}

/** The reading side: tables with SwarmKit's indexes (tasks by service, node and slot; the named ones by lower-case name). */
export interface ReadView {
  readonly services: Table<Service>;
  readonly tasks: Table<Task>;
  readonly nodes: Table<Node>;
  readonly networks: Table<Network>;
  readonly secrets: Table<Secret>;
  readonly configs: Table<Config>;
  readonly clusters: Table<Cluster>;
  serviceByName(name: string): Service | undefined;
  tasksOfService(serviceId: string): Task[];
  tasksOfNode(nodeId: string): Task[];
  tasksOfSlot(key: string): Task[];
}

/** Inside `update`: reads see the transaction's own writes. */
export interface WriteTransaction extends ReadView {
  /** Adds a new object; its versions and times are set by the store. */
  create<K extends ObjectKind>(kind: K, draft: Draft<ObjectKinds[K]>): ObjectKinds[K];
  /** Replaces an object. With `expectedVersion`, throws SequenceConflict if the stored one has another; a missing object throws. */
  update<K extends ObjectKind>(kind: K, object: ObjectKinds[K], expectedVersion?: number): ObjectKinds[K];
  /** Removes an object; a missing one is left alone. */
  remove(kind: ObjectKind, id: string): void;
}

/**
 * All state of one Swarm, in memory, with one version counter, as SwarmKit's raft-backed store has: a transaction's objects get the
 * counter's value at its start, committing advances it. Transactions are synchronous and either happen whole or not at all.
 * Watchers are told after the commit, one transaction after the other: what a watcher commits is told when its turn comes.
 */
export class Store implements ReadView {
  readonly services = new Table<Service>({ name: (service) => service.Spec.Name.toLowerCase() });
  readonly tasks = new Table<Task>({
    service: (task) => task.ServiceID || undefined,
    node: (task) => task.NodeID || undefined,
    slot: slotKey,
  });
  readonly nodes = new Table<Node>();
  readonly networks = new Table<Network>({ name: (network) => network.Spec.Name });
  readonly secrets = new Table<Secret>({ name: (secret) => secret.Spec.Name.toLowerCase() });
  readonly configs = new Table<Config>({ name: (config) => config.Spec.Name.toLowerCase() });
  readonly clusters = new Table<Cluster>();

  readonly #clock: Clock;
  readonly #persistence: Persistence | undefined;
  readonly #watchers = new Set<Watcher>();
  readonly #pending: (readonly StoreEvent[])[] = [];
  #version: number;
  #delivering = false;
  #writing = false;

  constructor(clock: Clock, options: { persistence?: Persistence; version?: number } = {}) {
    this.#clock = clock;
    this.#persistence = options.persistence;
    this.#version = options.version ?? 1;
  }

  /** The counter: the version that the next transaction's objects will get. */
  get version(): number {
    return this.#version;
  }

  serviceByName(name: string): Service | undefined {
    return this.services.by('name', name.toLowerCase())[0];
  }

  tasksOfService(serviceId: string): Task[] {
    return this.tasks.by('service', serviceId);
  }

  tasksOfNode(nodeId: string): Task[] {
    return this.tasks.by('node', nodeId);
  }

  tasksOfSlot(key: string): Task[] {
    return this.tasks.by('slot', key);
  }

  /** Calls back after every commit until disposed. */
  watch(watcher: Watcher): Disposable {
    this.#watchers.add(watcher);
    return { dispose: () => this.#watchers.delete(watcher) };
  }

  /** Resolves when everything committed so far survives the death of the process. */
  async durable(): Promise<void> {
    await this.#persistence?.flushed();
  }

  /** Puts objects in as they were saved, telling no one: how a store comes back after a restart. */
  restore<K extends ObjectKind>(kind: K, objects: Iterable<ObjectKinds[K]>): void {
    const table = this.#table(kind);
    for (const object of objects) table.put(object);
  }

  /** Runs a transaction. If `work` throws, nothing has changed. Transactions do not nest. */
  update<R>(work: (transaction: WriteTransaction) => R): R {
    if (this.#writing) throw new Error('transactions do not nest');
    this.#writing = true;
    const events: StoreEvent[] = [];
    const undo: (() => void)[] = [];
    let result: R;
    try {
      result = work(this.#transaction(events, undo));
    } catch (error) {
      for (const step of undo.reverse()) step();
      throw error;
    } finally {
      this.#writing = false;
    }
    if (events.length > 0) {
      this.#persistence?.commit(this.#version, events);
      this.#version++;
      this.#pending.push(events);
      this.#deliver();
    }
    return result;
  }

  #transaction(events: StoreEvent[], undo: (() => void)[]): WriteTransaction {
    const timestamp = this.#clock.timestamp();
    const Version = { Index: this.#version };
    const record = (event: { kind: ObjectKind; action: string; object: unknown; old?: unknown }) =>
      events.push(event as StoreEvent);
    return {
      services: this.services,
      tasks: this.tasks,
      nodes: this.nodes,
      networks: this.networks,
      secrets: this.secrets,
      configs: this.configs,
      clusters: this.clusters,
      serviceByName: (name) => this.serviceByName(name),
      tasksOfService: (id) => this.tasksOfService(id),
      tasksOfNode: (id) => this.tasksOfNode(id),
      tasksOfSlot: (key) => this.tasksOfSlot(key),
      create: <K extends ObjectKind>(kind: K, draft: Draft<ObjectKinds[K]>) => {
        const table = this.#table(kind);
        if (table.get(draft.ID) !== undefined) throw new Error(`${kind} ${draft.ID} already exists`);
        const object = { ...draft, Version, CreatedAt: timestamp, UpdatedAt: timestamp } as unknown as ObjectKinds[K];
        table.put(object);
        undo.push(() => table.delete(object.ID));
        record({ kind, action: 'create', object });
        return object;
      },
      update: <K extends ObjectKind>(kind: K, changed: ObjectKinds[K], expectedVersion?: number) => {
        const table = this.#table(kind);
        const old = table.get(changed.ID);
        if (old === undefined) throw new Error(`${kind} ${changed.ID} does not exist`);
        if (expectedVersion !== undefined && old.Version.Index !== expectedVersion) throw new SequenceConflict();
        const object = { ...changed, Version, CreatedAt: old.CreatedAt, UpdatedAt: timestamp };
        table.put(object);
        undo.push(() => table.put(old));
        record({ kind, action: 'update', object, old });
        return object;
      },
      remove: (kind, id) => {
        const table = this.#table(kind);
        const old = table.delete(id);
        if (old === undefined) return;
        undo.push(() => table.put(old));
        record({ kind, action: 'remove', object: old });
      },
    };
  }

  /** The table of a kind; TypeScript cannot follow that each kind's table holds that kind. */
  #table<K extends ObjectKind>(kind: K): Table<ObjectKinds[K]> {
    return this[kind] as unknown as Table<ObjectKinds[K]>;
  }

  #deliver(): void {
    if (this.#delivering) return;
    this.#delivering = true;
    try {
      for (let events = this.#pending.shift(); events !== undefined; events = this.#pending.shift()) {
        for (const watcher of [...this.#watchers]) if (this.#watchers.has(watcher)) watcher(events);
      }
    } finally {
      this.#delivering = false;
    }
  }
}
