import { afterEach, beforeEach, expect, test } from 'vitest';
import { settle, VirtualClock } from '../../../server/clock/virtual-clock.ts';
import { parseLab } from '../../../server/labs/parse-lab.ts';
import { type Database, openDatabase } from '../../../server/workspaces/database/database.ts';
import type { Workspace } from '../../../server/workspaces/workspace.ts';
import { WorkspaceStore } from '../../../server/workspaces/workspace-store.ts';
import { Workspaces } from '../../../server/workspaces/workspaces.ts';
import { FakeCluster, fakeService } from '../grading/fake-cluster.ts';
import { StandInDoor } from './stand-in-door.ts';

const LAB = `---
title: Come and go
summary: S
minutes: 1
domain: orchestration
---

## Create it {#create}

\`\`\`yaml check
- service: web
  replicas: 1
\`\`\`

## Remove it {#remove}

\`\`\`yaml check
- service: web
  absent: true
\`\`\`
`;

let clock: VirtualClock;
let cluster: FakeCluster;
let database: Database;
let workspaces: Workspaces;
let workspace: Workspace;

async function serve(): Promise<void> {
  const { lab } = parseLab(LAB, 'go.md');
  if (lab === undefined) throw new Error('the lab of this test is wrong');
  workspaces = new Workspaces({
    clock,
    door: new StandInDoor(),
    store: new WorkspaceStore(database, clock),
    labs: { names: async () => ['go'], load: async () => lab, translations: async () => new Map() },
    gradingFace: () => cluster,
  });
  workspace = await workspaces.start('ann', 'go', undefined);
  await settle();
}

beforeEach(async () => {
  clock = new VirtualClock();
  cluster = new FakeCluster();
  database = await openDatabase(':memory:');
  await database.insertInto('users').values({ id: 'ann', role: 'single', name: 'Ann', created_at: 0 }).execute();
  await serve();
});
afterEach(async () => {
  await workspaces.close();
  await database.destroy();
});

/** Whether a check of the step passes, however long that takes. */
async function passes(step: string): Promise<boolean> {
  let passed: boolean | undefined;
  void workspace.steps.check(step).then((progress) => {
    passed = progress.passed;
  });
  while (passed === undefined) {
    await settle();
    await clock.advance(1000);
  }
  return passed;
}

async function thereAre(...services: string[]): Promise<void> {
  cluster.set(
    '/services',
    services.map((name) => fakeService(name)),
  );
  cluster.change();
  await settle();
}

test('what never was is not removed', async () => {
  expect(await passes('remove')).toBe(false);
});

test('who skips the step before, sees that it does not count, and does it after all, is heard', async () => {
  expect(await passes('remove')).toBe(false);
  await thereAre('web');
  expect(await passes('remove')).toBe(false);
  await thereAre();
  expect(await passes('remove')).toBe(true);
});

test('who removes it before the page has gone on is not told that it never was', async () => {
  await thereAre('web');
  expect(await passes('create')).toBe(true);
  await thereAre();
  expect(await passes('remove')).toBe(true);
});

test('who removes it while the server is started again is believed', async () => {
  await thereAre('web');
  expect(await passes('create')).toBe(true);
  await workspaces.close();
  await thereAre();
  await serve();
  expect(await passes('remove')).toBe(true);
});
