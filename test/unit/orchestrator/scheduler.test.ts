import { expect, test } from 'vitest';
import type { NodeDescription } from '../../../server/orchestrator/model/objects.ts';
import type { ServiceSpec, TaskSpec } from '../../../server/orchestrator/model/specs.ts';
import { FakeCluster, serviceSpec } from './fake-cluster.ts';

function replicated(name: string, Replicas: number, template: Partial<TaskSpec> = {}): ServiceSpec {
  const spec = serviceSpec(name, { Mode: { Replicated: { Replicas } } });
  return { ...spec, TaskTemplate: { ...spec.TaskTemplate, ...template } };
}

/** Changes what a node says of itself. */
async function describe(cluster: FakeCluster, nodeId: string, change: Partial<NodeDescription>): Promise<void> {
  const agent = cluster.agent(nodeId);
  agent.description = { ...agent.description, ...change };
  agent.send({ type: 'description', description: agent.description });
  await cluster.clock.advance(0);
}

const pending = (cluster: FakeCluster, service: string) =>
  cluster.tasks(service).filter((task) => task.Status.State === 'pending');

const error = (cluster: FakeCluster, service: string) => pending(cluster, service)[0]?.Status.Err;

test('tasks are placed 50 ms after the last change', async () => {
  const cluster = await FakeCluster.start(1);
  const web = cluster.createService(replicated('web', 1));
  await cluster.clock.advance(40);
  expect(cluster.tasks(web)[0]?.Status.State).toBe('pending');
  cluster.scale(web, 2);
  await cluster.clock.advance(40);
  expect(pending(cluster, web)).toHaveLength(2);
  await cluster.clock.advance(20);
  expect(pending(cluster, web)).toHaveLength(0);
});

test('a stream of changes does not keep tasks waiting longer than a second', async () => {
  const cluster = await FakeCluster.start(1);
  const web = cluster.createService(replicated('web', 1));
  for (let replicas = 2; replicas <= 40; replicas++) {
    cluster.scale(web, replicas);
    await cluster.clock.advance(30);
  }
  expect(cluster.tasks(web).filter((task) => task.NodeID !== undefined).length).toBeGreaterThan(25);
});

test('a service is spread by its own tasks first, then by all tasks', async () => {
  const cluster = await FakeCluster.start(3);
  const big = cluster.createService(replicated('big', 3, { Placement: { Constraints: ['node.id==node1'] } }));
  await cluster.untilRunning(big, 3);
  const web = cluster.createService(replicated('web', 2));
  await cluster.untilRunning(web, 2);
  expect(cluster.spread(web)).toEqual({ node2: 1, node3: 1 });
  cluster.scale(web, 3);
  await cluster.untilRunning(web, 3);
  expect(cluster.spread(web)).toEqual({ node1: 1, node2: 1, node3: 1 });
});

test('an empty node is filled up to the level of the others', async () => {
  const cluster = await FakeCluster.start(2);
  const web = cluster.createService(replicated('web', 6));
  await cluster.untilRunning(web, 6);
  cluster.addNode('node3');
  await cluster.clock.advance(1_000);
  cluster.scale(web, 9);
  await cluster.untilRunning(web, 9);
  expect(cluster.spread(web)).toEqual({ node1: 3, node2: 3, node3: 3 });
});

test('no node at all: no suitable node', async () => {
  const cluster = new FakeCluster();
  const web = cluster.createService(replicated('web', 1));
  await cluster.clock.advance(1_000);
  expect(cluster.tasks(web)[0]?.Status).toMatchObject({
    State: 'pending',
    Message: 'pending task scheduling',
    Err: 'no suitable node',
  });
});

test('nodes that are drained, paused or down take no new tasks', async () => {
  const cluster = await FakeCluster.start(3);
  cluster.setNode('node1', { Availability: 'drain' });
  cluster.setNode('node2', { Availability: 'pause' });
  cluster.agent('node3').cut();
  await cluster.clock.advance(20_000);
  const web = cluster.createService(replicated('web', 1));
  await cluster.clock.advance(1_000);
  expect(error(cluster, web)).toBe('no suitable node (3 nodes not available for new tasks)');
  cluster.setNode('node2', { Availability: 'active' });
  await cluster.untilRunning(web, 1);
  expect(cluster.running(web)[0]?.Status.Err).toBeUndefined();
});

