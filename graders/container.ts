import { z } from 'zod';
import type { Container } from '../server/grading/engine-objects.ts';
import { type Aspect, combine, compare } from './aspect.ts';
import { count, describeCount, imageName, listed, matchesCount, text, texts } from './fields.ts';
import { defineGrader } from './grader.ts';
import { isLike } from './like.ts';

/** Containers on nodes, as their engines see them. */
export const container = defineGrader({
  name: 'container',
  summary:
    'Containers on nodes as their engines see them. A task may be gone while its container is still stopping: ask for tasks unless containers are the point.',
  example: '- container: "pinger.*"\n  on: [worker1, worker2]\n  count: 0',
  cost: 'state',
  fields: {
    container: text().describe('The exact name; `*` stands for any text.'),
    on: texts().optional().describe('Nodes to look at; all when left out.'),
    count: count()
      .default({ min: 1 })
      .describe('How many there are on these nodes together; at least one when left out.'),
    state: z.enum(['created', 'running', 'paused', 'restarting', 'exited', 'dead']).optional(),
    image: text().optional(),
  },
  async observe(spec, view) {
    const nodes = spec.on ?? view.cluster.nodes.map((node) => node.name);
    const lists = await Promise.all(nodes.map(async (node) => ({ node, containers: await view.containers(node) })));
    return lists.flatMap(({ node, containers }) => containers.map((container) => ({ node, container })));
  },
  explain(spec, seen) {
    const named = seen.filter(({ container }) => container.Names.some((name) => isCalled(name, spec.container)));
    const found = named.filter(
      ({ container }) =>
        (spec.state === undefined || container.State === spec.state) &&
        (spec.image === undefined || imageName(container.Image) === imageName(spec.image)),
    );
    const holds = matchesCount(spec.count, found.length);
    const aspect: Aspect = compare(
      holds,
      `${describeCount(spec.count)} ${[spec.state, spec.image && `of ${spec.image}`].filter(Boolean).join(' ')}`.trim(),
      named.length === 0 ? 'there is none' : listed(named.map(describe)),
    );
    const leaving = named.some(({ container }) => container.Labels['com.docker.swarm.task.id'] !== undefined);
    return combine(
      `container ${spec.container}`,
      [{ ...aspect, outcome: aspect.outcome === 'wrong' && leaving ? 'not-yet' : aspect.outcome }],
      { next: 'Look at `docker ps -a` on the node.' },
    );
  },
});

const describe = ({ node, container }: { node: string; container: Container }) =>
  `${container.Names[0]?.replace(/^\//, '') ?? container.Id.slice(0, 12)} ${container.State} on ${node}`;

/** Docker writes a slash before a container's name. */
const isCalled = (name: string, wanted: string): boolean => isLike(name.replace(/^\//, ''), wanted.replace(/^\//, ''));
