import { describe, expect, it } from 'vitest';
import type { ClusterRecord, NodeRecord } from '../../../server/clusters/cluster-record.ts';
import { NODE_PLANS } from '../../../server/clusters/node-plan.ts';
import { clusterNames, nodeContainer } from '../../../server/clusters/provisioning/node-container.ts';
import { ClusterFolder } from '../../../server/clusters/state-folder.ts';

const record: ClusterRecord = {
  version: 1,
  name: 'lab',
  kind: 'dind',
  orchestrator: 'builtin',
  subnet: '10.10.10.0/24',
  agentPort: 40000,
  imagesOn: ['registry', 'worker2'],
  registry: false,
  created: '2026-01-01T00:00:00.000Z',
  phase: 'creating',
  nodes: NODE_PLANS.map((plan) => ({
    name: plan.name,
    hostname: plan.hostname,
    address: `10.10.10.${plan.hostPart}`,
    container: `swarmlab-lab-${plan.name}`,
    role: plan.role,
    credential: 'x'.repeat(43),
    power: 'on',
    cable: 'in',
  })),
};

const containerOf = (node: NodeRecord) =>
  nodeContainer(record, node, {
    image: 'node:1',
    folder: new ClusterFolder('lab', '/state'),
    privilege: { Privileged: true, CgroupnsMode: 'private' },
  });

describe("a node's container", () => {
  it('is filled with the images only where the lab wants them', () => {
    const filled = record.nodes.map((node) => [
      node.name,
      !containerOf(node).HostConfig?.Mounts?.[0]?.VolumeOptions?.NoCopy,
    ]);
    expect(Object.fromEntries(filled)).toEqual({ master: false, worker1: false, worker2: true, registry: true });
  });

  it('carries labels by which everything of the cluster is found again', () => {
    for (const node of record.nodes) {
      const { Labels, HostConfig } = containerOf(node);
      expect(Labels).toMatchObject({
        'swarmlab.owner': 'swarmlab',
        'swarmlab.cluster': 'lab',
        'swarmlab.node': node.name,
      });
      expect(HostConfig?.Mounts?.[0]?.VolumeOptions?.Labels).toMatchObject({ 'swarmlab.cluster': 'lab' });
    }
  });

  it('never sees what is shared with another node', () => {
    const [master] = record.nodes;
    const binds = (master && containerOf(master).HostConfig?.Binds) ?? [];
    expect(binds).toContain('/state/clusters/lab/nodes/master:/run/swarmlab');
    expect(binds.join()).not.toContain('nodes/worker1');
  });
});

describe('names in a cluster', () => {
  it('are the machines, short and long, and what the exercises ask for of the world outside', () => {
    expect(clusterNames(record)).toMatchObject({
      master: '10.10.10.100',
      'worker2.docker-dca.example': '10.10.10.120',
      'google.com': '10.10.10.200',
    });
  });

  it('answer for the world outside on another node when a lab has no registry', () => {
    const small = { ...record, nodes: record.nodes.filter((node) => node.name !== 'registry') };
    expect(clusterNames(small)['google.com']).toBe('10.10.10.100');
  });
});
