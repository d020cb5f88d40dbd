import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { VirtualClock } from '../../../server/clock/virtual-clock.ts';
import type { Task } from '../../../server/orchestrator/model/objects.ts';
import { restoreSwarm, StoreDatabase } from '../../../server/orchestrator/store/persistence.ts';
import { type Draft, Store } from '../../../server/orchestrator/store/store.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'swarmlab-store-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const task = (id: string, image: string): Draft<Task> => ({
  ID: id,
  Spec: { ContainerSpec: { Image: image } },
  ServiceID: 'service',
  Slot: 1,
  Status: { Timestamp: '', State: 'new', Message: 'created', PortStatus: {} },
  DesiredState: 'running',
  attachments: [],
  serviceName: 'web',
  serviceLabels: { tier: 'front' },
  specVersion: 0,
  global: false,
});

test('a store comes back as it was: objects, versions, indexes, documents', async () => {
  const path = join(folder, 'store.db');
  const database = new StoreDatabase({ path });
  const store = new Store(new VirtualClock(), { persistence: database.persistenceOf('one') });
  store.update((transaction) => {
    transaction.create('tasks', task('a', 'nginx'));
    transaction.create('tasks', task('b', 'alpine'));
    transaction.create('secrets', { ID: 's', Spec: { Name: 'pw', Labels: {}, Data: 'eA==' } });
  });
  store.update((transaction) => transaction.remove('tasks', 'b'));
  database.saveDocument('machines', { master: 'one' });
  await store.durable();
  await database.close();

  const again = new StoreDatabase({ path });
  const saved = await again.load();
  await again.close();
  const one = saved.swarms.one;
  if (one === undefined) throw new Error('the swarm is gone');
  const restored = new Store(new VirtualClock(), { version: one.version });
  restoreSwarm(restored, one);
  expect(restored.version).toBe(store.version);
  expect([...restored.tasks.all()]).toEqual([...store.tasks.all()]);
  expect(restored.tasksOfService('service').map(({ ID }) => ID)).toEqual(['a']);
  expect(restored.secrets.by('name', 'pw')).toHaveLength(1);
  expect(saved.documents).toEqual({ machines: { master: 'one' } });
});

test('a swarm that is forgotten leaves nothing behind', async () => {
  const path = join(folder, 'store.db');
  const database = new StoreDatabase({ path });
  const store = new Store(new VirtualClock(), { persistence: database.persistenceOf('one') });
  store.update((transaction) => transaction.create('tasks', task('a', 'nginx')));
  database.forget('one');
  const saved = await database.load();
  expect(saved.swarms).toEqual({});
  await database.close();
});

test('what was acknowledged survives a kill at any moment', async () => {
  const path = join(folder, 'store.db');
  const root = join(import.meta.dirname, '..', '..', '..');
  const script = join(folder, 'writer.mts');
  writeFileSync(
    script,
    `import { StoreDatabase } from '${root}/server/orchestrator/store/persistence.ts';
     import { Store } from '${root}/server/orchestrator/store/store.ts';
     import { RealClock } from '${root}/server/clock/real-clock.ts';
     const database = new StoreDatabase({ path: '${path}' });
     const store = new Store(new RealClock(), { persistence: database.persistenceOf('one') });
     for (let number = 0; ; number++) {
       store.update((transaction) => transaction.create('secrets', { ID: 's' + number, Spec: { Name: 's' + number, Labels: {} } }));
       await store.durable();
       console.log(number);
     }`,
  );
  const writer = spawn(process.execPath, ['--import', 'tsx', script], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let acknowledged = -1;
  for await (const line of createInterface({ input: writer.stdout })) {
    acknowledged = Number(line);
    if (acknowledged >= 25 && !writer.killed) writer.kill('SIGKILL');
  }
  if (writer.exitCode === null && writer.signalCode === null) await once(writer, 'exit');

  const database = new StoreDatabase({ path });
  const { swarms } = await database.load();
  await database.close();
  const ids = new Set(swarms.one?.objects.map(({ data }) => (data as { ID: string }).ID));
  for (let number = 0; number <= acknowledged; number++) expect(ids).toContain(`s${number}`);
}, 30_000);
