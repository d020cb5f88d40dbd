import { expect, test } from 'vitest';
import { INIT, serviceBody, TestFleet } from './test-fleet.ts';

const NO_LEADER =
  "rpc error: code = Unknown desc = The swarm does not have a leader. It's possible that too few managers are online. Make sure more than half of the managers are online.";

type NodeObject = {
  ID: string;
  Version: { Index: number };
  Spec: Record<string, unknown>;
  Status: { State: string };
  ManagerStatus?: { Leader?: boolean; Reachability: string };
};

const nodeOf = (fleet: TestFleet, machine: string, via = 'master') =>
  fleet.control(via).nodes.get(fleet.machine(machine).nodeId()) as unknown as NodeObject;

async function setRole(fleet: TestFleet, machine: string, Role: 'manager' | 'worker', via = 'master'): Promise<void> {
  const node = nodeOf(fleet, machine, via);
  await fleet.control(via).nodes.update(node.ID, { ...node.Spec, Role }, { version: String(node.Version.Index) });
  await fleet.clock.advance(100);
}

test('each of three managers answers as one', async () => {
  const fleet = new TestFleet();
  await fleet.swarm(['master', 'worker1', 'worker2'], ['registry']);
  const leaders = ['master', 'worker1', 'worker2'].map((name) => nodeOf(fleet, name, 'worker2').ManagerStatus?.Leader);
  expect(leaders).toEqual([true, undefined, undefined]);
  await fleet.control('worker1').services.create(serviceBody('web'));
  expect(fleet.control('worker2').services.list()).toHaveLength(1);
  expect(fleet.machine('worker1').info()).toMatchObject({ ControlAvailable: true, Nodes: 4, Managers: 3 });
});

test('a swarm of two managers warns that it can lose none', async () => {
  const fleet = new TestFleet();
  await fleet.swarm(['master', 'worker1']);
  expect(fleet.machine('master').info().Warnings?.[0]).toMatch(
    /^WARNING: Running Swarm in a two-manager configuration/,
  );
});

test('a worker that is promoted can manage, and one that is demoted cannot any more', async () => {
  const fleet = new TestFleet();
  await fleet.swarm(['master'], ['worker1', 'worker2']);
  await setRole(fleet, 'worker1', 'manager');
  expect(fleet.machine('worker1').role()).toBe('manager');
  expect(nodeOf(fleet, 'worker1').ManagerStatus).toEqual({ Reachability: 'reachable', Addr: '10.10.10.110:2377' });
  await setRole(fleet, 'worker2', 'manager', 'worker1');
  await setRole(fleet, 'worker1', 'worker', 'worker2');
  expect(fleet.machine('worker1').role()).toBe('worker');
  expect(nodeOf(fleet, 'worker1').ManagerStatus).toBeUndefined();
});

test('the last manager cannot be demoted, nor one without which there is no quorum', async () => {
  const fleet = new TestFleet();
  await fleet.swarm(['master']);
  await expect(setRole(fleet, 'master', 'worker')).rejects.toMatchObject({
    status: 400,
    message: 'rpc error: code = FailedPrecondition desc = attempting to demote the last manager of the swarm',
  });
  await fleet.run(fleet.join('worker1', 'Manager'));
  await fleet.run(fleet.join('worker2', 'Manager'));
  fleet.stop('worker1');
  await fleet.clock.advance(10_000);
  await expect(setRole(fleet, 'worker2', 'worker')).rejects.toMatchObject({
    status: 400,
    message:
      "rpc error: code = FailedPrecondition desc = can't remove member from the raft: this would result in a loss of quorum",
  });
});

test('a leader that is demoted hands over', async () => {
  const fleet = new TestFleet();
  await fleet.swarm(['master', 'worker1', 'worker2']);
  await setRole(fleet, 'master', 'worker', 'worker1');
  await fleet.clock.advance(2000);
  expect(fleet.machine('master').role()).toBe('worker');
  expect(nodeOf(fleet, 'worker1', 'worker2').ManagerStatus?.Leader).toBe(true);
});

test('a manager must be demoted before it is removed, even by force', async () => {
  const fleet = new TestFleet();
  await fleet.swarm(['master', 'worker1']);
  const id = fleet.machine('worker1').nodeId();
  await expect(fleet.control().nodes.remove(id, { force: true })).rejects.toMatchObject({
    status: 400,
    message: `rpc error: code = FailedPrecondition desc = node ${id} is a cluster manager and is a member of the raft cluster. It must be demoted to worker before removal`,
  });
});

