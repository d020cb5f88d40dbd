import { z } from 'zod';
import type { SwarmNode } from '../server/grading/engine-objects.ts';
import { type Aspect, combine, compare, gone, missing } from './aspect.ts';
import { absent, count, describeCount, matchesCount, pairs, plural, text } from './fields.ts';
import { defineGrader } from './grader.ts';
import { runningTasks } from './running.ts';

interface Seen {
  node: SwarmNode | undefined;
  running: number;
}

/** A node as the managers see it. */
export const node = defineGrader({
  name: 'node',
  summary:
    'A node of the Swarm as the managers see it: state, availability, role, labels, and how many tasks run on it.',
  example: '- node: worker2\n  availability: drain\n  running: 0',
  cost: 'state',
  fields: {
    node: text().describe('Its name (`worker1`) or host name.'),
    absent: absent(),
    state: z.enum(['ready', 'down', 'unknown', 'disconnected']).optional(),
    availability: z.enum(['active', 'pause', 'drain']).optional(),
    role: z.enum(['manager', 'worker']).optional(),
    leader: z.boolean().optional(),
    reachability: z.enum(['reachable', 'unreachable']).optional(),
    labels: pairs().optional(),
    running: count().optional().describe('How many tasks run on it.'),
  },
  async observe(spec, view): Promise<Seen> {
    const [nodes, tasks] = await Promise.all([view.nodes(), view.tasks()]);
    const own = view.findNode(spec.node);
    const matching = nodes.filter(
      (candidate) =>
        candidate.ID === spec.node ||
        candidate.Description?.Hostname === (own?.hostname ?? spec.node) ||
        view.shortName(candidate) === spec.node,
    );
    // A node that left and came back is listed twice; the one that is up is meant.
    const node = matching.find((candidate) => candidate.Status.State === 'ready') ?? matching[0];
    return { node, running: runningTasks({ tasks, nodes }).filter((task) => task.NodeID === node?.ID).length };
  },
  explain(spec, { node, running }) {
    const subject = `node ${spec.node}`;
    const next = 'Look at `docker node ls`.';
    if (spec.absent) return gone(subject, node && `still there, ${node.Status.State}`, next);
    if (node === undefined) return missing(subject, next);
    const aspects: Aspect[] = [];
    const equal = (what: string, wanted: string | undefined, found: string) => {
      if (wanted !== undefined) aspects.push(compare(wanted === found, `${what} ${wanted}`, `${what} ${found}`));
    };
    if (spec.state !== undefined)
      aspects.push({
        // A node that was switched off or on is noticed by its heartbeats, up to 16 s later.
        outcome: spec.state === node.Status.State ? 'pass' : 'not-yet',
        expected: spec.state,
        observed: node.Status.State,
        ...(node.Status.Message === '' ? {} : { because: node.Status.Message }),
      });
    equal('availability', spec.availability, node.Spec.Availability);
    if (spec.role !== undefined) aspects.push(judgeRole(spec.role, node));
    const leads = node.ManagerStatus?.Leader ?? false;
    if (spec.leader !== undefined)
      aspects.push(
        compare(
          spec.leader === leads,
          spec.leader ? 'the leader' : 'not the leader',
          leads ? 'the leader' : 'not the leader',
        ),
      );
    equal('reachability', spec.reachability, node.ManagerStatus?.Reachability ?? 'none (it is no manager)');
    for (const [key, value] of Object.entries(spec.labels ?? {}))
      equal(`label ${key}`, value, node.Spec.Labels[key] ?? 'missing');
    if (spec.running !== undefined)
      aspects.push({
        outcome: matchesCount(spec.running, running) ? 'pass' : 'not-yet',
        expected: `${describeCount(spec.running)} running`,
        observed: `${plural(running, 'task')} running`,
      });
    if (aspects.length === 0) aspects.push(compare(true, 'to be there', 'there'));
    return combine(subject, aspects, { next });
  },
});

/** A promoted node becomes a manager a little later than it was told to. */
function judgeRole(wanted: string, node: SwarmNode): Aspect {
  const role = node.ManagerStatus ? 'manager' : 'worker';
  const changing = node.Spec.Role === wanted && role !== wanted;
  return {
    outcome: role === wanted && node.Spec.Role === wanted ? 'pass' : changing ? 'not-yet' : 'wrong',
    expected: wanted,
    observed: changing ? `becoming a ${wanted}` : role,
  };
}
