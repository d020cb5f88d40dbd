import type { Clock, Disposable } from '../../clock/clock.ts';
import { Debouncer } from '../../clock/debouncer.ts';
import type { Node, Task } from '../model/objects.ts';
import type { Store } from '../store/store.ts';
import { AssignmentSet } from './assignment-set.ts';
import type { AgentMessage, Connection, ManagerMessage } from './protocol.ts';

/** Milliseconds without a change before an agent is told of the last ones, and how long that can be put off. */
const BATCHING = { quiet: 100, longest: 1_000 };
/** So many changes are not kept waiting. */
const BATCH_SIZE = 100;

export interface SessionOptions {
  store: Store;
  clock: Clock;
  id: string;
  nodeId: string;
  connection: Connection<AgentMessage, ManagerMessage>;
}

/** What the manager tells one agent for as long as their connection lasts. */
export class Session implements Disposable {
  readonly nodeId: string;
  readonly #store: Store;
  readonly #id: string;
  readonly #connection: Connection<AgentMessage, ManagerMessage>;
  readonly #assignments: AssignmentSet;
  readonly #debouncer: Debouncer;

  constructor(options: SessionOptions) {
    this.nodeId = options.nodeId;
    this.#store = options.store;
    this.#id = options.id;
    this.#connection = options.connection;
    this.#assignments = new AssignmentSet(options.store);
    this.#debouncer = new Debouncer(options.clock, BATCHING, () => this.#sendChanges());
  }

  /** Opens the session: who the node is, and everything it has to have. */
  open(node: Node, heartbeatPeriod: number): void {
    this.send({ type: 'session', sessionId: this.#id, node, heartbeatPeriod });
    for (const task of this.#store.tasksOfNode(this.nodeId)) this.#assignments.put(task);
    this.send({ type: 'assignments', mode: 'complete', changes: this.#assignments.take() });
  }

  /** Takes in a task of the node that was created, changed or removed. */
  observe(task: Task, removed: boolean): void {
    const changed = removed ? this.#assignments.remove(task) : this.#assignments.put(task);
    if (!changed) return;
    this.#debouncer.trigger();
    if (this.#assignments.pending >= BATCH_SIZE) this.#debouncer.flush();
  }

  send(message: ManagerMessage): void {
    this.#connection.send(message);
  }

  /** Ends the session and the connection. */
  close(reason: string): void {
    this.dispose();
    this.#connection.close(reason);
  }

  dispose(): void {
    this.#debouncer.dispose();
  }

  #sendChanges(): void {
    if (this.#assignments.pending === 0) return;
    this.send({ type: 'assignments', mode: 'incremental', changes: this.#assignments.take() });
  }
}