test('only reservations count, and what a task had is free when it has ended', async () => {
  const cluster = await FakeCluster.start(1);
  const hungry = { Resources: { Reservations: { NanoCPUs: 3e9 }, Limits: { NanoCPUs: 1e9 } } };
  const first = cluster.createService(replicated('first', 1, hungry));
  await cluster.untilRunning(first, 1);
  const second = cluster.createService(replicated('second', 1, hungry));
  const limited = cluster.createService(replicated('limited', 5, { Resources: { Limits: { NanoCPUs: 4e9 } } }));
  await cluster.untilRunning(limited, 5);
  expect(error(cluster, second)).toBe('no suitable node (insufficient resources on 1 node)');
  cluster.scale(first, 0);
  await cluster.untilRunning(second, 1);
});

test('memory is reserved like processors', async () => {
  const cluster = await FakeCluster.start(2);
  const web = cluster.createService(
    replicated('web', 3, { Resources: { Reservations: { MemoryBytes: 6 * 2 ** 30 } } }),
  );
  await cluster.untilRunning(web, 2);
  expect(error(cluster, web)).toBe('no suitable node (insufficient resources on 2 nodes)');
});

test('generic resources are handed out by number or by name', async () => {
  const cluster = await FakeCluster.start(2);
  const { Resources } = cluster.agent('node1').description;
  const named = ['a', 'b'].map((Value) => ({ NamedResourceSpec: { Kind: 'gpu', Value } }));
  await describe(cluster, 'node1', { Resources: { ...Resources, GenericResources: named } });
  const counted = [{ DiscreteResourceSpec: { Kind: 'gpu', Value: 3 } }];
  await describe(cluster, 'node2', { Resources: { ...Resources, GenericResources: counted } });
  const wanted = [{ DiscreteResourceSpec: { Kind: 'gpu', Value: 2 } }];
  const Reservations = { GenericResources: wanted };
  const web = cluster.createService(replicated('web', 3, { Resources: { Reservations } }));
  await cluster.untilRunning(web, 2);
  const got = Object.fromEntries(cluster.running(web).map((task) => [task.NodeID, task.GenericResources]));
  expect(got).toEqual({ node1: named, node2: wanted });
  expect(error(cluster, web)).toBe('no suitable node (insufficient resources on 2 nodes)');
});

test('a task with a plugin is placed where that is', async () => {
  const cluster = await FakeCluster.start(2);
  const { Engine } = cluster.agent('node2').description;
  const Plugins = [...Engine.Plugins, { Type: 'Volume', Name: 'nfs:latest' }, { Type: 'Log', Name: 'gelf' }];
  await describe(cluster, 'node2', { Engine: { ...Engine, Plugins } });
  const Mounts = [
    { Type: 'volume', Source: 'data', Target: '/data', VolumeOptions: { DriverConfig: { Name: 'nfs' } } },
  ] as const;
  const volume = cluster.createService(replicated('volume', 1, { ContainerSpec: { Image: 'a', Mounts: [...Mounts] } }));
  const log = cluster.createService(replicated('log', 1, { LogDriver: { Name: 'gelf' } }));
  const none = cluster.createService(replicated('none', 1, { LogDriver: { Name: 'none' } }));
  const missing = cluster.createService(replicated('missing', 1, { LogDriver: { Name: 'fluentd' } }));
  await cluster.clock.advance(2_000);
  expect(cluster.spread(volume)).toEqual({ node2: 1 });
  expect(cluster.spread(log)).toEqual({ node2: 1 });
  expect(cluster.running(none)).toHaveLength(1);
  expect(error(cluster, missing)).toBe('no suitable node (missing plugin on 2 nodes)');
});

test('constraints choose nodes', async () => {
  const cluster = await FakeCluster.start(3);
  cluster.setNode('node2', { Labels: { disk: 'ssd' } });
  const ssd = { Placement: { Constraints: ['node.labels.disk==ssd'] } };
  const web = cluster.createService(replicated('web', 2, ssd));
  await cluster.untilRunning(web, 2);
  expect(cluster.spread(web)).toEqual({ node2: 2 });
  const tape = cluster.createService(replicated('tape', 1, { Placement: { Constraints: ['node.labels.disk==tape'] } }));
  await cluster.clock.advance(1_000);
  expect(error(cluster, tape)).toBe('no suitable node (scheduling constraints not satisfied on 3 nodes)');
  cluster.setNode('node3', { Labels: { disk: 'tape' } });
  await cluster.untilRunning(tape, 1);
});

