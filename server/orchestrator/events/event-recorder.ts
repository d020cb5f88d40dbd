import { type Clock, type Disposable, parseTimestamp } from '../../clock/clock.ts';
import type { Node, Service } from '../model/objects.ts';
import type { Store, StoreEvent } from '../store/store.ts';
import type { EventStream, SwarmEvent } from './event-stream.ts';

/** How many past events are kept for `--since`. */
const HISTORY_LIMIT = 256;

type RecordedEvent = Exclude<StoreEvent, { kind: 'tasks' | 'clusters' }>;

const TYPES = {
  services: 'service',
  nodes: 'node',
  networks: 'network',
  secrets: 'secret',
  configs: 'config',
} as const satisfies Record<RecordedEvent['kind'], SwarmEvent['Type']>;

/** Turns the store's changes into the events of scope `swarm` that `docker events` shows. Tasks and the cluster itself give none. */
export class EventRecorder implements EventStream, Disposable {
  readonly #clock: Clock;
  readonly #watch: Disposable;
  readonly #history: SwarmEvent[] = [];
  readonly #listeners = new Set<(event: SwarmEvent) => void>();

  constructor(store: Store, clock: Clock) {
    this.#clock = clock;
    this.#watch = store.watch((events) => {
      for (const event of events) if (isRecorded(event)) this.#record(event);
    });
  }

  history(since: number, until: number): SwarmEvent[] {
    return this.#history.filter(({ timeNano }) => timeNano >= since * 1e6 && timeNano <= until * 1e6);
  }

  subscribe(listener: (event: SwarmEvent) => void): Disposable {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  dispose(): void {
    this.#watch.dispose();
    this.#listeners.clear();
  }

  #record(event: RecordedEvent): void {
    const at = {
      create: () => parseTimestamp(event.object.CreatedAt),
      update: () => parseTimestamp(event.object.UpdatedAt),
      remove: () => this.#clock.now(),
    }[event.action]();
    const swarmEvent: SwarmEvent = {
      Type: TYPES[event.kind],
      Action: event.action,
      Actor: { ID: event.object.ID, Attributes: attributesOf(event) },
      scope: 'swarm',
      time: Math.floor(at / 1000),
      timeNano: Math.round(at * 1e6),
    };
    this.#history.push(swarmEvent);
    if (this.#history.length > HISTORY_LIMIT) this.#history.shift();
    for (const listener of [...this.#listeners]) listener(swarmEvent);
  }
}

function isRecorded(event: StoreEvent): event is RecordedEvent {
  return event.kind in TYPES;
}

function attributesOf(event: RecordedEvent): Record<string, string> {
  if (event.kind === 'nodes') {
    const name = event.object.Spec.Name || event.object.Description?.Hostname || '';
    return { name, ...(event.action === 'update' ? nodeChanges(event.old, event.object) : {}) };
  }
  const { Name: name } = event.object.Spec;
  if (event.kind === 'services' && event.action === 'update')
    return { name, ...serviceChanges(event.old, event.object) };
  return { name };
}

function serviceChanges(old: Service, now: Service): Record<string, string> {
  const [before, after] = [old.UpdateStatus?.State, now.UpdateStatus?.State];
  return {
    ...change('image', imageOf(old), imageOf(now)),
    ...change('replicas', replicasOf(old), replicasOf(now)),
    ...(after === undefined || after === before ? {} : { 'updatestate.new': after }),
    ...(after === undefined || after === before || before === undefined ? {} : { 'updatestate.old': before }),
  };
}

function nodeChanges(old: Node, now: Node): Record<string, string> {
  const [before, after] = [old.ManagerStatus, now.ManagerStatus];
  return {
    ...change('availability', old.Spec.Availability, now.Spec.Availability),
    ...change('role', old.role, now.role),
    ...change('state', old.Status.State, now.Status.State),
    ...(before === undefined || after === undefined
      ? {}
      : {
          ...change('leader', String(before.Leader ?? false), String(after.Leader ?? false)),
          ...change('reachability', before.Reachability, after.Reachability),
        }),
  };
}

function change(name: string, old: string | undefined, now: string | undefined): Record<string, string> {
  if (old === now || old === undefined || now === undefined) return {};
  return { [`${name}.old`]: old, [`${name}.new`]: now };
}

function imageOf(service: Service): string {
  return service.Spec.TaskTemplate.ContainerSpec?.Image ?? '';
}

function replicasOf(service: Service): string | undefined {
  const replicas = service.Spec.Mode.Replicated?.Replicas;
  return replicas === undefined ? undefined : String(replicas);
}
