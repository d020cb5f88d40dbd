import { expect, test } from 'vitest';
import { VirtualClock } from '../../server/clock/virtual-clock.ts';
import type { Secret } from '../../server/orchestrator/model/objects.ts';
import { SequenceConflict, Store, type StoreEvent } from '../../server/orchestrator/store/store.ts';

const secret = (id: string, name = id): Pick<Secret, 'ID' | 'Spec'> => ({ ID: id, Spec: { Name: name, Labels: {} } });

test('objects of one transaction share the version at its start, and committing advances it', () => {
  const store = new Store(new VirtualClock());
  store.update((transaction) => {
    transaction.create('secrets', secret('a'));
    transaction.create('secrets', secret('b'));
  });
  store.update((transaction) => transaction.create('secrets', secret('c')));
  expect(['a', 'b', 'c'].map((id) => store.secrets.get(id)?.Version.Index)).toEqual([1, 1, 2]);
});

test('a transaction that throws changes nothing and tells no one', () => {
  const store = new Store(new VirtualClock());
  const seen: StoreEvent[] = [];
  store.update((transaction) => transaction.create('secrets', secret('a', 'first')));
  store.watch((events) => seen.push(...events));
  expect(() =>
    store.update((transaction) => {
      transaction.create('secrets', secret('b'));
      const a = transaction.secrets.get('a');
      if (a) transaction.update('secrets', { ...a, Spec: { Name: 'second', Labels: {} } });
      transaction.remove('secrets', 'a');
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(store.secrets.get('a')?.Spec.Name).toBe('first');
  expect(store.secrets.by('name', 'first')).toHaveLength(1);
  expect(store.secrets.get('b')).toBeUndefined();
  expect(seen).toEqual([]);
});

test('an update of a stale version is out of sequence', () => {
  const store = new Store(new VirtualClock());
  const a = store.update((transaction) => transaction.create('secrets', secret('a')));
  store.update((transaction) => transaction.update('secrets', a, 1));
  expect(() => store.update((transaction) => transaction.update('secrets', a, 1))).toThrow(SequenceConflict);
});

test('what a watcher commits is told after the commit that it was told of, to every watcher in the same order', () => {
  const store = new Store(new VirtualClock());
  const order: string[] = [];
  store.watch((events) => {
    for (const event of events) {
      order.push(`first ${event.object.ID}`);
      if (event.object.ID === 'a') store.update((transaction) => transaction.create('secrets', secret('b')));
    }
  });
  store.watch((events) => order.push(...events.map((event) => `second ${event.object.ID}`)));
  store.update((transaction) => transaction.create('secrets', secret('a')));
  expect(order).toEqual(['first a', 'second a', 'first b', 'second b']);
});
