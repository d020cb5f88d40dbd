import type { Disposable } from '../../clock/clock.ts';

/** An event of scope `swarm`, as GET /events prints it. */
export interface SwarmEvent {
  Type: 'service' | 'node' | 'network' | 'secret' | 'config';
  Action: 'create' | 'update' | 'remove';
  Actor: { ID: string; Attributes: Record<string, string> };
  scope: 'swarm';
  /** Unix seconds. */
  time: number;
  /** Unix nanoseconds, beyond what a number holds exactly: to be compared, not to be computed with. */
  timeNano: number;
}

/** What happened to a swarm's objects, and what happens from now on. */
export interface EventStream {
  /** Past events from `since` to `until` (milliseconds since the epoch, both included), oldest first; only the last 256 are kept. */
  history(since: number, until: number): SwarmEvent[];
  /** Calls back for every event from now on until disposed. */
  subscribe(listener: (event: SwarmEvent) => void): Disposable;
}
