import { expect, test } from 'vitest';
import { observe } from '../../../server/workspaces/cluster/observe.ts';
import { aNode, aService, aTask } from './swarm-objects.ts';

test('running is what was observed running on a node that is not down', () => {
  const look = {
    nodes: [aNode('n1', 'worker1.example'), aNode('n2', 'worker2.example', 'down')],
    services: [aService('s1', 'web', 3)],
    tasks: [
      aTask('t1', 's1', 'n1', 'running'),
      aTask('t2', 's1', 'n2', 'running'),
      aTask('t3', 's1', 'n1', 'preparing'),
      aTask('t4', 'gone', 'n1', 'running'),
    ],
  };
  const { services, tasks } = observe(look);
  expect(services).toMatchObject([
    { name: 'web', mode: 'replicated', wanted: 3, running: 1, image: 'nginx:latest', ports: ['30000→80/tcp'] },
  ]);
  expect(tasks.map((task) => task.id)).toEqual(['t1', 't2', 't3']);
});
