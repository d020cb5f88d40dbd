import { afterEach, beforeEach, expect, test } from 'vitest';
import { settle, VirtualClock } from '../../../server/clock/virtual-clock.ts';
import { parseLab } from '../../../server/labs/parse-lab.ts';
import { parseTranslation } from '../../../server/labs/translation/parse-translation.ts';
import { type Database, openDatabase } from '../../../server/workspaces/database/database.ts';
import type { Workspace } from '../../../server/workspaces/workspace.ts';
import { WorkspaceStore } from '../../../server/workspaces/workspace-store.ts';
import { Workspaces } from '../../../server/workspaces/workspaces.ts';
import { StandInDoor, standInGrading } from './stand-in-door.ts';

const LAB = `---
title: Hello
summary: S
minutes: 1
domain: orchestration
---

## First {#first}

Read this.

\`\`\`yaml quiz
- id: color
  ask: Which?
  options: [red, blue]
  right: blue
- id: truths
  style: domc
  ask: Which are true?
  options: [one, two]
  right: one
\`\`\`

\`\`\`md hint
A hint.
\`\`\`
`;
const SPANISH = `---
title: Hola
---

## Primero {#first}

Lee esto.

\`\`\`yaml quiz
- id: color
  ask: ¿Cuál?
  options: [rojo, azul]
- id: truths
  options: [uno, dos]
\`\`\`

\`\`\`md hint
Una pista.
\`\`\`
`;

let database: Database;
let workspaces: Workspaces;
let workspace: Workspace;

beforeEach(async () => {
  const clock = new VirtualClock();
  const { lab } = parseLab(LAB, 'hello.md');
  const translation = lab && parseTranslation(SPANISH, 'hello.es.md', lab).translation;
  if (lab === undefined || translation === undefined) throw new Error('the lab of this test is wrong');
  database = await openDatabase(':memory:');
  await database.insertInto('users').values({ id: 'ann', role: 'single', name: 'Ann', created_at: 0 }).execute();
  workspaces = new Workspaces({
    clock,
    door: new StandInDoor(),
    store: new WorkspaceStore(database, clock),
    labs: {
      names: async () => ['hello'],
      load: async () => lab,
      translations: async () => new Map([['es', translation]]),
    },
    gradingFace: (cluster) => standInGrading(cluster, clock),
  });
  workspace = await workspaces.start('ann', 'hello', undefined);
  await settle();
});
afterEach(async () => {
  await workspaces.close();
  await database.destroy();
});

test('a lab is read in its own language until another is asked for', () => {
  expect(workspace.view).toMatchObject({ language: 'en', languages: ['en', 'es'], lab: { title: 'Hello' } });
  workspace.speak('es');
  expect(workspace.view).toMatchObject({ language: 'es', lab: { title: 'Hola', steps: [{ title: 'Primero' }] } });
  expect(JSON.stringify(workspace.view.lab)).toContain('Lee esto.');
  workspace.speak('fr');
  expect(workspace.view).toMatchObject({ language: 'en', lab: { title: 'Hello' } });
});

test('what was answered in one language counts, and is shown, in the other', async () => {
  workspace.speak('es');
  await workspace.steps.answer('color', ['azul']);
  expect(workspace.view.answers).toEqual({ color: ['azul'] });
  workspace.speak('en');
  expect(workspace.view.answers).toEqual({ color: ['blue'] });
});

test('options that come one at a time, and hints, are in the language, too', async () => {
  workspace.speak('es');
  expect(['uno', 'dos']).toContain(workspace.view.domc[0]?.option);
  const progress = await workspace.steps.nextHint('first');
  expect(JSON.stringify(progress.hints)).toContain('Una pista.');
});

test('an author who changes the lab is heard at once, and what was answered stays', async () => {
  const { lab } = parseLab(LAB.replace('Read this.', 'Read that.'), 'hello.md');
  if (lab === undefined) throw new Error('the lab of this test is wrong');
  await workspace.steps.answer('color', ['blue']);
  const told: string[] = [];
  workspace.subscribe((message) => told.push(JSON.stringify(message)));
  expect(await workspaces.replaceLab(lab)).toEqual([workspace]);
  expect(told.at(-1)).toContain('Read that.');
  expect(workspace.view.answers).toEqual({ color: ['blue'] });
});
