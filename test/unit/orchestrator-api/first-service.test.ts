import { expect, test } from 'vitest';
import { serviceBody, TestFleet, tasksOf } from './test-fleet.ts';

test('a service with a published port runs on a swarm that was just made', async () => {
  const fleet = new TestFleet();
  await fleet.swarm(['master'], ['worker1', 'worker2', 'registry']);
  const control = fleet.control();
  expect(control.nodes.list().map((node) => (node.Status as { State: string }).State)).toEqual(Array(4).fill('ready'));
  const { ID } = await control.services.create(
    serviceBody('web', { Mode: { Replicated: { Replicas: 3 } }, EndpointSpec: { Ports: [{ TargetPort: 80 }] } }),
  );
  await fleet.clock.advance(3000);
  expect(control.services.list({ status: true })[0]?.ServiceStatus).toEqual({
    RunningTasks: 3,
    DesiredTasks: 3,
    CompletedTasks: 0,
  });
  const service = control.services.get(ID) as { Endpoint: { Ports: { PublishedPort: number }[] } };
  expect(service.Endpoint.Ports[0]?.PublishedPort).toBe(30000);
  const addresses = tasksOf(control, 'web').map(
    (task) => (task.NetworksAttachments as { Addresses: string[] }[])[0]?.Addresses[0],
  );
  expect(addresses.sort()).toEqual(['10.0.0.7/24', '10.0.0.8/24', '10.0.0.9/24']);
  await control.services.remove('web');
  await fleet.clock.advance(3000);
  expect(control.tasks.list()).toEqual([]);
});