test('platforms are compared with their other names, and an empty field fits all', async () => {
  const cluster = await FakeCluster.start(1);
  const placed = (Platforms: { Architecture?: string; OS?: string }[]) => ({ Placement: { Platforms } });
  const amd = cluster.createService(replicated('amd', 1, placed([{ Architecture: 'amd64', OS: 'linux' }])));
  const any = cluster.createService(replicated('any', 1, placed([{ Architecture: '', OS: 'linux' }])));
  const arm = cluster.createService(replicated('arm', 1, placed([{ Architecture: 'arm64', OS: 'linux' }])));
  await cluster.clock.advance(2_000);
  expect(cluster.running(amd)).toHaveLength(1);
  expect(cluster.running(any)).toHaveLength(1);
  expect(error(cluster, arm)).toBe('no suitable node (unsupported platform on 1 node)');
});

test('a port published in host mode is given to one task a node', async () => {
  const cluster = await FakeCluster.start(2);
  const Ports = [{ Protocol: 'tcp', TargetPort: 80, PublishedPort: 8080, PublishMode: 'host' }] as const;
  const web = cluster.createService({ ...replicated('web', 3), EndpointSpec: { Mode: 'vip', Ports: [...Ports] } });
  await cluster.untilRunning(web, 2);
  expect(cluster.spread(web)).toEqual({ node1: 1, node2: 1 });
  expect(error(cluster, web)).toBe('no suitable node (host-mode port already in use on 2 nodes)');
  const udp = [{ ...Ports[0], Protocol: 'udp' } as const];
  const other = cluster.createService({ ...replicated('other', 1), EndpointSpec: { Mode: 'vip', Ports: udp } });
  await cluster.untilRunning(other, 1);
});

test('no more replicas a node than allowed, always in the same words', async () => {
  const cluster = await FakeCluster.start(3);
  const Placement = { MaxReplicas: 2, Constraints: ['node.id!=node3'] };
  const web = cluster.createService(replicated('web', 6, { Placement }));
  await cluster.untilRunning(web, 4);
  expect(cluster.spread(web)).toEqual({ node1: 2, node2: 2 });
  // The nodes are looked at again by itself once there is something to explain.
  await cluster.clock.advance(1_000);
  expect(error(cluster, web)).toBe(
    'no suitable node (max replicas per node limit exceed; scheduling constraints not satisfied on 1 node)',
  );
});

test('the first filter that refuses a node gets the blame, the most frequent reason comes first', async () => {
  const cluster = await FakeCluster.start(3);
  cluster.setNode('node3', { Availability: 'drain', Labels: { disk: 'ssd' } });
  const template = {
    Placement: { Constraints: ['node.labels.disk==ssd'] },
    Resources: { Reservations: { NanoCPUs: 64e9 } },
  };
  const web = cluster.createService(replicated('web', 1, template));
  await cluster.clock.advance(1_000);
  expect(error(cluster, web)).toBe(
    'no suitable node (insufficient resources on 2 nodes; 1 node not available for new tasks)',
  );
});

test('a node on which a service keeps failing comes after the others', async () => {
  const cluster = await FakeCluster.start(2);
  const policy = { RestartPolicy: { Delay: 0 } };
  cluster.behave((task) => (task.NodeID === 'node1' ? { rejects: 'No such image: nginx' } : {}));
  const web = cluster.createService(replicated('web', 8, policy));
  await cluster.clock.advance(120_000);
  expect(cluster.spread(web)).toEqual({ node2: 8 });
  cluster.behave(() => ({}));
  const crash = async () => {
    cluster.agent('node2').crash(cluster.running(web)[0]?.ID ?? '');
    await cluster.clock.advance(2_000);
  };
  await crash();
  expect(cluster.spread(web)).toEqual({ node2: 8 });
  await cluster.clock.advance(6 * 60_000);
  await crash();
  expect(cluster.spread(web)).toEqual({ node1: 1, node2: 7 });
});

