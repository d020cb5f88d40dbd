import { z } from 'zod';
import { Unobservable } from '../server/grading/verdict.ts';
import { type Aspect, combine } from './aspect.ts';
import { listed, text, texts } from './fields.ts';
import { defineGrader } from './grader.ts';
import { refuseWithoutMesh } from './mesh/routing-mesh.ts';
import { isSettling } from './mesh/settling.ts';

/** Seconds that a connection may take to come about. */
const CONNECT_SECONDS = 3;
const COMMAND_LIMIT = 10_000;

/** Whether nodes accept connections on a TCP port. */
export const port = defineGrader({
  name: 'port',
  summary: 'Whether nodes accept connections on a TCP port, tried from a node.',
  example: '- port: 30000\n  on: [master, worker1, worker2, registry]',
  cost: 'probe',
  fields: {
    port: z.number().int(),
    on: texts().optional().describe('Nodes to try; all when left out.'),
    from: text().optional().describe('The node that tries; the first one when left out.'),
    closed: z.literal(true).optional().describe('None of them must accept.'),
  },
  async observe(spec, view) {
    const { exec } = view.cluster;
    if (exec === undefined) throw new Unobservable('nothing can be run on the nodes of this cluster');
    const from = view.node(spec.from ?? view.cluster.nodes[0]?.name ?? '').name;
    const targets = spec.on?.map((name) => view.node(name)) ?? view.cluster.nodes;
    const tried = await Promise.all(
      targets.map(async (target) => {
        const connect = `exec timeout ${CONNECT_SECONDS} bash -c 'exec 3<>/dev/tcp/${target.address}/${spec.port}'`;
        const { exitCode } = await exec(from, { argv: ['bash', '-c', connect], user: 'root', limit: COMMAND_LIMIT });
        return { node: target.name, open: exitCode === 0 };
      }),
    );
    if (!spec.closed && tried.some(({ open }) => !open)) await refuseWithoutMesh(view, from, spec.port);
    return { tried, settling: await isSettling(view) };
  },
  explain(spec, { tried, settling }) {
    const open = tried.filter((target) => target.open).map(({ node }) => node);
    const holds = open.length === (spec.closed ? 0 : tried.length);
    const aspect: Aspect = {
      outcome: holds ? 'pass' : settling ? 'not-yet' : 'wrong',
      expected: spec.closed ? 'closed on every node' : `open on ${listed(tried.map(({ node }) => node))}`,
      observed: `open on ${listed(open)}`,
    };
    return combine(`port ${spec.port}`, [aspect], {
      next: 'Which service publishes it? `docker service ls` shows ports.',
    });
  },
});
