import { parseTimestamp } from '../../clock/clock.ts';
import type { Service, Task } from '../model/objects.ts';
import type { RestartPolicy } from '../model/specs.ts';
import { statusTime } from '../services/desired-state.ts';
import { modeOf } from '../services/service-mode.ts';

interface SlotRecord {
  specVersion: number;
  totalRestarts: number;
  /** When replacements were made (milliseconds); kept only under a policy with a window. */
  restartedAt: number[];
}

/** How often each slot was restarted, as far as restart policies that limit attempts need to know. */
export class RestartHistory {
  readonly #services = new Map<string, Map<string, SlotRecord>>();

  /** Notes that `replacement` was made to restart its slot. Another spec version begins a new count. */
  record(replacement: Task): void {
    const policy = replacement.Spec.RestartPolicy;
    if ((policy?.MaxAttempts ?? 0) === 0) return;
    let slots = this.#services.get(replacement.ServiceID);
    if (slots === undefined) {
      slots = new Map();
      this.#services.set(replacement.ServiceID, slots);
    }
    const key = recordKey(replacement);
    let record = slots.get(key);
    if (record === undefined || record.specVersion !== replacement.specVersion) {
      record = { specVersion: replacement.specVersion, totalRestarts: 0, restartedAt: [] };
      slots.set(key, record);
    }
    record.totalRestarts++;
    if ((policy?.Window ?? 0) > 0) record.restartedAt.push(parseTimestamp(replacement.CreatedAt));
  }

  /** Whether the policy of `task` leaves an attempt for its slot. */
  allows(task: Task, service: Service): boolean {
    const policy = task.Spec.RestartPolicy;
    const limit = policy?.MaxAttempts ?? 0;
    if (policy === undefined || limit === 0) return true;
    const record = this.#services.get(task.ServiceID)?.get(lookupKey(task, service));
    if (record === undefined || record.specVersion !== task.specVersion) return true;
    return countRestarts(record, task, policy) < limit;
  }

  /** Restarts of the task's slot that still count, and the limit of its policy. */
  restarts(task: Task): { done: number; limit: number | undefined } {
    const limit = task.Spec.RestartPolicy?.MaxAttempts ?? 0;
    const record = this.#services.get(task.ServiceID)?.get(recordKey(task));
    const counts = record !== undefined && record.specVersion === task.specVersion;
    return { done: counts ? record.totalRestarts : 0, limit: limit === 0 ? undefined : limit };
  }

  forgetService(serviceId: string): void {
    this.#services.delete(serviceId);
  }
}

/** Restarts that the window of the policy still sees from `task`; those before it are forgotten for good. */
function countRestarts(record: SlotRecord, task: Task, policy: RestartPolicy): number {
  const window = (policy.Window ?? 0) / 1e6;
  if (window === 0) return record.totalRestarts;
  const reference = parseTimestamp(statusTime(task));
  record.restartedAt = record.restartedAt.filter((at) => at > reference - window);
  return record.restartedAt.filter((at) => at < reference).length;
}

function recordKey(task: Task): string {
  return `${task.Slot ?? 0}/${task.global ? (task.NodeID ?? '') : ''}`;
}

/** Swarm looks up global jobs without their node, so that a limit never holds for them. */
function lookupKey(task: Task, service: Service): string {
  return modeOf(service) === 'global' ? recordKey(task) : `${task.Slot ?? 0}/`;
}
