import { expect, test } from 'vitest';
import type { PortConfig } from '../../../server/orchestrator/model/specs.ts';
import { FakeCluster, serviceSpec } from './fake-cluster.ts';

/** Three nodes, the ingress network, and an overlay called `front`. */
async function withNetworks(): Promise<FakeCluster> {
  const cluster = await FakeCluster.start(3);
  cluster.addIngress();
  cluster.addNetwork('front');
  await cluster.clock.advance(200);
  return cluster;
}

const port: PortConfig = { Protocol: 'tcp', TargetPort: 80, PublishedPort: 8080, PublishMode: 'ingress' };

function published(name: string, Replicas: number) {
  return serviceSpec(name, { Mode: { Replicated: { Replicas } }, EndpointSpec: { Mode: 'vip', Ports: [port] } });
}

function onFront(name: string, Replicas: number) {
  const spec = serviceSpec(name, { Mode: { Replicated: { Replicas } } });
  return { ...spec, TaskTemplate: { ...spec.TaskTemplate, Networks: [{ Target: 'front', Aliases: ['www'] }] } };
}

const overlay = (cluster: FakeCluster, nodeId: string, id: string) =>
  cluster.agent(nodeId).network?.overlays.find((candidate) => candidate.id === id);

test('every node takes part in the ingress network and knows the others', async () => {
  const cluster = await withNetworks();
  for (const nodeId of ['node1', 'node2', 'node3']) {
    const ingress = overlay(cluster, nodeId, 'ingress');
    expect(ingress).toMatchObject({ subnet: '10.0.0.0/24', gateway: '10.0.0.1', vni: 4096 });
    expect(ingress?.peers.map((peer) => peer.address)).toEqual(['192.168.0.11', '192.168.0.12', '192.168.0.13']);
    expect(ingress?.nodeAddress).toBe(ingress?.peers.find((peer) => peer.nodeId === nodeId)?.overlayAddress);
    expect(overlay(cluster, nodeId, 'front')).toBeUndefined();
  }
});

test('every node learns of a published port and the tasks behind it, once the first of them runs', async () => {
  const cluster = await withNetworks();
  cluster.behave((task) => (task.Slot === 2 ? { hangsIn: 'starting' } : {}));
  const web = cluster.createService(published('web', 2));
  await cluster.clock.advance(150);
  expect(cluster.agent('node3').network?.published).toEqual([]);
  await cluster.clock.advance(1_000);
  const [task] = cluster.running(web);
  const expected = {
    protocol: 'tcp',
    publishedPort: 8080,
    targetPort: 80,
    serviceId: web,
    serviceName: 'web',
    backends: [task?.attachments[0]?.addresses[0]?.replace('/24', '')],
  };
  for (const { network } of cluster.agents) expect(network?.published).toEqual([expected]);
  expect(overlay(cluster, 'node1', 'ingress')?.endpoints).toHaveLength(2);
});

test('a task that is told to stop takes no more connections, while it still runs', async () => {
  const cluster = await withNetworks();
  cluster.behave(() => ({ stopTime: 10_000 }));
  const web = cluster.createService(published('web', 2));
  await cluster.untilRunning(web, 2);
  await cluster.clock.advance(200);
  cluster.scale(web, 1);
  await cluster.clock.advance(50);
  expect(cluster.agent('node3').network?.published[0]?.backends).toHaveLength(1);
  expect(overlay(cluster, 'node3', 'ingress')?.endpoints.map((endpoint) => endpoint.active)).toEqual([true, false]);
});

test('a task is known by its hostname, which may be a template', async () => {
  const cluster = await withNetworks();
  const spec = onFront('web', 2);
  const ContainerSpec = { ...spec.TaskTemplate.ContainerSpec, Hostname: '{{.Service.Name}}-{{.Task.Slot}}' };
  const web = cluster.createService({ ...spec, TaskTemplate: { ...spec.TaskTemplate, ContainerSpec } } as typeof spec);
  await cluster.untilRunning(web, 2);
  await cluster.clock.advance(200);
  const [task] = cluster.running(web);
  const names = overlay(cluster, task?.NodeID ?? '', 'front')?.endpoints.flatMap(({ aliases }) => aliases);
  expect(names).toEqual(expect.arrayContaining(['web-1', 'web-2']));
});

