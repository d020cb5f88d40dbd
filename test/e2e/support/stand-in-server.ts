/** Serves the page on stand-in nodes: `stand-in-server.ts PORT NODES_FOLDER LABS_FOLDER`. Its own process, so that it can be killed. */
import { join } from 'node:path';
import { runServer } from '../../../server/cli/serve-command.ts';
import { parseServeOptions } from '../../../server/cli/serve-options.ts';
import { RealClock } from '../../../server/clock/real-clock.ts';
import { EngineCluster } from '../../../server/grading/engine-cluster.ts';
import type { ClusterDoor, ClusterHandle, OpenCluster } from '../../../server/workspaces/cluster/cluster-door.ts';
import { noExplanation } from '../../unit/workspaces/stand-in-door.ts';
import { STAND_IN_NODES } from './stand-in-nodes.ts';

const [port, nodes = '', labs] = process.argv.slice(2);
const clock = new RealClock();

const cluster: OpenCluster = {
  name: 'stand-in',
  kind: 'dind',
  orchestrator: 'swarm',
  explain: noExplanation,
  nodes: STAND_IN_NODES.map((name, index) => ({
    name,
    hostname: `${name}.docker-dca.example`,
    address: `10.10.10.${100 + 10 * index}`,
    agentSocket: join(nodes, name, 'agent.sock'),
    controlSocket: join(nodes, name, 'control.sock'),
  })),
};
const handle: ClusterHandle = { ready: async () => cluster, remove: async () => {} };
const door: ClusterDoor = { find: async () => handle, create: async () => handle };

const options = parseServeOptions({ nodes: 'auto', orchestrator: 'swarm', host: '127.0.0.1', port, labs });
await runServer(options, clock, {
  description: 'Nodes are shells of this machine.',
  door,
  gradingFace: ({ name, orchestrator, nodes }) =>
    new EngineCluster({
      name,
      clock,
      orchestrator,
      nodes: nodes.map((node) => ({ ...node, engine: { socketPath: node.controlSocket } })),
    }),
});