test('a manager that is stopped is unreachable, and reachable again when it is back', async () => {
  const fleet = new TestFleet();
  await fleet.swarm(['master', 'worker1', 'worker2']);
  fleet.stop('worker2');
  await fleet.clock.advance(20_000);
  expect(nodeOf(fleet, 'worker2')).toMatchObject({
    Status: { State: 'down' },
    ManagerStatus: { Reachability: 'unreachable' },
  });
  fleet.start('worker2');
  await fleet.clock.advance(2000);
  expect(nodeOf(fleet, 'worker2')).toMatchObject({
    Status: { State: 'ready' },
    ManagerStatus: { Reachability: 'reachable' },
  });
});

test('when the leader is lost there is none for a while, then another one takes over and everything goes on', async () => {
  const fleet = new TestFleet();
  await fleet.swarm(['master', 'worker1', 'worker2'], ['registry']);
  await fleet.control().services.create(serviceBody('web', { Mode: { Replicated: { Replicas: 4 } } }));
  await fleet.clock.advance(2000);
  fleet.stop('master');
  await fleet.clock.advance(7000);
  let isOver = false;
  void fleet
    .machine('worker1')
    .whenElected()
    .then(() => {
      isOver = true;
    });
  await fleet.clock.advance(5000);
  expect(isOver).toBe(false);
  await fleet.clock.advance(5000);
  expect(isOver).toBe(true);
  const leader = ['worker1', 'worker2'].find((name) => nodeOf(fleet, name, 'worker1').ManagerStatus?.Leader);
  expect(leader).toBeDefined();
  expect(nodeOf(fleet, 'master', 'worker1').ManagerStatus?.Reachability).toBe('unreachable');
  await fleet.clock.advance(60_000);
  expect(nodeOf(fleet, 'master', 'worker1').Status.State).toBe('down');
  const running = [...fleet.agents.entries()]
    .filter(([name]) => name !== 'master')
    .flatMap(([, agent]) => agent.runningTasks());
  expect(running).toHaveLength(4);
});

test('without a quorum nothing can be seen or changed, and nothing happens, until it is back', async () => {
  const fleet = new TestFleet();
  await fleet.swarm(['master', 'worker1', 'worker2'], ['registry']);
  fleet.stop('worker1');
  fleet.stop('worker2');
  await fleet.clock.advance(30_000);
  expect(() => fleet.control()).toThrow(NO_LEADER);
  expect(fleet.machine('master').info()).toMatchObject({
    LocalNodeState: 'active',
    ControlAvailable: true,
    Error: NO_LEADER,
    Cluster: { ID: '' },
  });
  fleet.start('worker1');
  await fleet.clock.advance(20_000);
  expect(fleet.control().nodes.list()).toHaveLength(4);
  expect(fleet.control('worker1').nodes.list()).toHaveLength(4);
});

test('a leader without a quorum notices late: reads are answered, changes wait in vain, then nobody is', async () => {
  const fleet = new TestFleet();
  await fleet.swarm(['master', 'worker1', 'worker2'], ['registry']);
  const master = fleet.machine('master');
  const told = (promise: Promise<void>) =>
    promise.then(
      () => 'in time',
      ({ message }: Error) => message,
    );
  fleet.stop('worker1');
  fleet.stop('worker2');
  await fleet.clock.advance(100);
  const changed = told(master.whenAgreed());
  await fleet.clock.advance(14_000);
  await master.whenElected();
  expect(fleet.control().nodes.list()).toHaveLength(4);
  await fleet.clock.advance(2_000);
  const read = told(master.whenElected());
  expect(await changed).toBe(
    'rpc error: code = Unknown desc = raft: failed to process the request: node lost leader status',
  );
  await fleet.clock.advance(20_000);
  expect(await read).toBe('rpc error: code = DeadlineExceeded desc = context deadline exceeded');
  await master.whenElected();
  expect(() => fleet.control()).toThrow(NO_LEADER);
});

test('a quorum that comes back in time keeps the leader, and whoever waits is answered', async () => {
  const fleet = new TestFleet();
  await fleet.swarm(['master', 'worker1', 'worker2']);
  fleet.stop('worker1');
  fleet.stop('worker2');
  await fleet.clock.advance(100);
  const agreed = fleet.machine('master').whenAgreed();
  await fleet.clock.advance(12_000);
  fleet.start('worker1');
  await fleet.clock.advance(1_000);
  await agreed;
  await fleet.clock.advance(60_000);
  expect(nodeOf(fleet, 'master').ManagerStatus?.Leader).toBe(true);
});

