import { z } from 'zod';
import { EngineDialer } from '../../engine/engine-dialer.ts';
import { jsonLines } from '../../engine/json-lines.ts';
import { nodeSchema, serviceSchema, taskSchema } from '../../grading/engine-objects.ts';
import type { OpenNode } from './cluster-door.ts';
import type { Look } from './observe.ts';

const swarmInfo = z.object({
  Swarm: z.object({
    LocalNodeState: z.string().default('inactive'),
    ControlAvailable: z.boolean().default(false),
    Error: z.string().default(''),
  }),
});

/** What a look found: the swarm, or why there is none to see. */
export type SwarmSight = { swarm: 'active'; look: Look } | { swarm: 'none' | 'unavailable'; reason: string };

/** Reads a swarm through the Engine API of whichever node is a manager that answers. */
export class SwarmReader {
  readonly #nodes: { name: string; dialer: EngineDialer }[];

  constructor(nodes: readonly OpenNode[]) {
    this.#nodes = nodes.map((node) => ({ name: node.name, dialer: new EngineDialer(node.controlSocket) }));
  }

  /** Where events can be listened to: one dialer a node. */
  get nodeNames(): string[] {
    return this.#nodes.map((node) => node.name);
  }

  async look(): Promise<SwarmSight> {
    const reasons: string[] = [];
    let inSwarm = false;
    for (const node of this.#nodes) {
      try {
        const { Swarm: swarm } = swarmInfo.parse(await node.dialer.json({ method: 'GET', path: '/info' }));
        inSwarm ||= swarm.LocalNodeState !== 'inactive';
        if (swarm.ControlAvailable) {
          const look = await readSwarm(node.dialer);
          // The manager that answered is asked first the next time.
          this.#nodes.sort((a, b) => Number(b === node) - Number(a === node));
          return { swarm: 'active', look };
        }
        if (swarm.Error !== '') reasons.push(`${node.name}: ${swarm.Error}`);
      } catch (error) {
        reasons.push(`${node.name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    if (!inSwarm && reasons.length === 0) return { swarm: 'none', reason: 'No node is part of a swarm.' };
    return { swarm: 'unavailable', reason: reasons[0] ?? 'No manager answers.' };
  }

  /** Calls back for every event of that node until the signal; rejects when the stream breaks. */
  async listen(nodeName: string, onEvent: () => void, signal: AbortSignal): Promise<void> {
    const node = this.#nodes.find((candidate) => candidate.name === nodeName);
    if (node === undefined) return;
    const filters = JSON.stringify({ type: ['container', 'service', 'node', 'network', 'daemon'] });
    const stream = await node.dialer.stream({ method: 'GET', path: '/events', query: { filters }, signal });
    onEvent();
    for await (const _event of jsonLines(stream)) onEvent();
  }
}

async function readSwarm(dialer: EngineDialer): Promise<Look> {
  const [nodes, services, tasks] = await Promise.all(
    ['/nodes', '/services', '/tasks'].map((path) => dialer.json({ method: 'GET', path })),
  );
  return {
    nodes: z.array(nodeSchema).parse(nodes),
    services: z.array(serviceSchema).parse(services),
    tasks: z.array(taskSchema).parse(tasks),
  };
}