test('the port is given back with the last task behind it', async () => {
  const cluster = await withNetworks();
  const web = cluster.createService(published('web', 1));
  await cluster.untilRunning(web, 1);
  await cluster.clock.advance(200);
  cluster.removeService(web);
  await cluster.clock.advance(50);
  for (const { network } of cluster.agents) expect(network?.published).toEqual([]);
});

test('only nodes with a task on an overlay take part in it', async () => {
  const cluster = await withNetworks();
  const web = cluster.createService(onFront('web', 2));
  await cluster.untilRunning(web, 2);
  await cluster.clock.advance(200);
  const front = overlay(cluster, 'node1', 'front');
  expect(front?.peers.map((peer) => peer.nodeId)).toEqual(['node1', 'node2']);
  expect(overlay(cluster, 'node3', 'front')).toBeUndefined();
  const vip = cluster.service(web).Endpoint?.VirtualIPs?.[0]?.Addr.replace('/24', '');
  const backends = cluster.running(web).map((task) => task.attachments[0]?.addresses[0]?.replace('/24', ''));
  expect(front?.services).toEqual([{ id: web, name: 'web', vip, aliases: ['www'], backends }]);
  expect(front?.endpoints.map((endpoint) => endpoint.name)).toEqual(
    cluster.running(web).map((task) => `web.${task.Slot}.${task.ID}`),
  );
  cluster.scale(web, 0);
  await cluster.clock.advance(2_000);
  expect(overlay(cluster, 'node1', 'front')).toBeUndefined();
});

test('nodes that are down have no backends', async () => {
  const cluster = await withNetworks();
  const web = cluster.createService(published('web', 3));
  await cluster.untilRunning(web, 3);
  cluster.agent('node1').cut();
  await cluster.clock.advance(15_500);
  expect(cluster.node('node1').Status.State).toBe('down');
  expect(cluster.agent('node2').network?.published[0]?.backends).toHaveLength(2);
});

test('only nodes concerned by a change are told', async () => {
  const cluster = await withNetworks();
  const before = cluster.agent('node3').received.length;
  const web = cluster.createService(onFront('web', 2));
  await cluster.untilRunning(web, 2);
  await cluster.clock.advance(200);
  expect(cluster.agent('node3').received.slice(before)).toEqual([]);
});

test('a node that connects is told all at once', async () => {
  const cluster = await withNetworks();
  const web = cluster.createService(published('web', 2));
  await cluster.untilRunning(web, 2);
  await cluster.clock.advance(200);
  const agent = cluster.agent('node3');
  agent.network = undefined;
  agent.connect();
  await cluster.clock.advance(0);
  expect(agent.network).toMatchObject({ nodeId: 'node3', published: [{ publishedPort: 8080 }] });
});

test('a plain container on an attachable overlay is an endpoint too', async () => {
  const cluster = await withNetworks();
  cluster.store.update((transaction) => {
    transaction.create('tasks', {
      ID: 'attachment',
      ServiceID: '',
      NodeID: 'node1',
      Spec: { NetworkAttachmentSpec: { ContainerID: 'f00ba4f00ba4f00ba4' }, Networks: [{ Target: 'front' }] },
      Status: { State: 'new', Message: 'created', Timestamp: cluster.clock.timestamp(), PortStatus: {} },
      DesiredState: 'running',
      attachments: [],
      serviceName: '',
      serviceLabels: {},
      specVersion: 0,
      global: false,
    });
  });
  await cluster.clock.advance(1_000);
  expect(overlay(cluster, 'node1', 'front')?.endpoints).toMatchObject([
    { taskId: 'attachment', name: 'f00ba4f00ba4', serviceId: '', active: true },
  ]);
});
