import { join } from 'node:path';
import { PROJECT_ROOT } from '../../../server/clusters/project-root.ts';
import { Served } from './served.ts';

const SWARMLAB = join(PROJECT_ROOT, 'bin', 'swarmlab.mjs');

/** What the clusters of a served page are made of. */
export interface PageNodes {
  nodes: 'embedded' | 'dind';
  orchestrator: 'builtin' | 'swarm';
}

const EVERY_KIND: readonly PageNodes[] = [
  { nodes: 'embedded', orchestrator: 'builtin' },
  { nodes: 'dind', orchestrator: 'builtin' },
];

/** The kinds of nodes that tests of the page run on: all, or those that $SWARMLAB_E2E_NODES names (`dind`, `embedded`, `dind+swarm`). */
export function pageNodes(chosen = process.env.SWARMLAB_E2E_NODES): readonly PageNodes[] {
  if (chosen === undefined) return EVERY_KIND;
  return chosen.split(',').map((kind) => ({
    nodes: kind.startsWith('embedded') ? 'embedded' : 'dind',
    orchestrator: kind.endsWith('+swarm') ? 'swarm' : 'builtin',
  }));
}

/** Starts `swarmlab serve` as a user does, on this machine's own clusters; with `more` of its options. */
export function startOwnServer(
  state: string,
  port: number,
  { nodes, orchestrator }: PageNodes,
  more: readonly string[] = [],
): Promise<Served> {
  const args = [SWARMLAB, 'serve', '--port', String(port), '--nodes', nodes, '--orchestrator', orchestrator, ...more];
  return Served.start(args, port, state);
}
