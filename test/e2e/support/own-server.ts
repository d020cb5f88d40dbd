import { join } from 'node:path';
import { PROJECT_ROOT } from '../../../server/clusters/project-root.ts';
import { Served } from './served.ts';

const SWARMLAB = join(PROJECT_ROOT, 'bin', 'swarmlab.mjs');

/** Which orchestrator the page's clusters get in these tests. */
export const ORCHESTRATOR = process.env.SWARMLAB_E2E_ORCHESTRATOR === 'builtin' ? 'builtin' : 'swarm';

/** Starts `swarmlab serve` as a user does, on clusters of real nodes. Needs a Docker engine. */
export function startOwnServer(state: string, port: number, orchestrator: 'builtin' | 'swarm'): Promise<Served> {
  const args = [SWARMLAB, 'serve', '--port', String(port), '--nodes', 'dind', '--orchestrator', orchestrator];
  return Served.start(args, port, state);
}
