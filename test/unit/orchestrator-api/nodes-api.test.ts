import { beforeEach, expect, test } from 'vitest';
import type { ControlApi } from '../../../server/orchestrator/api/control-api.ts';
import { serviceBody, TestFleet, tasksOf } from './test-fleet.ts';

let fleet: TestFleet;
let control: ControlApi;
beforeEach(async () => {
  fleet = new TestFleet();
  await fleet.swarm(['master'], ['worker1', 'worker2']);
  control = fleet.control();
});

const WORKER = 'worker1.docker-dca.example';
const version = (id = WORKER) => String((control.nodes.get(id) as { Version: { Index: number } }).Version.Index);

test.each([
  [{}, 'invalid Role: ""'],
  [{ Role: 'worker' }, 'invalid Availability: ""'],
  [{ Role: 'boss', Availability: 'active' }, 'invalid Role: "boss"'],
  [{ Role: 'worker', Availability: 'sleeping' }, 'invalid Availability: "sleeping"'],
])('%j is no node: %s', async (spec, message) => {
  await expect(control.nodes.update(WORKER, spec, { version: version() })).rejects.toMatchObject({
    status: 400,
    message,
  });
});

test('an update replaces the whole spec of a node', async () => {
  await control.nodes.update(
    WORKER,
    { Name: 'one', Labels: { z: '1', a: '2' }, Role: 'WORKER', Availability: 'Pause' },
    { version: version() },
  );
  expect(control.nodes.get(WORKER).Spec).toEqual({
    Name: 'one',
    Labels: { a: '2', z: '1' },
    Role: 'worker',
    Availability: 'pause',
  });
  await control.nodes.update(WORKER, { Role: 'worker', Availability: 'active' }, { version: version() });
  expect(control.nodes.get(WORKER).Spec).toEqual({ Labels: {}, Role: 'worker', Availability: 'active' });
});

test('an update must know the version that it changes', async () => {
  const spec = { Role: 'worker', Availability: 'active' };
  await expect(control.nodes.update(WORKER, spec, { version: '1' })).rejects.toMatchObject({
    status: 500,
    message: 'rpc error: code = Unknown desc = update out of sequence',
  });
  await expect(control.nodes.update('nosuch', spec, { version: '1' })).rejects.toMatchObject({
    status: 404,
    message: 'node nosuch not found',
  });
});

test('nodes are found by every filter', async () => {
  await control.nodes.update(
    WORKER,
    { Labels: { disk: 'ssd' }, Role: 'worker', Availability: 'active' },
    { version: version() },
  );
  const count = (filters: unknown) => control.nodes.list({ filters: JSON.stringify(filters) }).length;
  expect(count({ name: ['worker'] })).toBe(2);
  expect(count({ role: ['manager'] })).toBe(1);
  expect(count({ role: ['manager', 'worker'] })).toBe(3);
  expect(count({ 'node.label': ['disk=ssd'] })).toBe(1);
  expect(count({ label: ['disk'] })).toBe(0);
  expect(count({ id: [fleet.machine('worker1').nodeId().slice(0, 9)] })).toBe(1);
  expect(count({ membership: ['accepted'] })).toBe(2);
  expect(count({ membership: ['pending'] })).toBe(1);
  expect(() => count({ role: ['boss'] })).toThrow("Invalid role filter: 'boss'");
  expect(() => count({ membership: ['x'] })).toThrow("Invalid membership filter: 'x'");
});

test('draining a node moves its tasks', async () => {
  await control.services.create(serviceBody('web', { Mode: { Replicated: { Replicas: 3 } } }));
  await fleet.clock.advance(2000);
  await control.nodes.update(WORKER, { Role: 'worker', Availability: 'drain' }, { version: version() });
  await fleet.clock.advance(10_000);
  expect(fleet.agent('worker1').runningTasks()).toEqual([]);
  expect(control.services.list({ status: true })[0]?.ServiceStatus).toMatchObject({ RunningTasks: 3 });
});

test('tasks of a node that is removed are orphaned, and run elsewhere', async () => {
  await control.services.create(
    serviceBody('web', {}, { Placement: { Constraints: [`node.hostname!=master.docker-dca.example`] } }),
  );
  await fleet.clock.advance(2000);
  const [task] = tasksOf(control, 'web') as { ID: string; NodeID: string }[];
  await control.nodes.remove(task?.NodeID ?? '', { force: true });
  expect(control.tasks.get(task?.ID ?? '')).toMatchObject({
    Status: { State: 'orphaned', Message: 'Task belonged to a node that has been deleted' },
  });
  await fleet.clock.advance(10_000);
  const running = tasksOf(control, 'web').filter((other) => (other.Status as { State: string }).State === 'running');
  expect(running).toHaveLength(1);
  expect(running[0]?.NodeID).not.toBe(task?.NodeID);
});
