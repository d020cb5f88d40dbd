import type { Service, Task } from '../model/objects.ts';
import type { RestartSupervisor } from '../restart/restart-supervisor.ts';

/** One slot of a service: the tasks that stand for it. */
export interface Slot {
  readonly number: number;
  readonly tasks: readonly Task[];
}

/** A replicated service's slots by number, ascending. */
export interface SlotCensus {
  /** With the tasks that stand for them; these count as replicas. */
  running: Slot[];
  /** With all their tasks: nothing runs there and nothing will. */
  dead: Slot[];
}

/** Sorts the tasks of a replicated service into slots that count as replicas and slots that do not. */
export function takeCensus(tasks: readonly Task[], service: Service, restarts: RestartSupervisor): SlotCensus {
  const bySlot = new Map<number, Task[]>();
  for (const task of tasks) {
    const slot = task.Slot ?? 0;
    const others = bySlot.get(slot);
    if (others === undefined) bySlot.set(slot, [task]);
    else others.push(task);
  }
  const census: SlotCensus = { running: [], dead: [] };
  for (const number of [...bySlot.keys()].sort((a, b) => a - b)) {
    const all = bySlot.get(number) ?? [];
    const updatable = restarts.updatableTasks(all, service);
    if (updatable.length > 0) census.running.push({ number, tasks: updatable });
    else census.dead.push({ number, tasks: all });
  }
  return census;
}

/**
 * Orders slots (given by ascending number) by how much they deserve to survive a scaling down. What is cut off at the end are first
 * slots that are unassigned or in the middle of a replacement, then copies from the nodes that have most of them, among these first
 * what does not run, then the higher slot number.
 */
export function rankSurvivors(slots: readonly Slot[]): Slot[] {
  const runningFirst = [...slots].sort((a, b) => Number(isRunning(b)) - Number(isRunning(a)));
  const copies = new Map<string, number>();
  const ranked = runningFirst.map((slot) => {
    const [only, ...more] = slot.tasks;
    const node = only?.NodeID;
    if (node === undefined || more.length > 0) return { slot, nth: Number.POSITIVE_INFINITY };
    const nth = (copies.get(node) ?? 0) + 1;
    copies.set(node, nth);
    return { slot, nth };
  });
  ranked.sort((a, b) => (a.nth === b.nth ? 0 : a.nth - b.nth));
  return ranked.map(({ slot }) => slot);
}

function isRunning(slot: Slot): boolean {
  return slot.tasks.some((task) => task.Status.State === 'running');
}
