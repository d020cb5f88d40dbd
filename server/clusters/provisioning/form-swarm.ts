import { z } from 'zod';
import { SwarmlabError } from '../../errors/swarmlab-error.ts';
import type { ClusterRecord, NodeRecord } from '../cluster-record.ts';
import type { ClusterFolder } from '../state-folder.ts';
import { callApi } from './engine-api.ts';

const SWARM_PORT = 2377;
/** Between two looks at the nodes until all are ready. */
const POLL = 50;
/** Milliseconds that joined nodes have until the manager sees them ready. */
const READY_TIMEOUT = 60_000;

const swarmTokens = z.object({ JoinTokens: z.object({ Worker: z.string(), Manager: z.string() }) });
const nodeStates = z.array(z.object({ Status: z.object({ State: z.string() }) }));

/**
 * Makes one swarm of the nodes, as `docker swarm init` and `join` would: the first manager as soon as it is up, every other node
 * as soon as it and the manager are. `booted` tells when a node is up. Resolves when the manager sees all of them ready.
 */
export async function formSwarm(
  record: ClusterRecord,
  folder: ClusterFolder,
  booted: (node: NodeRecord) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const [first, ...others] = [...record.nodes].sort(
    (a, b) => Number(b.role === 'manager') - Number(a.role === 'manager'),
  );
  if (!first) return;
  const socket = (node: NodeRecord) => folder.node(node.name).controlSocket;
  const tokens = booted(first).then(async () => {
    await callApi(socket(first), 'POST', '/v1.45/swarm/init', {
      ListenAddr: `0.0.0.0:${SWARM_PORT}`,
      // As the command line sends it: the usual pool, not mentioned anywhere.
      DefaultAddrPool: [],
      SubnetSize: 24,
      AdvertiseAddr: first.address,
      Availability: 'active',
      Spec: {},
    });
    return swarmTokens.parse(await callApi(socket(first), 'GET', '/v1.45/swarm')).JoinTokens;
  });
  const joined = others.map(async (node) => {
    const [{ Manager, Worker }] = await Promise.all([tokens, booted(node)]);
    await callApi(socket(node), 'POST', '/v1.45/swarm/join', {
      ListenAddr: `0.0.0.0:${SWARM_PORT}`,
      AdvertiseAddr: node.address,
      RemoteAddrs: [`${first.address}:${SWARM_PORT}`],
      JoinToken: node.role === 'manager' ? Manager : Worker,
      Availability: 'active',
    });
  });
  await Promise.all([tokens, ...joined]);
  await allReady(socket(first), record.nodes.length, signal);
}

async function allReady(manager: string, count: number, signal: AbortSignal): Promise<void> {
  for (const end = Date.now() + READY_TIMEOUT; ; await new Promise((resolve) => setTimeout(resolve, POLL))) {
    const states = nodeStates.parse(await callApi(manager, 'GET', '/v1.45/nodes')).map((node) => node.Status.State);
    if (states.length >= count && states.every((state) => state === 'ready')) return;
    signal.throwIfAborted();
    if (Date.now() > end) {
      throw new SwarmlabError('SL_ENGINE_FAILED', `the nodes did not become ready: ${states.join(', ')} of ${count}`);
    }
  }
}
