import { expect, test } from 'vitest';
import { toneOf, wayOf } from '../../../client/cluster/task-state.ts';
import { applyChange, NO_CLUSTER } from '../../../client/state/cluster-state.ts';
import { changeBetween } from '../../../server/workspaces/cluster/cluster-change.ts';
import type { ClusterView, TaskView } from '../../../server/workspaces/view/cluster-view.ts';

function task(id: string, slot: number, state: string, ...before: string[]): TaskView {
  return {
    id,
    name: `web.${slot}`,
    serviceId: 's1',
    nodeId: 'n1',
    slot,
    state,
    desired: 'running',
    message: '',
    error: '',
    image: 'nginx',
    history: [...before, state].map((name) => ({ state: name, at: `at ${name}` })),
  };
}

const view = (...tasks: TaskView[]): ClusterView => ({ ...NO_CLUSTER, swarm: 'active', tasks });

test('changes sent one by one lead to the same picture as the whole', () => {
  const views = [
    NO_CLUSTER,
    view(task('b', 2, 'new'), task('a', 1, 'new')),
    view(task('b', 2, 'running'), task('c', 10, 'pending')),
    view(task('d', 1, 'running'), task('b', 2, 'running'), task('c', 10, 'running')),
    NO_CLUSTER,
  ];
  let shown = NO_CLUSTER;
  for (const [index, next] of views.slice(1).entries()) {
    const change = changeBetween(views[index] ?? NO_CLUSTER, next);
    if (change !== undefined) shown = applyChange(shown, change);
    expect(new Set(shown.tasks)).toEqual(new Set(next.tasks));
    expect(shown.swarm).toBe(next.swarm);
  }
});

test('tasks are in the order of their numbers', () => {
  const change = changeBetween(
    NO_CLUSTER,
    view(task('c', 10, 'running'), task('b', 2, 'running'), task('a', 1, 'running')),
  );
  const shown = change === undefined ? NO_CLUSTER : applyChange(NO_CLUSTER, change);
  expect(shown.tasks.map(({ slot }) => slot)).toEqual([1, 2, 10]);
});

test('nothing new is no change', () => {
  expect(changeBetween(view(task('a', 1, 'running')), view(task('a', 1, 'running')))).toBeUndefined();
});

test('states that went by too fast to be seen count as passed, without a time', () => {
  const way = wayOf(task('a', 1, 'running', 'assigned', 'preparing'));
  expect(way.filter(({ reached }) => reached)).toHaveLength(8);
  expect(way.find(({ state }) => state === 'preparing')?.at).toBe('at preparing');
  expect(way.find(({ state }) => state === 'accepted')).toEqual({ state: 'accepted', at: undefined, reached: true });
});

test('the way of a task that was rejected ends there', () => {
  const way = wayOf(task('a', 1, 'rejected', 'assigned', 'preparing'));
  expect(way.map(({ state }) => state)).toEqual(['new', 'pending', 'assigned', 'accepted', 'preparing', 'rejected']);
  expect(toneOf({ state: 'rejected' })).toBe('bad');
});
