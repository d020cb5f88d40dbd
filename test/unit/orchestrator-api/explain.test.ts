import { beforeEach, expect, test } from 'vitest';
import type { ControlApi } from '../../../server/orchestrator/api/control-api.ts';
import { serviceBody, TestFleet, tasksOf } from './test-fleet.ts';

let fleet: TestFleet;
let control: ControlApi;
beforeEach(async () => {
  fleet = new TestFleet();
  await fleet.swarm(['master'], ['worker1']);
  control = fleet.control();
});

const explain = (service: string, index = 0) => control.tasks.explain(String(tasksOf(control, service)[index]?.ID));

test('a pending task tells which filter refused each node', async () => {
  await control.services.create(serviceBody('web', {}, { Placement: { Constraints: ['node.labels.disk==tape'] } }));
  await fleet.clock.advance(2000);
  const explanation = explain('web');
  expect(explanation).toMatchObject({
    state: 'pending',
    nodeId: undefined,
    summary: 'No node can take it: no suitable node (scheduling constraints not satisfied on 2 nodes).',
  });
  expect(explanation.nodes.map(({ refusedBy }) => refusedBy)).toEqual(
    Array(2).fill(expect.stringContaining('constraints')),
  );
});

test('a task without its network waits in state new', async () => {
  await control.networks.create({ Name: 'a', Driver: 'overlay', IPAM: { Config: [{ Subnet: '10.9.0.0/24' }] } });
  await control.networks.create({ Name: 'b', Driver: 'overlay', IPAM: { Config: [{ Subnet: '10.9.0.0/24' }] } });
  await control.services.create(serviceBody('web', {}, { Networks: [{ Target: 'b' }] }));
  await fleet.clock.advance(2000);
  expect(explain('web')).toMatchObject({
    state: 'new',
    summary: 'It waits for its networks, ports and addresses; the network b could not be allocated.',
  });
});

test('a task that has taken over from others tells of them, and how often it may go on', async () => {
  for (const agent of fleet.agents.values()) agent.behaviour = () => ({ exitsAfter: 100, exitCode: 1 });
  await control.services.create(serviceBody('web', {}, { RestartPolicy: { MaxAttempts: 3, Delay: 0 } }));
  await fleet.clock.advance(500);
  for (const agent of fleet.agents.values()) agent.behaviour = () => ({});
  await fleet.clock.advance(3000);
  const running = tasksOf(control, 'web').findIndex((task) => (task.Status as { State: string }).State === 'running');
  const explanation = explain('web', running);
  expect(explanation.summary).toMatch(/^It runs on (master|worker1)\.docker-dca\.example\.$/);
  expect(explanation.history.length).toBeGreaterThan(0);
  expect(explanation.history[0]).toMatchObject({ state: 'failed', error: 'task: non-zero exit (1)' });
  expect(explanation.restarts).toEqual({ done: explanation.history.length, limit: 3 });
  expect(explanation.nodes).toHaveLength(2);
});

test('a task’s way has every state that it came through, each with its time, and goes with the task', async () => {
  const began = fleet.clock.now();
  await control.services.create(serviceBody('web', {}, {}));
  await fleet.clock.advance(3000);
  const id = String(tasksOf(control, 'web')[0]?.ID);
  const { way } = control.tasks.explain(id);
  expect(
    way.map(({ state }) => state).filter((state) => ['new', 'pending', 'assigned', 'running'].includes(state)),
  ).toEqual(['new', 'pending', 'assigned', 'running']);
  const times = way.map(({ at }) => Date.parse(at));
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(times[0]).toBeGreaterThanOrEqual(began);
  expect(way.at(-1)?.message).toBe('started');
  await control.services.remove('web');
  await fleet.clock.advance(60_000);
  expect(() => control.tasks.explain(id)).toThrow();
});
