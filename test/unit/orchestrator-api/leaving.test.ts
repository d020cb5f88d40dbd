import { expect, test } from 'vitest';
import { INIT, serviceBody, TestFleet } from './test-fleet.ts';

const stateOf = (fleet: TestFleet, machine: string, id: string) =>
  (fleet.control(machine).nodes.get(id).Status as { State: string }).State;

test('a worker leaves at once; the swarm notices when its heartbeats stop, and then lets it be removed', async () => {
  const fleet = new TestFleet();
  await fleet.swarm(['master'], ['worker1']);
  const control = fleet.control();
  await control.services.create(serviceBody('everywhere', { Mode: { Global: {} } }));
  await fleet.clock.advance(2000);
  const id = fleet.machine('worker1').nodeId();
  await fleet.machine('worker1').leave();
  await fleet.clock.advance(1000);
  expect(fleet.machine('worker1').state()).toBe('inactive');
  expect(fleet.agent('worker1').tasks.size).toBe(0);
  expect(stateOf(fleet, 'master', id)).toBe('ready');
  await expect(control.nodes.remove(id)).rejects.toMatchObject({
    status: 400,
    message: `rpc error: code = FailedPrecondition desc = node ${id} is not down and can't be removed`,
  });
  await fleet.clock.advance(17_000);
  expect(stateOf(fleet, 'master', id)).toBe('down');
  await control.nodes.remove(id);
  expect(control.nodes.list()).toHaveLength(1);
});

test('a machine that comes back is a new node', async () => {
  const fleet = new TestFleet();
  await fleet.swarm(['master'], ['worker1']);
  const before = fleet.machine('worker1').nodeId();
  await fleet.machine('worker1').leave();
  await fleet.clock.advance(1000);
  await fleet.run(fleet.join('worker1'));
  expect(fleet.machine('worker1').nodeId()).not.toBe(before);
  expect(fleet.control().nodes.list()).toHaveLength(3);
});

test('leaving twice, or without having joined, is refused', async () => {
  const fleet = new TestFleet();
  await expect(fleet.machine('worker1').leave({ force: true })).rejects.toMatchObject({
    status: 503,
    message: 'This node is not part of a swarm',
  });
});

test('the last manager leaves by force only, and the swarm is gone with it', async () => {
  const fleet = new TestFleet();
  await fleet.swarm(['master'], ['worker1']);
  await expect(fleet.machine('master').leave()).rejects.toMatchObject({
    status: 503,
    message:
      'You are attempting to leave the swarm on a node that is participating as a manager. Removing the last manager erases all current state of the swarm. Use `--force` to ignore this message. ',
  });
  await fleet.machine('master').leave({ force: true });
  expect(fleet.machine('master').state()).toBe('inactive');
  expect(fleet.machine('worker1').state()).toBe('active');
  expect(() => fleet.machine('worker1').control()).toThrow("Worker nodes can't be used");
  await fleet.machine('worker1').leave();
  await fleet.clock.advance(1000);
  await fleet.run(fleet.machine('worker1').init(INIT));
  expect(fleet.control('worker1').nodes.list()).toHaveLength(1);
});

test('one of three managers is told that a quorum of two of two remains', async () => {
  const fleet = new TestFleet();
  await fleet.swarm(['master', 'worker1', 'worker2']);
  await expect(fleet.machine('worker1').leave()).rejects.toMatchObject({
    message:
      'You are attempting to leave the swarm on a node that is participating as a manager. The only way to restore a swarm that has lost consensus is to reinitialize it with `--force-new-cluster`. Use `--force` to suppress this message.',
  });
});

test('one of two managers is told that the other one will not be enough', async () => {
  const fleet = new TestFleet();
  await fleet.swarm(['master', 'worker1']);
  await expect(fleet.machine('worker1').leave()).rejects.toMatchObject({
    message: expect.stringContaining(
      'Removing this node leaves 1 managers out of 2. Without a Raft quorum your swarm will be inaccessible. ',
    ),
  });
});

test('a ready node can be removed by force; its machine is then without a session', async () => {
  const fleet = new TestFleet();
  await fleet.swarm(['master'], ['worker1']);
  await fleet.control().services.create(serviceBody('web', { Mode: { Global: {} } }));
  await fleet.clock.advance(2000);
  const id = fleet.machine('worker1').nodeId();
  await fleet.control().nodes.remove(id, { force: true });
  await fleet.clock.advance(30_000);
  expect(fleet.control().nodes.list()).toHaveLength(1);
  expect(fleet.machine('worker1').state()).toBe('active');
  await fleet.machine('worker1').leave();
  await fleet.clock.advance(1000);
  await fleet.run(fleet.join('worker1'));
  expect(fleet.control().nodes.list()).toHaveLength(2);
});
