import type { Service, SwarmNode, Task } from '../server/grading/engine-objects.ts';
import type { Aspect } from './aspect.ts';
import { type Count, describeCount, listed, matchesCount } from './fields.ts';

/** A service's tasks with the nodes they are on. */
export interface Tasks {
  service: Service;
  tasks: readonly Task[];
  nodes: readonly SwarmNode[];
  nodeName(id: string): string;
}

/** Attempts in one slot after which a task that keeps failing is taken to fail for good. */
const HOPELESS_ATTEMPTS = 2;

const isDown = (nodes: readonly SwarmNode[], id: string) =>
  nodes.find((node) => node.ID === id)?.Status.State === 'down';
const isStopping = (task: Task) => ['shutdown', 'remove'].includes(task.DesiredState);

/** Tasks whose observed state is running, on a node that is not down. Desired state does not count. */
export function runningTasks({ tasks, nodes }: Pick<Tasks, 'tasks' | 'nodes'>): Task[] {
  return tasks.filter((task) => task.Status.State === 'running' && !isDown(nodes, task.NodeID));
}

/** How many tasks the service asks for; undefined where that is not a number of its own (global). */
export function declaredReplicas(service: Service): number | undefined {
  const { Replicated, ReplicatedJob } = service.Spec.Mode;
  return Replicated?.Replicas ?? ReplicatedJob?.TotalCompletions;
}

/**
 * Judges how many tasks run. Too few is "not yet" while tasks are on their way or being retried where others succeed, too many is while
 * tasks are stopping; it is wrong where the service asks for another number, or no node can ever run the tasks.
 */
export function judgeRunning(seen: Tasks, wanted: Count): Aspect {
  const name = seen.service.Spec.Name;
  const running = runningTasks(seen);
  const declared = declaredReplicas(seen.service);
  const expected = `${describeCount(wanted)} running`;
  const observed = declared === undefined ? `${running.length} running` : `${running.length} of ${declared} running`;
  if (declared !== undefined && !matchesCount(wanted, declared))
    return {
      outcome: 'wrong',
      expected,
      observed,
      because: `the service asks for ${declared}`,
      next: 'Change the number of replicas; `docker service ls` shows both numbers.',
    };
  if (matchesCount(wanted, running.length)) return { outcome: 'pass', expected, observed };
  const next = `Wait, or look at \`docker service ps ${name}\`.`;
  const stopping = running.filter(isStopping).length;
  if (stopping > 0 && matchesCount(wanted, running.length - stopping))
    return { outcome: 'not-yet', expected, observed, because: `${stopping} still stopping`, next: 'Wait.' };
  const obstacles = obstaclesOf(seen);
  const because = listed(obstacles.reasons, 4);
  return {
    outcome: obstacles.hopeless ? 'wrong' : 'not-yet',
    expected,
    observed,
    ...(obstacles.reasons.length === 0 ? {} : { because }),
    next: obstacles.hopeless ? `Look at \`docker service ps --no-trunc ${name}\`.` : next,
  };
}

/** Why tasks are not running, grouped, and whether that can change by itself. */
function obstaclesOf(seen: Tasks): { reasons: string[]; hopeless: boolean } {
  const live = seen.tasks.filter((task) => !isStopping(task) && task.Status.State !== 'running');
  const failed = newestFailures(seen.tasks);
  const stranded = seen.tasks.filter((task) => task.Status.State === 'running' && isDown(seen.nodes, task.NodeID));
  const waiting = live.filter((task) => task.Status.State === 'pending' && task.Status.Err !== '');
  const coming = live.filter((task) => !waiting.includes(task) && !failed.includes(task));
  const reasons = [
    ...grouped(
      failed,
      (task) => `on ${seen.nodeName(task.NodeID)} ${task.Status.State}: ${task.Status.Err || 'no reason given'}`,
    ),
    ...grouped(waiting, (task) => `waiting: ${task.Status.Err}`),
    ...grouped(stranded, (task) => `on ${seen.nodeName(task.NodeID)}, which is down`),
    ...(failed.length > 0 ? [] : grouped(coming, (task) => task.Status.State)),
  ];
  const onlyWaiting = waiting.length > 0 && coming.length === 0;
  return { reasons, hopeless: onlyWaiting || keepsFailing(seen, failed) };
}

/** The newest failed or rejected task of each slot (or node) in which nothing runs. */
function newestFailures(tasks: readonly Task[]): Task[] {
  const slots = new Map<string, Task[]>();
  for (const task of tasks) {
    const slot = task.Slot === undefined ? task.NodeID : String(task.Slot);
    slots.set(slot, [...(slots.get(slot) ?? []), task]);
  }
  return [...slots.values()].flatMap((slot) => {
    if (slot.some((task) => task.Status.State === 'running' && !isStopping(task))) return [];
    const failures = slot.filter((task) => ['failed', 'rejected'].includes(task.Status.State));
    return failures.sort((a, b) => (b.CreatedAt ?? '').localeCompare(a.CreatedAt ?? '')).slice(0, 1);
  });
}

/**
 * A task that crashes again and again, or an image that every node which may run it has refused while no task of the service runs.
 */
function keepsFailing(seen: Tasks, failed: readonly Task[]): boolean {
  if (failed.length === 0) return false;
  const inSlot = (task: Task) =>
    seen.tasks.filter((other) => other.Slot === task.Slot && ['failed', 'rejected'].includes(other.Status.State));
  if (failed.every((task) => task.Status.State === 'failed'))
    return failed.every((task) => inSlot(task).length >= HOPELESS_ATTEMPTS);
  if (runningTasks(seen).length > 0) return false;
  const rejecting = new Set(seen.tasks.filter((task) => task.Status.State === 'rejected').map((task) => task.NodeID));
  const usable = seen.nodes.filter((node) => node.Status.State === 'ready' && node.Spec.Availability === 'active');
  return usable.every((node) => rejecting.has(node.ID)) || failed.every((task) => inSlot(task).length > usable.length);
}

function grouped(tasks: readonly Task[], describe: (task: Task) => string): string[] {
  const groups = new Map<string, number>();
  for (const task of tasks) groups.set(describe(task), (groups.get(describe(task)) ?? 0) + 1);
  return [...groups].map(([reason, number]) => `${number} ${reason}`);
}
