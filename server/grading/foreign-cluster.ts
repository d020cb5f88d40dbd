import { z } from 'zod';
import type { Clock } from '../clock/clock.ts';
import { SwarmlabError } from '../errors/swarmlab-error.ts';
import { EngineCluster } from './engine-cluster.ts';
import { askForJson, parseEngineAddress } from './engine-http.ts';
import { nodeSchema } from './engine-objects.ts';
import type { GradingCluster } from './grading-cluster.ts';

/**
 * Somebody's cluster behind the Engine API of one of its managers (`--host`): what that API tells can be seen, nothing can be run on a
 * node, nobody has watched what clients asked. SL_USAGE for an address that is none, SL_ENGINE_UNREACHABLE when nobody answers there.
 */
export async function openForeignCluster(url: string, clock: Clock): Promise<GradingCluster> {
  const engine = parseEngineAddress(url);
  if (engine === undefined)
    throw new SwarmlabError('SL_USAGE', `${url} is no address of a Docker engine`, {
      next: 'Expected unix:///path, tcp://host:port, http://host:port or https://host:port.',
    });
  const entry = await askForJson(engine, { method: 'GET', path: '/info' }, url).catch((cause: unknown) => {
    throw new SwarmlabError('SL_ENGINE_UNREACHABLE', `nobody answers at ${url}`, { cause });
  });
  const { Swarm } = z.object({ Swarm: z.object({ NodeID: z.string().default('') }) }).parse(entry.body);
  const answer = await askForJson(engine, { method: 'GET', path: '/nodes' }, url);
  const nodes = z.array(nodeSchema).safeParse(answer.body).data ?? [];
  return new EngineCluster({
    name: url,
    clock,
    orchestrator: undefined,
    nodes: nodes.map((node) => {
      const hostname = node.Description?.Hostname ?? node.ID;
      return {
        name: hostname.split('.')[0] ?? hostname,
        hostname,
        address: node.Status.Addr,
        engine: node.ID === Swarm.NodeID ? engine : undefined,
      };
    }),
  });
}