test('--force-new-cluster goes on alone with all services and nodes', async () => {
  const fleet = new TestFleet();
  await fleet.swarm(['master', 'worker1', 'worker2'], ['registry']);
  await fleet.control().services.create(serviceBody('web'));
  fleet.stop('worker1');
  fleet.stop('worker2');
  await fleet.clock.advance(30_000);
  const id = fleet.machine('master').nodeId();
  expect(await fleet.run(fleet.machine('master').init({ ...INIT, ForceNewCluster: true }))).toBe(id);
  await fleet.clock.advance(2000);
  expect(fleet.control().services.list()).toHaveLength(1);
  expect(fleet.machine('master').info()).toMatchObject({ Managers: 1, Nodes: 4 });
  const former = nodeOf(fleet, 'worker1');
  expect([former.Spec.Role, former.ManagerStatus]).toEqual(['manager', undefined]);
  await fleet.control().nodes.remove(former.ID, { force: true });
  expect(nodeOf(fleet, 'registry').Status.State).toBe('ready');
});

test('a lone manager’s swarm goes on when it comes back', async () => {
  const fleet = new TestFleet();
  await fleet.swarm(['master'], ['worker1']);
  await fleet.control().services.create(serviceBody('web', { Mode: { Replicated: { Replicas: 2 } } }));
  await fleet.clock.advance(2000);
  fleet.stop('master');
  await fleet.clock.advance(120_000);
  fleet.start('master');
  await fleet.clock.advance(20_000);
  expect(
    fleet
      .control()
      .nodes.list()
      .map((node) => (node.Status as { State: string }).State),
  ).toEqual(['ready', 'ready']);
  expect(fleet.control().services.list({ status: true })[0]?.ServiceStatus).toMatchObject({ RunningTasks: 2 });
});

test('a lone manager that is cut off needs nobody and goes on answering, one of three does not', async () => {
  const alone = new TestFleet();
  await alone.swarm(['master'], ['worker1']);
  alone.agent('master').cut();
  await alone.clock.advance(60_000);
  expect(alone.control().nodes.list()).toHaveLength(2);
  expect(nodeOf(alone, 'master').ManagerStatus).toMatchObject({ Leader: true });
  const three = new TestFleet();
  await three.swarm(['master', 'worker1', 'worker2']);
  three.agent('master').cut();
  await three.clock.advance(60_000);
  expect(nodeOf(three, 'master', 'worker1').ManagerStatus?.Reachability).toBe('unreachable');
});

test('a node that is down can be promoted, but no quorum counts on it, and it can be removed', async () => {
  const fleet = new TestFleet();
  await fleet.swarm(['master'], ['worker1', 'worker2']);
  for (const name of ['worker1', 'worker2']) fleet.stop(name);
  await fleet.clock.advance(20_000);
  for (const name of ['worker1', 'worker2']) await setRole(fleet, name, 'manager');
  expect(nodeOf(fleet, 'worker1')).toMatchObject({ Spec: { Role: 'manager' }, Status: { State: 'down' } });
  expect(nodeOf(fleet, 'worker1').ManagerStatus).toBeUndefined();
  expect(fleet.machine('master').info()).toMatchObject({ Nodes: 3, Managers: 1 });
  await expect(setRole(fleet, 'worker1', 'worker')).rejects.toMatchObject({
    status: 404,
    message: "rpc error: code = NotFound desc = can't find manager in raft memberlist",
  });

  fleet.start('worker2');
  await fleet.clock.advance(1000);
  expect(nodeOf(fleet, 'worker2').ManagerStatus).toMatchObject({ Reachability: 'reachable' });
  expect(fleet.machine('master').info()).toMatchObject({ Managers: 2 });

  await fleet.control().nodes.remove(nodeOf(fleet, 'worker1').ID);
  fleet.fleet.machineRestarted('worker1');
  fleet.start('worker1');
  await fleet.clock.advance(1000);
  expect(fleet.machine('worker1').state()).toBe('pending');
  await fleet.machine('worker1').leave();
  expect(fleet.machine('worker1').state()).toBe('inactive');
});
