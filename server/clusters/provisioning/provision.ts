import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import type Docker from 'dockerode';
import type { AgentConfig } from '../../agent/agent-config.ts';
import { formatSubnet } from '../../orchestrator/allocator/ipv4.ts';
import { type ClusterRecord, type ClusterRequest, type NodeRecord, writeJsonFile } from '../cluster-record.ts';
import { NODE_PLANS } from '../node-plan.ts';
import { asEngineFailure } from '../outer-engine.ts';
import { type ClusterFolder, makePrivateFolder } from '../state-folder.ts';
import { addressIn } from '../subnet.ts';
import { agentArchive } from './agent-files.ts';
import { createClusterNetwork } from './cluster-network.ts';
import { freePort } from './free-port.ts';
import { turnRegistryOn } from './lab-registry.ts';
import {
  clusterLabels,
  clusterNames,
  containerName,
  networkName,
  nodeContainer,
  servesRegistry,
} from './node-container.ts';
import { nodePrivileges } from './privileges.ts';
import { startWithPrivileges } from './start-container.ts';

/** Makes the cluster's network and with it the record: every node gets its address and a credential of its own. */
export async function createRecord(engine: Docker, request: ClusterRequest): Promise<ClusterRecord> {
  const subnet = await createClusterNetwork(engine, {
    name: networkName(request.name),
    labels: clusterLabels(request.name),
    wanted: request.subnet,
  });
  return {
    ...request,
    version: 1,
    phase: 'creating',
    subnet: formatSubnet(subnet),
    agentPort: await freePort(addressIn(subnet, 1)),
    nodes: NODE_PLANS.filter((plan) => request.nodes.includes(plan.name)).map((plan) => ({
      name: plan.name,
      hostname: plan.hostname,
      address: addressIn(subnet, plan.hostPart),
      container: containerName(request.name, plan.name),
      role: plan.role,
      credential: randomBytes(32).toString('base64url'),
      power: 'on',
      cable: 'in',
    })),
  };
}

export interface NodeSetup {
  engine: Docker;
  record: ClusterRecord;
  folder: ClusterFolder;
  image: string;
  /** Where the nodes' agents find the cluster host: `ws://10.10.10.1:PORT`; undefined where a real Swarm orchestrates. */
  hostUrl: string | undefined;
}

/** Creates and starts a node's container, with its agent and the agent's configuration in it. Does not wait for it to be up. */
export async function createNode(setup: NodeSetup, node: NodeRecord): Promise<void> {
  const { engine, record, folder, image } = setup;
  makePrivateFolder(folder.node(node.name).path);
  writeAgentConfig(setup, node);
  if (servesRegistry(record, node)) turnRegistryOn(folder.node(node.name));
  try {
    await startWithPrivileges(
      engine,
      nodePrivileges(),
      (privilege) => nodeContainer(record, node, { image, folder, privilege }),
      async (container) => {
        await container.putArchive(agentArchive(), { path: '/' });
      },
    );
  } catch (error) {
    throw asEngineFailure(error, `starting node ${node.name}`);
  }
}

/** Tells the node's agent who and where it is, and where the cluster host is. */
function writeAgentConfig(setup: Pick<NodeSetup, 'record' | 'folder' | 'hostUrl'>, node: NodeRecord): void {
  const { record, folder, hostUrl } = setup;
  const records = Object.fromEntries(Object.entries(clusterNames(record)).map(([name, address]) => [name, [address]]));
  const config: Omit<AgentConfig, 'hostSocket' | 'engine'> = {
    cluster: record.name,
    node: node.name,
    hostname: node.hostname,
    address: node.address,
    orchestrator: record.orchestrator,
    credential: node.credential,
    ...(hostUrl !== undefined && { hostUrl }),
    dns: { records },
    peers: record.nodes
      .filter((each) => each !== node)
      .map(({ name, hostname, address }) => ({ name, hostname, address })),
  };
  writeJsonFile(folder.node(node.name).agentConfig, config);
}

/** Removes what a stopped node's agent left in the shared folder that would look alive: its sockets. */
export function forgetSockets(folder: ClusterFolder, node: NodeRecord): void {
  const { dockerSocket, controlSocket, agentSocket } = folder.node(node.name);
  for (const path of [dockerSocket, controlSocket, agentSocket]) rmSync(path, { force: true });
}
