import { describe, expect, test } from 'vitest';
import { describeVerdict } from '../../../server/grading/verdict.ts';
import { FakeCluster, fakeNode, fakeService, fakeTask, runningTasksOf } from './fake-cluster.ts';
import { judge } from './judge.ts';

/** A cluster with one service and its tasks. */
function clusterWith(replicas: number, tasks: Record<string, unknown>[]): FakeCluster {
  const cluster = new FakeCluster();
  cluster.set('/services', [fakeService('pinger', { replicas })]);
  cluster.set('/tasks', tasks);
  return cluster;
}

describe('how many tasks of a service run', () => {
  test('passes when as many run as are wanted', async () => {
    const verdict = await judge(clusterWith(3, runningTasksOf('pinger', 3)), { service: 'pinger', running: 3 });
    expect(verdict).toMatchObject({ outcome: 'pass', observed: '3 of 3 running' });
  });

  test('is not yet while rejected tasks are being retried, and says where and why', async () => {
    const rejected = Array.from({ length: 9 }, (_, index) =>
      fakeTask('pinger', 42 + index, { state: 'rejected', desired: 'shutdown', error: 'No such image: alpine:latest' }),
    );
    const verdict = await judge(clusterWith(50, [...runningTasksOf('pinger', 41), ...rejected]), {
      service: 'pinger',
      running: 50,
    });
    expect(verdict.outcome).toBe('not-yet');
    expect(describeVerdict(verdict)).toBe(
      'service pinger: 41 of 50 running (expected 50 running); 9 on worker1 rejected: No such image: alpine:latest. Wait, or look at `docker service ps pinger`.',
    );
  });

  test('is wrong when the service asks for another number, however many run', async () => {
    const verdict = await judge(clusterWith(5, runningTasksOf('pinger', 5)), { service: 'pinger', running: 50 });
    expect(verdict).toMatchObject({ outcome: 'wrong', because: 'the service asks for 5' });
  });

  test('waits for tasks that are still stopping after a scale-down', async () => {
    const tasks = Array.from({ length: 50 }, (_, index) =>
      fakeTask('pinger', index + 1, index < 10 ? {} : { desired: 'remove' }),
    );
    const verdict = await judge(clusterWith(10, tasks), { service: 'pinger', running: 10 });
    expect(verdict).toMatchObject({ outcome: 'not-yet', observed: '50 of 10 running', because: '40 still stopping' });
  });

  test('does not count tasks on a node that is down, whatever they claim', async () => {
    const cluster = clusterWith(2, [fakeTask('pinger', 1), fakeTask('pinger', 2, { node: 'worker2' })]);
    const down = { ...fakeNode('worker2'), Status: { State: 'down', Addr: '' } };
    cluster.set('/nodes', [fakeNode('master', true), fakeNode('worker1'), down]);
    const verdict = await judge(cluster, { service: 'pinger', running: 2 });
    expect(verdict).toMatchObject({ outcome: 'not-yet', because: '1 on worker2, which is down' });
  });

  test('is wrong when no node can take the tasks', async () => {
    const error = 'no suitable node (scheduling constraints not satisfied on 4 nodes)';
    const verdict = await judge(clusterWith(1, [fakeTask('pinger', 1, { state: 'pending', error })]), {
      service: 'pinger',
      running: 1,
    });
    expect(verdict).toMatchObject({ outcome: 'wrong', because: `1 waiting: ${error}` });
  });

  test('is wrong when a task crashes again and again, not yet at its first crash', async () => {
    const crash = (created: string) =>
      fakeTask('pinger', 1, { state: 'failed', desired: 'shutdown', error: 'task: non-zero exit (1)', created });
    const once = await judge(clusterWith(1, [crash('1')]), { service: 'pinger', running: 1 });
    const twice = await judge(clusterWith(1, [crash('1'), crash('2')]), { service: 'pinger', running: 1 });
    expect([once.outcome, twice.outcome]).toEqual(['not-yet', 'wrong']);
  });

  test('is wrong when every node has rejected the image', async () => {
    const tasks = ['master', 'worker1', 'worker2', 'registry'].map((node, index) =>
      fakeTask('pinger', 1, { node, state: 'rejected', error: 'No such image: nope:latest', created: String(index) }),
    );
    const verdict = await judge(clusterWith(1, tasks), { service: 'pinger', running: 1 });
    expect(verdict.outcome).toBe('wrong');
  });
});