test('a preference spreads over the values of a label, nodes without it being one more value', async () => {
  const cluster = await FakeCluster.start(5);
  for (const [id, zone] of [
    ['node1', 'a'],
    ['node2', 'b'],
    ['node3', 'b'],
    ['node4', 'b'],
  ])
    cluster.setNode(id ?? '', { Labels: { zone: zone ?? '' } });
  const Preferences = [{ Spread: { SpreadDescriptor: 'node.labels.zone' } }];
  const web = cluster.createService(replicated('web', 9, { Placement: { Preferences } }));
  await cluster.untilRunning(web, 9);
  expect(cluster.spread(web)).toEqual({ node1: 3, node2: 1, node3: 1, node4: 1, node5: 3 });
});

test('preferences nest, and branches without room leave their share to the others', async () => {
  const cluster = await FakeCluster.start(4);
  const racks = { node1: ['a', '1'], node2: ['a', '2'], node3: ['b', '1'], node4: ['b', '1'] };
  for (const [id, [zone = '', rack = '']] of Object.entries(racks)) cluster.setNode(id, { Labels: { zone, rack } });
  const Preferences = ['node.labels.zone', 'node.labels.rack'].map((SpreadDescriptor) => ({
    Spread: { SpreadDescriptor },
  }));
  const web = cluster.createService(replicated('web', 8, { Placement: { Preferences } }));
  await cluster.untilRunning(web, 8);
  expect(cluster.spread(web)).toEqual({ node1: 2, node2: 2, node3: 2, node4: 2 });
  const tight = cluster.createService(replicated('tight', 6, { Placement: { Preferences, MaxReplicas: 2 } }));
  cluster.setNode('node2', { Availability: 'pause' });
  await cluster.untilRunning(tight, 6);
  expect(cluster.spread(tight)).toEqual({ node1: 2, node3: 2, node4: 2 });
});

test('a task that could never be placed is ended when a newer spec has taken its place', async () => {
  const cluster = await FakeCluster.start(1);
  const web = cluster.createService(replicated('web', 1, { Placement: { Constraints: ['node.id==nowhere'] } }));
  await cluster.clock.advance(1_000);
  cluster.setTemplate(web, { Placement: {} });
  await cluster.untilRunning(web, 1);
  expect(cluster.tasks(web).map((task) => [task.DesiredState, task.Status.State])).toEqual([
    ['shutdown', 'shutdown'],
    ['running', 'running'],
  ]);
});

test('a pending task is written once a reason, not once a look', async () => {
  const cluster = await FakeCluster.start(1);
  const web = cluster.createService(replicated('web', 1, { Placement: { Constraints: ['node.id==nowhere'] } }));
  await cluster.clock.advance(1_000);
  const version = pending(cluster, web)[0]?.Version.Index;
  for (let turn = 0; turn < 5; turn++) {
    cluster.setNode('node1', { Labels: { turn: String(turn) } });
    await cluster.clock.advance(1_000);
  }
  expect(pending(cluster, web)[0]?.Version.Index).toBe(version);
});

test('it can say how the nodes looked when a task was placed', async () => {
  const cluster = await FakeCluster.start(3);
  cluster.setNode('node3', { Availability: 'drain' });
  const first = cluster.createService(replicated('first', 1));
  await cluster.untilRunning(first, 1);
  const web = cluster.createService(replicated('web', 1));
  await cluster.untilRunning(web, 1);
  const [task] = cluster.running(web);
  const verdicts = cluster.scheduler.verdicts(task?.ID ?? '');
  expect(verdicts.map((verdict) => [verdict.nodeId, verdict.totalTasks, verdict.refusedBy])).toEqual([
    ['node2', 0, undefined],
    ['node1', 1, undefined],
    ['node3', 0, '1 node not available for new tasks'],
  ]);
  expect(verdicts[0]).toMatchObject({ hostname: 'node2.example', serviceTasks: 0, recentFailures: 0 });
});

test('it can say what it has against each node as long as a task is pending', async () => {
  const cluster = await FakeCluster.start(2);
  const web = cluster.createService(replicated('web', 1, { Resources: { Reservations: { NanoCPUs: 64e9 } } }));
  await cluster.clock.advance(1_000);
  const verdicts = cluster.scheduler.verdicts(cluster.tasks(web)[0]?.ID ?? '');
  expect(verdicts.map((verdict) => verdict.refusedBy)).toEqual(Array(2).fill('insufficient resources on 1 node'));
});
