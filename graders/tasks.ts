import { z } from 'zod';
import type { Task } from '../server/grading/engine-objects.ts';
import { type Aspect, combine, compare, missing } from './aspect.ts';
import { type Count, count, describeCount, listed, matchesCount, plural, text, texts } from './fields.ts';
import { defineGrader } from './grader.ts';
import { runningTasks } from './running.ts';

const STATES = [
  'new',
  'pending',
  'assigned',
  'accepted',
  'preparing',
  'ready',
  'starting',
  'running',
  'complete',
  'shutdown',
  'failed',
  'rejected',
  'orphaned',
] as const;

/** States that tasks leave by themselves. */
const PASSING: ReadonlySet<string> = new Set(['new', 'assigned', 'accepted', 'preparing', 'ready', 'starting']);

interface Placed {
  task: Task;
  node: string;
}

interface Seen {
  tasks: Placed[] | undefined;
  running: ReadonlySet<string>;
}

/** Single tasks of a service: how many are in a state, where, and with which error. */
export const tasks = defineGrader({
  name: 'tasks',
  summary:
    'The tasks of a service, those of its history included: how many are in a state, on which nodes, with which error. Running ones count only on nodes that are not down.',
  example: '- tasks: web\n  count: 3\n  on: [worker1, worker2]',
  cost: 'state',
  fields: {
    tasks: text().describe('The exact name of the service.'),
    state: z.enum(STATES).default('running').describe('The observed state; `running` when left out.'),
    desired: z.enum(['running', 'ready', 'complete', 'shutdown', 'remove']).optional().describe('The desired state.'),
    count: count().default({ min: 1 }).describe('How many; at least one when left out.'),
    among: texts().optional().describe('Looks only at tasks on these nodes.'),
    on: texts().optional().describe('The only nodes that they are on.'),
    'not-on': texts().optional().describe('Nodes that none of them is on.'),
    'per-node': count().optional().describe('How many each node has: those named by `on`, else those that have one.'),
    error: text().optional().describe('Text in their error.'),
  },
  async observe(spec, view): Promise<Seen> {
    const service = await view.service(spec.tasks);
    if (service === undefined) return { tasks: undefined, running: new Set() };
    const [own, nodes] = await Promise.all([view.tasksOf(service), view.nodes()]);
    const names = new Map(nodes.map((node) => [node.ID, view.shortName(node)]));
    return {
      tasks: own.map((task) => ({ task, node: names.get(task.NodeID) ?? '' })),
      running: new Set(runningTasks({ tasks: own, nodes }).map((task) => task.ID)),
    };
  },
  explain(spec, seen) {
    const subject = `tasks of ${spec.tasks}`;
    const next = `Look at \`docker service ps --no-trunc ${spec.tasks}\`.`;
    if (seen.tasks === undefined) return missing(`service ${spec.tasks}`, '`docker service ls` lists what there is.');
    const found = seen.tasks.filter(
      ({ task, node }) =>
        task.Status.State === spec.state &&
        (spec.among === undefined || spec.among.includes(node)) &&
        (spec.state !== 'running' || seen.running.has(task.ID)) &&
        (spec.desired === undefined || task.DesiredState === spec.desired) &&
        (spec.error === undefined || task.Status.Err.includes(spec.error)),
    );
    const moving = seen.tasks.some(({ task }) => isMoving(task));
    const outcome: Aspect['outcome'] = moving ? 'not-yet' : 'wrong';
    const aspects: Aspect[] = [judgeCount(found, spec, outcome)];
    if (spec.on !== undefined || spec['not-on'] !== undefined)
      aspects.push({ ...judgePlaces(found, spec.on, spec['not-on']) });
    if (spec['per-node'] !== undefined) aspects.push({ ...judgeEvenness(found, spec['per-node'], spec.on, outcome) });
    return combine(subject, aspects, { next });
  },
});

/** On its way to another state, or being replaced. */
function isMoving(task: Task): boolean {
  const { State } = task.Status;
  return PASSING.has(State) || (State === 'running' && task.DesiredState !== 'running');
}

function judgeCount(
  found: readonly Placed[],
  spec: { state: string; count: Count; error?: string | undefined; among?: string[] | undefined },
  outcome: Aspect['outcome'],
): Aspect {
  const where = spec.among === undefined ? '' : ` on ${listed(spec.among)}`;
  const error = `${where}${spec.error === undefined ? '' : ` with the error "${spec.error}"`}`;
  const holds = matchesCount(spec.count, found.length);
  return {
    outcome: holds ? 'pass' : outcome,
    expected: `${describeCount(spec.count)} ${spec.state}${error}`,
    observed: `${plural(found.length, 'task')} ${spec.state}${error}`,
  };
}

function judgePlaces(
  found: readonly Placed[],
  on: readonly string[] | undefined,
  notOn: readonly string[] | undefined,
): Aspect {
  const places = [...new Set(found.map(({ node }) => node))].sort();
  const holds =
    places.every((place) => on === undefined || on.includes(place)) &&
    places.every((place) => !(notOn ?? []).includes(place));
  const wanted = [on && `on ${listed(on)} only`, notOn && `not on ${listed(notOn)}`];
  return compare(holds, wanted.filter((part) => part !== undefined).join(', '), `on ${listed(places)}`);
}

function judgeEvenness(
  found: readonly Placed[],
  each: Count,
  on: readonly string[] | undefined,
  outcome: Aspect['outcome'],
): Aspect {
  const places = on ?? [...new Set(found.map(({ node }) => node))].sort();
  const counts = places.map((place) => ({ place, number: found.filter(({ node }) => node === place).length }));
  const holds = counts.every(({ number }) => matchesCount(each, number));
  return {
    outcome: holds ? 'pass' : outcome,
    expected: `${describeCount(each)} on each node`,
    observed: listed(counts.map(({ place, number }) => `${number} on ${place}`)),
  };
}
