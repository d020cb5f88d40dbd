import { expect, it } from 'vitest';
import { assignedTask, LoneNode } from './lone-node.ts';

const text = (node: LoneNode, id: string) =>
  node.lines(id).map(({ stream, data }) => `${stream === 'stderr' ? '!' : ''}${Buffer.from(data, 'base64')}`);
const isDone = (node: LoneNode, id: string) =>
  node.heard.some((message) => message.type === 'log-done' && message.subscriptionId === id);

const counting = (prefix: string) => ({
  Image: 'alpine',
  Args: ['sh', '-c', `for i in 1 2 3 4 5; do echo ${prefix}$i; sleep 1; done; sleep 600`],
});

it('gives what there is, each line with its task, and then says that this was all', async () => {
  const first = assignedTask({ Image: 'alpine', Args: ['sh', '-c', 'echo out; echo err >&2; sleep 600'] });
  const second = assignedTask({ Image: 'alpine', Args: ['sh', '-c', 'echo two; sleep 600'] }, { Slot: 2 });
  const other = assignedTask(
    { Image: 'alpine', Args: ['sh', '-c', 'echo other; sleep 600'] },
    { ServiceID: 'service2' },
  );
  const node = await LoneNode.start(first, second, other);
  await node.clock.advance(1_000);
  node.subscribe('all', {}, [], ['service1']);
  await node.clock.advance(100);
  expect(text(node, 'all').sort()).toEqual(['!err\n', 'out\n', 'two\n']);
  expect(node.lines('all').find(({ data }) => Buffer.from(data, 'base64').toString() === 'two\n')).toMatchObject({
    taskId: second.ID,
    serviceId: 'service1',
    nodeId: 'node1',
    timestamp: expect.stringMatching(/^2026-01-01T00:00:\d\d\.\d{9}Z$/),
  });
  expect(isDone(node, 'all')).toBe(true);
});

it('counts the last lines for each task alone, dead ones included', async () => {
  const dead = assignedTask({ Image: 'alpine', Args: ['sh', '-c', 'echo a; echo b; exit 1'] });
  const alive = assignedTask(counting('n'), { Slot: 2 });
  const node = await LoneNode.start(dead, alive);
  await node.clock.advance(10_000);
  node.subscribe('tail', { tail: 1 }, [], ['service1']);
  await node.clock.advance(100);
  expect(text(node, 'tail').sort()).toEqual(['b\n', 'n5\n']);
});

it('follows: lines as they come, tasks that are not started yet, and tasks that come later', async () => {
  const waiting = assignedTask(counting('w'), { DesiredState: 'ready' });
  const node = await LoneNode.start(waiting);
  await node.clock.advance(500);
  node.subscribe('follow', { follow: true }, [], ['service1']);
  await node.clock.advance(500);
  await node.assign({ ...waiting, DesiredState: 'running' });
  await node.clock.advance(2_500);
  expect(text(node, 'follow')).toEqual(['w1\n', 'w2\n', 'w3\n']);
  const later = assignedTask(counting('l'), { Slot: 2 });
  await node.assign(later);
  await node.clock.advance(1_500);
  expect(text(node, 'follow')).toEqual(expect.arrayContaining(['w4\n', 'l1\n', 'l2\n']));
  expect(isDone(node, 'follow')).toBe(false);
  node.say({ type: 'unsubscribe', subscriptionId: 'follow' });
  await node.clock.advance(100);
  const until = text(node, 'follow').length;
  await node.clock.advance(5_000);
  expect(text(node, 'follow')).toHaveLength(until);
});

it('has nothing to say of a container whose log cannot be read', async () => {
  const quiet = { ...assignedTask({ Image: 'alpine', Args: ['sh', '-c', 'echo x; sleep 600'] }) };
  const node = await LoneNode.start({ ...quiet, logDriver: { Name: 'none' } });
  await node.clock.advance(1_000);
  node.subscribe('quiet', {}, [], ['service1']);
  await node.clock.advance(100);
  expect(text(node, 'quiet')).toEqual([]);
  expect(node.heard.at(-1)).toEqual({ type: 'log-done', subscriptionId: 'quiet' });
  expect(node.log.at(-1)).toContain('configured logging driver does not support reading');
});

it('does not wait for a container that is gone', async () => {
  const task = assignedTask({ Image: 'alpine', Args: ['echo', 'x'] });
  const node = await LoneNode.start(task);
  await node.until(task.ID, 'complete');
  await node.engine.removeContainer(`web.1.${task.ID}`, { force: true, volumes: true });
  node.subscribe('gone', {}, [task.ID]);
  await node.clock.advance(100);
  expect(text(node, 'gone')).toEqual([]);
  expect(isDone(node, 'gone')).toBe(true);
});

it('holds back a log whose reader does not read, and goes on when it does', async () => {
  const endless = assignedTask({
    Image: 'alpine',
    Args: ['sh', '-c', `while true; do echo ${'x'.repeat(60_000)}; sleep 0.1; done`],
  });
  const node = await LoneNode.start(endless);
  await node.clock.advance(1_000);
  node.subscribe('slow', { follow: true, tail: 0 }, [], ['service1']);
  const sent = () => node.lines('slow').reduce((sum, { data }) => sum + data.length, 0);
  await node.clock.advance(3_000);
  const held = sent();
  await node.clock.advance(3_000);
  expect(sent()).toBe(held);
  expect(held).toBeLessThan(2 * 1024 * 1024);
  node.say({ type: 'log-taken', subscriptionId: 'slow', bytes: held });
  await node.clock.advance(3_000);
  expect(sent()).toBeGreaterThan(held + 1024 * 1024);
});
