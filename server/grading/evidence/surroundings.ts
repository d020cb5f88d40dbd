import type { GradingCluster } from '../grading-cluster.ts';
import { ClusterUnreachable, Unobservable } from '../verdict.ts';

/** What a Swarm is made of, as its manager lists it. */
const LISTS = ['/swarm', '/nodes', '/services', '/tasks', '/networks', '/secrets', '/configs'];

/** What the first node that answers says of the whole cluster, by path. Join tokens are left out: evidence goes to others. */
export async function takeState(cluster: GradingCluster): Promise<Record<string, unknown>> {
  for (const { name } of cluster.nodes.filter((node) => node.engine)) {
    const state: Record<string, unknown> = {};
    for (const path of LISTS) {
      const answer = await quietly(() => cluster.get(name, path));
      if (answer?.status === 200) state[path] = withoutTokens(answer.body);
    }
    if ('/nodes' in state) return state;
  }
  return {};
}

function withoutTokens(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || !('JoinTokens' in body)) return body;
  const { JoinTokens: _tokens, ...rest } = body;
  return rest;
}

/** The versions of the nodes' engines. */
export async function takeEngines(cluster: GradingCluster): Promise<Record<string, unknown>> {
  return ofEachNode(cluster, async (node) => (await cluster.get(node, '/version')).body);
}

/** What every node's engine told as events between two times (seconds since the epoch, with fractions). */
export async function takeEvents(
  cluster: GradingCluster,
  since: string,
  until: string,
): Promise<Record<string, unknown>> {
  return ofEachNode(cluster, async (node) => {
    const { status, body } = await cluster.getBytes(node, `/events?since=${since}&until=${until}`);
    if (status !== 200) return [];
    const lines = body.toString('utf8').split('\n').filter(Boolean);
    return lines.map((line): unknown => JSON.parse(line));
  });
}

async function ofEachNode(
  { nodes }: GradingCluster,
  ask: (node: string) => Promise<unknown>,
): Promise<Record<string, unknown>> {
  const entries: [string, unknown][] = [];
  for (const { name, engine } of nodes) {
    const value = engine ? await quietly(() => ask(name)) : undefined;
    if (value !== undefined) entries.push([name, value]);
  }
  return Object.fromEntries(entries);
}

/** A node that is switched off has nothing to say. */
async function quietly<Value>(ask: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ClusterUnreachable || error instanceof Unobservable) return undefined;
    throw error;
  }
}
